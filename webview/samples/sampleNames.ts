import { t } from "../ui/text";

const kinds = ["input", "translated", "cycled", "truth"] as const;

/** A picture of a domain: itself, translated, there and back, and what it should have become. */
export type SampleKind = (typeof kinds)[number];
/** Where a sample's pictures come from. */
export type Domain = "a" | "b";

/** One of a step's pictures. */
export interface SamplePicture {
  readonly domain: Domain;
  readonly kind: SampleKind;
  /** From 0; the same at each step. */
  readonly index: number;
  /** Its file's name. */
  readonly name: string;
}

const pattern = /^([ab])-(input|translated|cycled|truth)-(\d{1,4})\.png$/;

/** The pictures that a sample shows, A's before B's, picture by picture; names of anything else are left out. */
export function picturesOf(names: readonly string[]): SamplePicture[] {
  const pictures = names.flatMap((name) => {
    const [, domain, kind, index] = pattern.exec(name) ?? [];
    return index === undefined ? [] : [{ domain: domain as Domain, kind: kind as SampleKind, index: Number(index), name }];
  });
  const rank = ({ domain, index, kind }: SamplePicture): number => (domain === "a" ? 0 : 1e6) + index * 10 + kinds.indexOf(kind);
  return pictures.sort((one, other) => rank(one) - rank(other));
}

/** The pictures beside each other: one row of a domain's pictures. */
export function rowsOf(pictures: readonly SamplePicture[], domain: Domain): (readonly SamplePicture[])[] {
  const rows = new Map<number, SamplePicture[]>();
  for (const picture of pictures) if (picture.domain === domain) rows.set(picture.index, [...(rows.get(picture.index) ?? []), picture]);
  return [...rows.values()];
}

/** Where a step's picture is. @param base ends with a slash */
export function addressOf(base: string, step: number, name: string): string {
  return `${base}${String(step).padStart(6, "0")}/${name}`;
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
