import type { Extent } from "./ticks";

/** How many steps are seen at the closest. */
const closest = 4;

/** Zooms by a factor about a step that keeps its place; null for everything. */
export function zoomed(shown: Extent, whole: Extent, factor: number, about: number): Extent | null {
  const min = about - (about - shown.min) * factor;
  const max = about + (shown.max - about) * factor;
  return within({ min, max }, whole);
}

/** Moves by a part of what is seen. */
export function panned(shown: Extent, whole: Extent, part: number): Extent | null {
  const by = (shown.max - shown.min) * part;
  const held = Math.min(Math.max(by, whole.min - shown.min), whole.max - shown.max);
  return within({ min: shown.min + held, max: shown.max + held }, whole);
}

/** Keeps a range inside the whole and not too narrow; null where it is the whole. */
export function within({ min, max }: Extent, whole: Extent): Extent | null {
  const middle = (min + max) / 2;
  const half = Math.max(max - min, Math.min(closest, whole.max - whole.min)) / 2;
  const low = Math.max(whole.min, middle - half);
  const high = Math.min(whole.max, middle + half);
  if (!(high > low) || (low <= whole.min && high >= whole.max)) return null;
  return { min: low, max: high };
}
