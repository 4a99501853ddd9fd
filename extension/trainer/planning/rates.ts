import * as z from "zod/mini";
import {
  elementsPerCall,
  isConvolution,
  representativeSize,
  type Work,
  type WorkCell,
  type WorkKind,
  workKinds,
} from "../kernels/work";

/** A measurement at a size: seconds or, in {@link Rates.inStep}, a factor. */
export type RatePoint = readonly [size: number, measured: number];

/** How fast an engine computes on this machine. The points of a curve ascend by size. */
export interface Rates {
  /** Seconds that any convolution takes, however small it is. */
  readonly convolutionCall: number;
  /**
   * Convolutions and their gradients: seconds for an operation, against the smaller of their numbers of input and output channels. Other
   * kernels: seconds for a call, against elements.
   */
  readonly points: Readonly<Record<WorkKind, readonly RatePoint[]>>;
  /**
   * The factor by which kernels take longer in a step than alone, against the step's operations: between kernels caches are overwritten and
   * results are allocated, which slows small steps more.
   */
  readonly inStep: readonly RatePoint[];
  /** Resident bytes of a process that has opened this engine and computed nothing. */
  readonly idleBytes: number;
  /** Seconds that the engine takes to start. */
  readonly startSeconds: number;
}

const positive = z.number().check(z.gt(0));
const ratePoints = z.array(z.tuple([positive, positive])).check(z.minLength(1));

/** {@link Rates} as they are stored. */
export const ratesSchema = z.object({
  convolutionCall: positive,
  points: z.record(z.enum(workKinds), ratePoints),
  inStep: ratePoints,
  idleBytes: positive,
  startSeconds: positive,
});

/** Seconds of a training step with this work, at these rates. */
export function secondsOf(work: Work, rates: Rates): number {
  return kernelSecondsOf(work, rates) * interpolated(rates.inStep, work.operations, "level");
}

/** Seconds of this work's kernels, if each runs alone. */
export function kernelSecondsOf(work: Work, rates: Pick<Rates, "convolutionCall" | "points">): number {
  return work.cells.reduce((sum, cell) => sum + cellSeconds(cell, rates), 0);
}

function cellSeconds(cell: WorkCell, { convolutionCall, points }: Pick<Rates, "convolutionCall" | "points">): number {
  const { kind, calls, operations } = cell;
  if (isConvolution(kind))
    return calls * convolutionCall + operations * interpolated(points[kind], representativeSize(cell), "level");
  return calls * interpolated(points[kind], elementsPerCall(cell), "proportional");
}

/**
 * Interpolates linearly between the logarithms of sizes and seconds.
 * @param beyond above the largest size seconds either stay `level` or grow in proportion; below the smallest size they stay level
 */
function interpolated(points: readonly RatePoint[], size: number, beyond: "level" | "proportional"): number {
  const [first, last] = [points[0]!, points.at(-1)!];
  if (size <= first[0]) return first[1];
  if (size >= last[0]) return beyond === "level" ? last[1] : (last[1] * size) / last[0];
  const above = points.findIndex(([at]) => at >= size);
  const [[fromSize, from], [toSize, to]] = [points[above - 1]!, points[above]!];
  return from * (to / from) ** (Math.log(size / fromSize) / Math.log(toSize / fromSize));
}

/** Measured resident bytes for each byte of a step's peak, in addition to the idle process: allocators keep freed memory. */
export const residentPerPeak = { "native-gpu": 0.2, webgpu: 0.2, native: 1.4, wasm: 2.2 } as const;
