/** A range of values. */
export interface Extent {
  readonly min: number;
  readonly max: number;
}

/**
 * About `wanted` ticks inside a range, at multiples of 1, 2 or 5 times a power of ten. @param least the smallest distance between two
 * ticks, such as 1 on an axis of steps
 */
export function linearTicks({ min, max }: Extent, wanted: number, least = 0): number[] {
  const rough = (max - min) / Math.max(1, wanted);
  if (!(rough > 0)) return [min];
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * 0.999) ?? 10;
  const distance = Math.max(least, factor * power);
  const ticks: number[] = [];
  // Ticks are computed as multiples of the distance; repeated addition would accumulate rounding errors.
  for (let index = Math.ceil(min / distance - 1e-9); index * distance <= max + distance * 1e-9; index++)
    ticks.push(Number((index * distance).toPrecision(12)));
  return ticks;
}

/** Powers of ten inside a range, with their multiples by 2 and 5 if there is room; linear ticks for less than one decade. */
export function logTicks(extent: Extent, wanted: number): number[] {
  const { min, max } = extent;
  if (!(min > 0)) return [];
  const decades = Math.log10(max / min);
  if (decades < 1) return linearTicks(extent, wanted);
  const every = Math.max(1, Math.ceil(decades / wanted));
  const factors = decades * 3 <= wanted * 1.5 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
    if (power % every !== 0) continue;
    for (const factor of factors) ticks.push(Number(`${factor}e${power}`));
  }
  return ticks.filter((tick) => tick >= min * (1 - 1e-9) && tick <= max * (1 + 1e-9));
}

/**
 * The range of an axis. Linear: the values' range with 6% of its width on either side (10% of a single value), but from 0 if no value is
 * negative and the lower end would be below a quarter of the width. Log: both ends are moved by the factor `(max / min) ** 0.06`, at least
 * 1.15.
 */
export function withMargin({ min, max }: Extent, log: boolean): Extent {
  if (!(min <= max)) return log ? { min: 0.1, max: 1 } : { min: 0, max: 1 };
  if (log) {
    const factor = Math.max(1.15, (max / min) ** 0.06);
    return { min: min / factor, max: max * factor };
  }
  const room = (max - min) * 0.06 || Math.abs(max) * 0.1 || 1;
  // An axis whose values are not negative does not begin below zero.
  const low = min >= 0 && min - room < (max - min) * 0.25 ? 0 : min - room;
  return { min: low, max: max + room };
}
