import type { Config } from "../../extension/configuration/defaults";
import type { MemoryLine, StepLine } from "../../extension/protocol/lines";
import type { TheoryPoint } from "../../extension/protocol/panel";
import { type Backprop, modes, type Quantity } from "./modes";

/** A place in the chart. */
export interface Point {
  readonly depth: number;
  readonly bytes: number;
}

/** Everything that the chart shows. */
export interface ChartData {
  readonly quantity: Quantity;
  readonly curves: readonly { readonly mode: Backprop; readonly points: readonly Point[] }[];
  readonly measured: readonly (Point & { readonly mode: Backprop; readonly theory: number })[];
  /** The training as it is now. */
  readonly live: (Point & { readonly mode: Backprop; readonly running: boolean }) | null;
  /** The process as the system sees it: the tensors, the program and its libraries. */
  readonly resident: Point | null;
}

/** The curves and the measured points: what a step of the training does not change. */
export function stillData(
  quantity: Quantity,
  theory: readonly TheoryPoint[],
  lines: readonly MemoryLine[],
): Pick<ChartData, "quantity" | "curves" | "measured"> {
  return {
    quantity,
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

/** Where the training is. Resident bytes hold everything, so they stand beside the whole peak only. */
export function liveData(
  quantity: Quantity,
  { network }: Config,
  line: StepLine | null,
  running: boolean,
): Pick<ChartData, "live" | "resident"> {
  if (line === null) return { live: null, resident: null };
  const { depth, backprop } = network;
  const { peak, peakByPart } = line.bytes;
  const { weights, moments, gradients } = peakByPart;
  const bytes = quantity === "peak" ? peak : peak - weights - moments - gradients;
  return {
    live: { depth, bytes, mode: backprop, running },
    resident: quantity === "peak" ? { depth, bytes: line.residentBytes } : null,
  };
}

/** Where the axes end. */
export interface Reach {
  readonly depth: number;
  readonly bytes: number;
}

/** Resident memory that is much larger than all tensors would press the curves flat: it then stands at the chart's edge. */
export function reachOf({ curves, measured, live, resident }: ChartData): Reach {
  const points: Point[] = [...curves.flatMap(({ points }) => points), ...measured, ...(live === null ? [] : [live])];
  const most = Math.max(1, ...points.map(({ bytes }) => bytes));
  const withResident = resident !== null && resident.bytes <= 2 * most ? Math.max(most, resident.bytes) : most;
  return {
    depth: Math.max(16, 2 * (live?.depth ?? 0), ...points.map(({ depth }) => depth)),
    bytes: withResident * 1.06,
  };
}
