const sampleKinds = ["input", "translated", "cycled", "truth"] as const;

/**
 * What a sample's picture shows: the `input`, its translation, the cycled picture (translated there and back), or the `truth`, the partner
 * of the input in a paired data set.
 */
export type SampleKind = (typeof sampleKinds)[number];
/** The domain of a sample's input. */
export type Domain = "a" | "b";

/** What the file name of a sample's picture says. */
export interface SampleName {
  readonly domain: Domain;
  readonly kind: SampleKind;
  /** The number of the sample within its domain, from 0; at each step of a run the same number has the same input. */
  readonly index: number;
  /**
   * For a volume: where the three planes in the picture, one perpendicular to each axis, cut the volume, in hundredths of its sides. Every
   * sample has a picture at {@link middleSlice}; two-dimensional pictures have that value, too.
   */
  readonly slice: number;
}

/** The `slice` at the middle of a volume, in hundredths of its sides. */
export const middleSlice = 50;
/** The positions at which volumes are cut for their samples, in hundredths of their sides. */
export const volumeSlices: readonly number[] = [10, 20, 30, 40, middleSlice, 60, 70, 80, 90];

/**
 * Matches file names of sample pictures: `{a,b}-{input,translated,cycled,truth}-I.png`, and `…-I.SLICE.png` for slices of a volume other
 * than the middle one.
 */
export const samplePattern = new RegExp(
  `^([ab])-(${sampleKinds.join("|")})-(\\d{1,4})(?:\\.(?!${middleSlice}\\.)([1-9]\\d?))?\\.png$`,
);

/** Parses a name that {@link sampleName} wrote; null for any other name. */
export function parseSampleName(name: string): SampleName | null {
  const [, domain, kind, index, slice] = samplePattern.exec(name) ?? [];
  if (index === undefined) return null;
  return {
    domain: domain as Domain,
    kind: kind as SampleKind,
    index: Number(index),
    slice: slice === undefined ? middleSlice : Number(slice),
  };
}

/** The file name of a sample's picture; {@link parseSampleName} is the inverse. */
export function sampleName({ domain, kind, index, slice }: SampleName): string {
  return `${domain}-${kind}-${index}${slice === middleSlice ? "" : `.${slice}`}.png`;
}

/** The position of a kind in the order in which a sample's pictures are shown, from 0. */
export function kindRank(kind: SampleKind): number {
  return sampleKinds.indexOf(kind);
}

/** A step as the name of its folder: decimal, padded with zeros to six digits. */
export function stepName(step: number): string {
  return String(step).padStart(6, "0");
}

/**
 * The step of a folder that {@link stepName} named; null for any other name, including one with more leading zeros than `stepName` writes.
 */
export function parseStepName(name: string): number | null {
  const step = /^\d{6,15}$/.test(name) ? Number(name) : NaN;
  return stepName(step) === name ? step : null;
}
