import type { Config } from "../../extension/configuration/defaults";
import { memoryModeOf } from "../../extension/configuration/networkKind";
import type { MemoryLine, MemoryMode, StepLine } from "../../extension/protocol/lines";
import type { TheoryPoint } from "../../extension/protocol/panel";
import { modes, type Quantity } from "./backpropModes";

/** A point of the chart of memory against depth. */
export interface Point {
  readonly depth: number;
  readonly bytes: number;
}

/** Everything that the chart shows. */
export interface ChartData {
  readonly quantity: Quantity;
  /** The configuration's memory budget, in bytes; null without one. */
  readonly budget: number | null;
  readonly curves: readonly { readonly mode: MemoryMode; readonly points: readonly Point[] }[];
  readonly measured: readonly (Point & { readonly mode: MemoryMode; readonly theory: number })[];
  /** The memory of the shown training at its latest step, at its own depth. */
  readonly live: (Point & { readonly mode: MemoryMode; readonly running: boolean }) | null;
  /** Resident memory of the trainer: tensors, program and libraries. */
  readonly resident: Point | null;
  /** The depth whose cost is shown beside the chart, on the curve of the training's mode. */
  readonly chosen: Point | null;
}

/** The curves and the measured points, which do not change with the training's steps. */
export function curvesAndMeasurements(
  quantity: Quantity,
  theory: readonly TheoryPoint[],
  lines: readonly MemoryLine[],
  budget: number | null,
): Pick<ChartData, "quantity" | "budget" | "curves" | "measured"> {
  return {
    quantity,
    budget,
    curves: modes.flatMap((mode) => {
      const points = theory.flatMap(({ depth, needs }) =>
        needs[mode] === undefined ? [] : [{ depth, bytes: needs[mode][quantity] }],
      );
      return points.length === 0 ? [] : [{ mode, points }];
    }),
    measured: lines.map(({ depth, backprop, measured, theory: expected }) => ({
      depth,
      mode: backprop,
      bytes: measured[quantity],
      theory: expected[quantity],
    })),
  };
}

/**
 * The training's point; null if its steps do not report this quantity. Resident bytes include all tensors, so they are comparable with
 * `peak` only, and null for other quantities.
 */
export function liveData(
  quantity: Quantity,
  { network }: Config,
  line: StepLine | null,
  running: boolean,
): Pick<ChartData, "live" | "resident"> {
  const { depth } = network;
  const bytes = line?.bytes[quantity];
  // Steps of older runs do not contain their largest activations.
  if (line === null || bytes === undefined) return { live: null, resident: null };
  return {
    live: { depth, bytes, mode: memoryModeOf(network), running },
    resident: quantity === "peak" ? { depth, bytes: line.residentBytes } : null,
  };
}

/** The point of a curve at a depth; null where it has none. */
export function pointAt({ curves }: Pick<ChartData, "curves">, mode: MemoryMode, depth: number | null): Point | null {
  return curves.find((curve) => curve.mode === mode)?.points.find((point) => point.depth === depth) ?? null;
}

/** The ends of the axes. */
export interface AxisLimits {
  readonly depth: number;
  readonly bytes: number;
}

/** The axes' ends. Resident memory above twice the largest other value would flatten the curves, so its marker is put at the edge. */
export function axisLimits({ curves, measured, live, resident }: ChartData): AxisLimits {
  const points: Point[] = [...curves.flatMap(({ points }) => points), ...measured, ...(live === null ? [] : [live])];
  const most = Math.max(1, ...points.map(({ bytes }) => bytes));
  const withResident = resident !== null && resident.bytes <= 2 * most ? Math.max(most, resident.bytes) : most;
  return {
    depth: Math.max(16, 2 * (live?.depth ?? 0), ...points.map(({ depth }) => depth)),
    bytes: withResident * 1.06,
  };
}
