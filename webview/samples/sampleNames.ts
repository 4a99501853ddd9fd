import {
  type Domain,
  kindRank,
  middleSlice,
  parseSampleName,
  type SampleKind,
  type SampleName,
  stepName,
} from "../../extension/protocol/runFileNames";
import { t } from "../ui/text";

/** A picture of a step. */
export interface SamplePicture extends Omit<SampleName, "slice"> {
  /** Its file name; of a volume that of the middle slice. */
  readonly name: string;
}

/** Parses and sorts the pictures of a sample: A's before B's, then by index and kind. Other files are ignored. */
export function picturesOf(names: readonly string[]): SamplePicture[] {
  const pictures = names.flatMap((name) => {
    const parsed = parseSampleName(name);
    return parsed?.slice === middleSlice
      ? [{ domain: parsed.domain, kind: parsed.kind, index: parsed.index, name }]
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
export function kindLabel(domain: Domain, kind: SampleKind): string {
  const isA = domain === "a";
  switch (kind) {
    case "input":
      return isA ? t("A") : t("B");
    case "translated":
      return isA ? t("A to B") : t("B to A");
    case "cycled":
      return isA ? t("back to A") : t("back to B");
    case "truth":
      return isA ? t("true B") : t("true A");
  }
}

/** The alternative text of a picture. */
export function describePicture({ domain, kind, index }: SamplePicture, step: number): string {
  return t("Picture {0}, {1}, step {2}", index + 1, kindLabel(domain, kind), step);
}
