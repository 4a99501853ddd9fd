import type { Extent } from "./ticks";

/** The smallest visible range, in steps. */
const minRange = 4;

/** Zooms about a step that keeps its position; null for the whole range. */
export function zoomed(shown: Extent, whole: Extent, factor: number, about: number): Extent | null {
  const min = about - (about - shown.min) * factor;
  const max = about + (shown.max - about) * factor;
  return within({ min, max }, whole);
}

/** Moves by a part of the visible range. */
export function panned(shown: Extent, whole: Extent, part: number): Extent | null {
  const by = (shown.max - shown.min) * part;
  const held = Math.min(Math.max(by, whole.min - shown.min), whole.max - shown.max);
  return within({ min: shown.min + held, max: shown.max + held }, whole);
}

/** Clamps a range to the whole and to the smallest width; null for the whole. */
export function within({ min, max }: Extent, whole: Extent): Extent | null {
  const middle = (min + max) / 2;
  const half = Math.max(max - min, Math.min(minRange, whole.max - whole.min)) / 2;
  const low = Math.max(whole.min, middle - half);
  const high = Math.min(whole.max, middle + half);
  if (!(high > low) || (low <= whole.min && high >= whole.max)) return null;
  return { min: low, max: high };
}
