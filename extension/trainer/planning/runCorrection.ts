import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../../configuration/config";
import { openFile } from "../../files/limitedRead";
import { parseMetricsLine } from "../../runFolder/metricsLine";
import { pathIn, runsFolder } from "../../runFolder/paths";
import { readRun, type Run } from "../../runFolder/runFile";
import type { StepCosts } from "./stepCost";

/** Runs that are looked at, the latest first. */
const mostRuns = 5;

/** Fewer steps than these say little. */
const fewestSteps = 10;

/** Bytes at the end of a run's metrics that are read: about a hundred steps. */
const tailBytes = 1 << 16;

/** By how many times a step's operations may differ from a run's before its time says little of it. */
const likeness = 4;

/** A run's steps beside what they were estimated to take. */
interface ComparedRun {
  readonly operations: number;
  /** Measured seconds of a step, over estimated ones. */
  readonly ratio: number;
}

/** By how much a step takes longer than estimated, from the steps of this folder's runs on the same engine. */
export class RunCorrection {
  private constructor(private readonly runs: readonly ComparedRun[]) {}

  /** Reads the latest runs in the `.revgan` of a folder; damaged ones are passed over. */
  static async read(folder: string, costs: StepCosts): Promise<RunCorrection> {
    const compared: ComparedRun[] = [];
    for (const { path, run } of await latestRuns(runsFolder(folder))) {
      if (compared.length === mostRuns) break;
      if (!isComparable(run, costs.engine) || run.config.data.cropSize === null || !costs.knows(run.config)) continue;
      const seconds = await medianSeconds(path).catch(() => null);
      if (seconds === null) continue;
      const cost = costs.of(run.config);
      compared.push({ operations: cost.operations, ratio: seconds / cost.seconds });
    }
    return new RunCorrection(compared);
  }

  /** The factor for a step of so many operations: that of the run whose steps are most like it, the less the more these differ. */
  factor(operations: number): number {
    const distance = (run: ComparedRun): number => Math.abs(Math.log(operations / run.operations)) / Math.log(likeness);
    const [nearest] = this.runs.toSorted((a, b) => distance(a) - distance(b));
    return nearest === undefined ? 1 : nearest.ratio ** (1 / (1 + distance(nearest) ** 2));
  }
}

async function latestRuns(parent: string): Promise<{ readonly path: string; readonly run: Run }[]> {
  const names = await readdir(parent).catch(() => []);
  const runs = await Promise.all(
    names.map(async (name) => {
      const path = join(parent, name);
      const run = await readRun(path).catch(() => null);
      return run === null ? [] : [{ path, run }];
    }),
  );
  return runs.flat().sort((a, b) => (a.run.updatedAt < b.run.updatedAt ? 1 : -1));
}

function isComparable({ engine, step }: Run, { name, device, version }: StepCosts["engine"]): boolean {
  return step >= fewestSteps && engine?.name === name && engine.device === device && engine.version === version;
}

/** Of the last steps; null for too few. */
async function medianSeconds(run: string): Promise<number | null> {
  const { handle, size } = await openFile(pathIn(run, "metrics"));
  try {
    const from = Math.max(0, size - tailBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    const seconds = buffer
      .toString("utf8", 0, bytesRead)
      .split("\n")
      .map(parseMetricsLine)
      .flatMap((line) => (line?.type === "step" && line.seconds > 0 ? [line.seconds] : []))
      .sort((a, b) => a - b);
    return seconds.length < fewestSteps ? null : seconds[seconds.length >> 1]!;
  } finally {
    await handle.close();
  }
}

/** The configuration's cost with the seconds that its like has taken. */
export function corrected(
  costs: StepCosts,
  correction: RunCorrection,
): (config: Config) => ReturnType<StepCosts["of"]> {
  return (config) => {
    const cost = costs.of(config);
    return { ...cost, seconds: cost.seconds * correction.factor(cost.operations) };
  };
}
