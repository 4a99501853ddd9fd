import {
  type Domain,
  kindRank,
  middleSlice,
  parseSampleName,
  type SampleKind,
  type SampleName,
  stepName,
} from "../../extension/protocol/runFileNames";
import type { DomainNames } from "../state/domainNames";
import { t } from "../ui/text";

/** A sample picture of a step. */
export interface SamplePicture extends Omit<SampleName, "slice"> {
  /** The picture's file name; for a volume the file name of its middle slice. */
  readonly name: string;
  readonly isVolume: boolean;
}

/** Parses and sorts the pictures of a sample: A's before B's, then by index and kind. Other files are ignored. */
export function picturesOf(names: readonly string[]): SamplePicture[] {
  const isVolume = slicesOf(names).length > 1;
  const pictures = names.flatMap((name) => {
    const parsed = parseSampleName(name);
    return parsed?.slice === middleSlice
      ? [{ domain: parsed.domain, kind: parsed.kind, index: parsed.index, name, isVolume }]
      : [];
  });
  const rank = ({ domain, index, kind }: SamplePicture): number =>
    (domain === "a" ? 0 : 1e6) + index * 10 + kindRank(kind);
  return pictures.sort((one, other) => rank(one) - rank(other));
}

/** The slice positions of volumes, ascending; only the middle for pictures. */
export function slicesOf(names: readonly string[]): number[] {
  const slices = names.flatMap((name) => parseSampleName(name)?.slice ?? []);
  return [...new Set([middleSlice, ...slices])].sort((one, other) => one - other);
}

/** Groups a domain's pictures into rows by index. */
export function rowsOf(pictures: readonly SamplePicture[], domain: Domain): (readonly SamplePicture[])[] {
  const rows = new Map<number, SamplePicture[]>();
  for (const picture of pictures)
    if (picture.domain === domain) rows.set(picture.index, [...(rows.get(picture.index) ?? []), picture]);
  return [...rows.values()];
}

/** The URL of a picture. @param base ends with a slash */
export function addressOf(base: string, step: number, name: string): string {
  return `${base}${stepName(step)}/${name}`;
}

/** The title of a kind of picture. */
export function kindLabel(domain: Domain, kind: SampleKind, { a, b }: DomainNames): string {
  const [from, to] = domain === "a" ? [a, b] : [b, a];
  switch (kind) {
    case "input":
      return from;
    case "translated":
      return t("{0} to {1}", from, to);
    case "cycled":
      return t("back to {0}", from);
    case "truth":
      return t("true {0}", to);
  }
}

/** The alternative text of a picture. */
export function describePicture(picture: SamplePicture, step: number, names: DomainNames): string {
  return t("{0}, {1}, step {2}", ordinal(picture), kindLabel(picture.domain, picture.kind, names), step);
}

/** The displayed name of a sample: "Picture 1". */
export function ordinal({ index, isVolume }: SamplePicture): string {
  return isVolume ? t("Volume {0}", index + 1) : t("Picture {0}", index + 1);
}
