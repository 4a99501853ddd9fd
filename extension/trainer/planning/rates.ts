import { elementsOf, isConvolution, type Work, type WorkCell, type WorkKind } from "../kernels/work";

/** A measured time at a size, `[size, seconds]`. */
export type RatePoint = readonly [size: number, seconds: number];

/** How fast an engine computes on this machine. Points ascend by size. */
export interface Rates {
  /** Seconds that any convolution takes, however small it is. */
  readonly convolutionCall: number;
  /**
   * Of convolutions and their gradients: seconds an operation, against the fewer of their input and output channels. Of other kernels:
   * seconds a call, against elements.
   */
  readonly points: Readonly<Record<WorkKind, readonly RatePoint[]>>;
  /** Resident bytes of a process on this engine that has computed nothing. */
  readonly idleBytes: number;
  /** Seconds that the engine takes to start. */
  readonly startSeconds: number;
}

/** Seconds that this work takes, at these rates. */
export function secondsOf(work: Work, rates: Rates): number {
  return work.cells.reduce((sum, cell) => sum + cellSeconds(cell, rates), 0);
}

/** The rates of an engine on which all kernels take `factor` times as long. */
export function scaled(rates: Rates, factor: number): Rates {
  const points = Object.fromEntries(
    Object.entries(rates.points).map(([kind, all]) => [kind, all.map(([size, seconds]) => [size, seconds * factor])]),
  ) as unknown as Rates["points"];
  return { ...rates, convolutionCall: rates.convolutionCall * factor, points };
}

function cellSeconds(cell: WorkCell, { convolutionCall, points }: Rates): number {
  const { kind, octave, calls, operations } = cell;
  if (isConvolution(kind)) {
    // Sizes of a cell lie between two powers of two.
    const channels = 1.5 * 2 ** octave;
    return calls * convolutionCall + operations * interpolated(points[kind], channels, "level");
  }
  return calls * interpolated(points[kind], elementsOf(cell), "proportional");
}

/**
 * Interpolates linearly between the logarithms of sizes and seconds.
 * @param beyond what seconds do above the largest size: stay `level`, or grow in proportion. Below the smallest they stay level
 */
function interpolated(points: readonly RatePoint[], size: number, beyond: "level" | "proportional"): number {
  const [first, last] = [points[0]!, points.at(-1)!];
  if (size <= first[0]) return first[1];
  if (size >= last[0]) return beyond === "level" ? last[1] : (last[1] * size) / last[0];
  const above = points.findIndex(([at]) => at >= size);
  const [[fromSize, from], [toSize, to]] = [points[above - 1]!, points[above]!];
  return from * (to / from) ** (Math.log(size / fromSize) / Math.log(toSize / fromSize));
}
