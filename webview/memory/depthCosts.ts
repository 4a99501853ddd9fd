import { durationText } from "../../extension/protocol/durations";
import type { MemoryMode } from "../../extension/protocol/lines";
import type { TheoryPoint } from "../../extension/protocol/panel";
import type { ShownRun } from "../state/panelState";
import { l10n, t } from "../ui/text";

/** The cost of a training step at a depth: bytes as predicted by memory theory, time in proportion to the step's operations. */
export interface DepthCost {
  readonly depth: number;
  readonly largestActivations: number;
  readonly peak: number;
  /** Seconds of one step; null until the run has reported the time of a step. */
  readonly secondsPerStep: number | null;
  /** Seconds of a whole training with the run's number of steps; null while this number or the time of a step is unknown. */
  readonly seconds: number | null;
}

/** The run's measured time per step at its own depth, from which the time at other depths is calculated. */
export interface MeasuredSpeed {
  readonly depth: number;
  readonly secondsPerStep: number;
  /** Steps of the whole training; null if unknown. */
  readonly steps: number | null;
}

/** How many of the latest steps are used for the speed. The first steps of a run take longer and would distort it. */
const latestSteps = 50;

/** The speed of a run; null before its first step. The median is used, because pauses or other programs make single steps long. */
export function measuredSpeed({ config, run, steps }: ShownRun): MeasuredSpeed | null {
  const seconds = Array.from(steps.column("seconds").subarray(-latestSteps)).sort((a, b) => a - b);
  const secondsPerStep = seconds[seconds.length >> 1];
  if (config === null || secondsPerStep === undefined || secondsPerStep <= 0) return null;
  return { depth: config.network.depth, secondsPerStep, steps: run.lastStep };
}

/** The cost at a depth; null where memory theory has no prediction for the depth and mode. */
export function costAt(
  points: readonly TheoryPoint[],
  mode: MemoryMode,
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

/** Formats a duration; below 100 s, as for a step, with three significant digits: "0.311 s". */
export function costDurationText(seconds: number): string {
  const three = Number(seconds.toPrecision(3));
  return three < 100 ? t("{0} s", String(three)) : durationText(seconds, l10n);
}
