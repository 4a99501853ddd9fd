import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Line, parseLine, type StepLine } from "../../protocol/lines";

/** What a run's steps needed. Null before the first step. */
export interface StepCosts {
  /** Bytes of live tensors, the most of any step. */
  readonly peakBytes: number | null;
  /** The median: no pause of the machine and no first step has a part in it. */
  readonly secondsPerStep: number | null;
}

/** Reads `metrics.jsonl`. A line that is torn, because the run is under way, has no part in it. */
export async function stepCosts(run: string): Promise<StepCosts> {
  const text = await readFile(join(run, "metrics.jsonl"), "utf8").catch(() => "");
  const steps = text.split("\n").map(lineOf).filter((line): line is StepLine => line?.type === "step");
  if (steps.length === 0) return { peakBytes: null, secondsPerStep: null };
  return { peakBytes: steps.reduce((most, { bytes }) => Math.max(most, bytes.peak), 0), secondsPerStep: median(steps.map(({ seconds }) => seconds)) };
}

function lineOf(text: string): Line | null {
  try {
    return parseLine(text);
  } catch {
    return null;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}
