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

/** One of a step's pictures. */
export interface SamplePicture extends Omit<SampleName, "slice"> {
  /** Its file's name: of a volume that of its middle. */
  readonly name: string;
}

/** The pictures that a sample shows, A's before B's, picture by picture; names of anything else are left out. */
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

/** Where volumes are cut, ascending; the middle alone for pictures. */
export function slicesOf(names: readonly string[]): number[] {
  const slices = names.flatMap((name) => parseSampleName(name)?.slice ?? []);
  return [...new Set([middleSlice, ...slices])].sort((one, other) => one - other);
}

/** The pictures beside each other: one row of a domain's pictures. */
export function rowsOf(pictures: readonly SamplePicture[], domain: Domain): (readonly SamplePicture[])[] {
  const rows = new Map<number, SamplePicture[]>();
  for (const picture of pictures)
    if (picture.domain === domain) rows.set(picture.index, [...(rows.get(picture.index) ?? []), picture]);
  return [...rows.values()];
}

/** Where a step's picture is. @param base ends with a slash */
export function addressOf(base: string, step: number, name: string): string {
  return `${base}${stepName(step)}/${name}`;
}

/** What a column of pictures is. */
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

/** The picture in words, for those who do not see it. */
export function describePicture({ domain, kind, index }: SamplePicture, step: number): string {
  return t("Picture {0}, {1}, step {2}", index + 1, kindLabel(domain, kind), step);
}
