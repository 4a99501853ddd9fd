/**
 * Measures of a translation's quality that can be compared, in the order in which they are shown, and whether lower or higher values are
 * better. The root mean square error is left out, because PSNR is a function of it.
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

/** The best of some values, ignoring null. Undefined where fewer than two are left, or all are equal. */
export function bestOf(figures: readonly (number | null)[], better: Better): number | undefined {
  const known = figures.filter((figure) => figure !== null);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  if (!(least < most)) return undefined;
  return better === "lower" ? least : most;
}

/** The mean of a figure over several runs. */
export interface Mean {
  readonly mean: number;
  /** The sample standard deviation (divided by count − 1); 0 for a single run. */
  readonly deviation: number;
}

/** The mean of some values, ignoring null; null if none is left. */
export function meanOf(figures: readonly (number | null)[]): Mean | null {
  const known = figures.filter((figure) => figure !== null);
  const [first] = known;
  if (first === undefined) return null;
  // Equal values are returned exactly; summing and dividing would round.
  if (known.every((figure) => figure === first)) return { mean: first, deviation: 0 };
  const mean = known.reduce((sum, figure) => sum + figure, 0) / known.length;
  const squares = known.reduce((sum, figure) => sum + (figure - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (known.length - 1)) };
}
