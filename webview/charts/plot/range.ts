import type { Extent } from "../../../extension/charts/ticks";

/** The smallest range of the x axis to which the user can zoom in, in steps. */
const minRange = 4;

/** The visible range after a zoom by `factor` (below 1 zooms in) that keeps the step `about` at its position; null for the whole range. */
export function zoomed(shown: Extent, whole: Extent, factor: number, about: number): Extent | null {
  const min = about - (about - shown.min) * factor;
  const max = about + (shown.max - about) * factor;
  return clampedRange({ min, max }, whole);
}

/** The visible range moved by `part` times its width, kept inside the whole range; null for the whole range. */
export function panned(shown: Extent, whole: Extent, part: number): Extent | null {
  const by = (shown.max - shown.min) * part;
  const held = Math.min(Math.max(by, whole.min - shown.min), whole.max - shown.max);
  return clampedRange({ min: shown.min + held, max: shown.max + held }, whole);
}

/** A range widened about its middle to at least {@link minRange} steps, then cut to `whole`; null if the result is `whole` or empty. */
export function clampedRange({ min, max }: Extent, whole: Extent): Extent | null {
  const middle = (min + max) / 2;
  const half = Math.max(max - min, Math.min(minRange, whole.max - whole.min)) / 2;
  const low = Math.max(whole.min, middle - half);
  const high = Math.min(whole.max, middle + half);
  if (!(high > low) || (low <= whole.min && high >= whole.max)) return null;
  return { min: low, max: high };
}
