const sampleKinds = ["input", "translated", "cycled", "truth"] as const;

/** A picture of a domain: itself, translated, there and back, and what it should have become. */
export type SampleKind = (typeof sampleKinds)[number];
/** Where a sample's pictures come from. */
export type Domain = "a" | "b";

/** What the name of a sample's file tells of the picture in it. */
export interface SampleName {
  readonly domain: Domain;
  readonly kind: SampleKind;
  /** From 0; the same at each step. */
  readonly index: number;
  /**
   * Of a volume: at which place its three planes, one across each axis, cut it, in hundredths of its sides. The picture that every sample
   * has is the one at the middle.
   */
  readonly slice: number;
}

/** The middle of a volume, in hundredths. */
export const middleSlice = 50;
/** Where volumes are cut for their samples. */
export const volumeSlices: readonly number[] = [10, 20, 30, 40, middleSlice, 60, 70, 80, 90];

/** `{a,b}-{input,translated,cycled,truth}-I.png`; a volume's slices outside its middle `…-I.SLICE.png`. */
export const samplePattern = new RegExp(
  `^([ab])-(${sampleKinds.join("|")})-(\\d{1,4})(?:\\.(?!${middleSlice}\\.)([1-9]\\d?))?\\.png$`,
);

/** Null for names of anything else. */
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

/** The name that `parseSampleName` reads. */
export function sampleName({ domain, kind, index, slice }: SampleName): string {
  return `${domain}-${kind}-${index}${slice === middleSlice ? "" : `.${slice}`}.png`;
}

/** The order in which kinds are shown. */
export function kindRank(kind: SampleKind): number {
  return sampleKinds.indexOf(kind);
}

/** A step in the name of a folder: with six digits or more. */
export function stepName(step: number): string {
  return String(step).padStart(6, "0");
}

/** The step that a name is of; null for names of anything else, also for one with more zeros than `stepName` writes. */
export function parseStepName(name: string): number | null {
  const step = /^\d{6,15}$/.test(name) ? Number(name) : NaN;
  return stepName(step) === name ? step : null;
}
