/**
 * Measures of a translation's quality that can be compared, in the order in which they are shown, and which end of each is the better
 * one. The root of the mean square is not among them: decibels say the same.
 */
export const measures = {
  mae: "lower",
  psnr: "higher",
  ssim: "higher",
  pixelAccuracy: "higher",
  classAccuracy: "higher",
  classIoU: "higher",
  slicedWasserstein: "lower",
  cycleMae: "lower",
} as const satisfies Readonly<Record<string, Better>>;

/** Whether lower or higher values are better. */
export type Better = "lower" | "higher";
export type Measure = keyof typeof measures;

/** Whether a measure's values are at most 1. The others are errors and distances on the scale 0 to 255, and PSNR in decibels. */
export function isFraction(measure: Measure): boolean {
  return fractions.has(measure);
}

const fractions: ReadonlySet<Measure> = new Set<Measure>(["ssim", "pixelAccuracy", "classAccuracy", "classIoU"]);

export const measureNames = Object.keys(measures) as Measure[];

/** The best of some figures, of which null is none; undefined where there is nothing to choose from: fewer than two, or all the same. */
export function bestOf(figures: readonly (number | null)[], better: Better): number | undefined {
  const known = figures.filter((figure) => figure !== null);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  if (!(least < most)) return undefined;
  return better === "lower" ? least : most;
}

/** A figure of several runs. */
export interface Mean {
  readonly mean: number;
  /** The standard deviation of the sample, which divides by one less than the count; 0 for a single run. */
  readonly deviation: number;
}

/** The mean of the figures that there are, of which null is none; null without any. */
export function meanOf(figures: readonly (number | null)[]): Mean | null {
  const known = figures.filter((figure) => figure !== null);
  const [first] = known;
  if (first === undefined) return null;
  // Not by adding, which rounds.
  if (known.every((figure) => figure === first)) return { mean: first, deviation: 0 };
  const mean = known.reduce((sum, figure) => sum + figure, 0) / known.length;
  const squares = known.reduce((sum, figure) => sum + (figure - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (known.length - 1)) };
}
