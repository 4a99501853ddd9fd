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
