import type { Config } from "../../configuration/config";
import type { Voxels } from "./niftiRead";

export type IntensitySettings = Config["data"]["intensity"];

/**
 * The most values that are sorted for percentiles. Of larger volumes only every n-th value is used, because sorting all would take minutes.
 */
const mostSorted = 2 ** 24;

/** The least finite value of a volume, and its intensity window. */
export interface Intensities {
  readonly least: number;
  readonly window: IntensityWindow;
}

/** The least value and the intensity window of a volume. */
export function intensitiesOf(voxels: Voxels, { kind, low, high }: IntensitySettings): Intensities {
  const { least, mean, deviation } = momentsOf(voxels);
  switch (kind) {
    case "window":
      return { least, window: { low, high } };
    case "zscore":
      return { least, window: nonEmptyWindow(mean + low * deviation, mean + high * deviation) };
    case "percentile":
      return { least, window: percentileWindow(voxels, low, high) };
  }
}

/** Scales [low, high] to [−1, 1], in place; values outside are clamped. */
export function windowToUnit(values: Float32Array, { low, high }: IntensityWindow): Float32Array {
  const scale = 2 / (high - low);
  for (let i = 0; i < values.length; i++) values[i] = Math.max(-1, Math.min(1, (values[i]! - low) * scale - 1));
  return values;
}

/** The inverse of `windowToUnit`, for one value. */
export function fromUnitRange(value: number, { low, high }: IntensityWindow): number {
  return low + ((value + 1) / 2) * (high - low);
}

/**
 * The window of a volume's translation: it relates to the other domain's mean window as the volume's own window does to its domain's mean
 * window. So a volume that is brighter than others of its domain has a brighter translation.
 */
export function windowInOther(
  own: IntensityWindow,
  means: { readonly own: IntensityWindow; readonly other: IntensityWindow },
): IntensityWindow {
  const scale = (means.other.high - means.other.low) / (means.own.high - means.own.low);
  const across = (value: number): number => means.other.low + (value - means.own.low) * scale;
  return { low: across(own.low), high: across(own.high) };
}

/** The mean of windows; null for an empty list. */
export function meanWindow(windows: readonly IntensityWindow[]): IntensityWindow | null {
  if (windows.length === 0) return null;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { low: mean(windows.map(({ low }) => low)), high: mean(windows.map(({ high }) => high)) };
}

function momentsOf({ at, length }: Voxels): { least: number; mean: number; deviation: number } {
  let [least, count, mean, squares] = [Infinity, 0, 0, 0];
  for (let i = 0; i < length; i++) {
    const value = at(i);
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    // Welford's sums, with which a large mean costs no digits of a small deviation.
    const distance = value - mean;
    mean += distance / ++count;
    squares += distance * (value - mean);
  }
  return { least: count === 0 ? 0 : least, mean, deviation: count === 0 ? 0 : Math.sqrt(squares / count) };
}

/** The window between two percentiles, which are computed as by numpy: linear between the two nearest values. */
function percentileWindow({ at, length }: Voxels, low: number, high: number): IntensityWindow {
  const every = Math.ceil(length / mostSorted);
  const finite = new Float64Array(Math.ceil(length / every));
  let count = 0;
  for (let i = 0; i < length; i += every) {
    const value = at(i);
    if (Number.isFinite(value)) finite[count++] = value;
  }
  const sorted = finite.subarray(0, count).sort();
  const percentile = (percent: number): number => {
    const place = (percent / 100) * (count - 1);
    const below = Math.floor(place);
    const value = sorted[below] ?? 0;
    return value + (place - below) * ((sorted[below + 1] ?? value) - value);
  };
  return nonEmptyWindow(percentile(low), percentile(high));
}

/** A window in which both ends differ: a volume with a single value gets a window of width 1. */
function nonEmptyWindow(low: number, high: number): IntensityWindow {
  return high > low ? { low, high } : { low, high: low + 1 };
}

/** The intensities of a file that are scaled: `low` to −1 and `high` to 1. */
export interface IntensityWindow {
  readonly low: number;
  readonly high: number;
}
