import type { TheoryPoint } from "../../extension/protocol/panel";
import type { ShownRun } from "../state/panelState";
import { t } from "../ui/text";
import type { Backprop } from "./backpropModes";

/** What a training step needs at a depth: bytes by the theory, time in proportion to the step's operations. */
export interface DepthCost {
  readonly depth: number;
  readonly largestActivations: number;
  readonly peak: number;
  /** Null while the run has no steps to measure. */
  readonly secondsPerStep: number | null;
  /** Of a training of as many steps; null while their number or time is unknown. */
  readonly seconds: number | null;
}

/** The run's own speed, from which other depths are calculated. */
export interface MeasuredSpeed {
  readonly depth: number;
  readonly secondsPerStep: number;
  /** Steps of the whole training; null if unknown. */
  readonly steps: number | null;
}

/** Steps whose times are looked at: the latest, since the first ones take longer. */
const latestSteps = 50;

/** The speed of a run; null before its first step. The median: a pause or another program makes single steps long. */
export function measuredSpeed({ config, run, steps }: ShownRun): MeasuredSpeed | null {
  const seconds = Array.from(steps.column("seconds").subarray(-latestSteps)).sort((a, b) => a - b);
  const secondsPerStep = seconds[seconds.length >> 1];
  if (config === null || secondsPerStep === undefined || secondsPerStep <= 0) return null;
  return { depth: config.network.depth, secondsPerStep, steps: run.lastStep };
}

/** The cost at a depth; null where the theory does not have it. */
export function costAt(
  points: readonly TheoryPoint[],
  mode: Backprop,
  depth: number,
  speed: MeasuredSpeed | null,
): DepthCost | null {
  const [here, own] = [depth, speed?.depth].map((each) => points.find((point) => point.depth === each));
  const needs = here?.needs[mode];
  if (here === undefined || needs === undefined) return null;
  const [operations, ownOperations] = [here.operations[mode], own?.operations[mode]];
  const secondsPerStep =
    speed === null || operations === undefined || ownOperations === undefined
      ? null
      : (speed.secondsPerStep * operations) / ownOperations;
  const steps = speed?.steps ?? null;
  return {
    depth,
    largestActivations: needs.largestActivations,
    peak: needs.peak,
    secondsPerStep,
    seconds: secondsPerStep === null || steps === null ? null : secondsPerStep * steps,
  };
}

/** A duration in one or two units: "0.31 s", "12 min", "3 h 20 min". */
export function durationText(seconds: number): string {
  const three = Number(seconds.toPrecision(3));
  if (three < 100) return t("{0} s", String(three));
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t("{0} min", minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? t("{0} h", hours) : t("{0} h {1} min", hours, minutes % 60);
  const [days, rest] = [Math.floor(hours / 24), hours % 24];
  return rest === 0 ? t("{0} d", days) : t("{0} d {1} h", days, rest);
}
