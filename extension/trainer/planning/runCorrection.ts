import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../../configuration/config";
import { openFile } from "../../files/limitedRead";
import { RevganError } from "../../protocol/errors";
import { parseMetricsLine } from "../../runFolder/metricsLine";
import { pathIn, runsFolder } from "../../runFolder/paths";
import { readRun, type Run } from "../../runFolder/runFile";
import type { StepCost, StepCosts } from "./stepCost";

/** The most runs that are compared: the latest ones. */
const mostRuns = 5;

/** The fewest steps of a run that is compared; fewer say little about its speed. */
const fewestSteps = 10;

/** Bytes that are read at the end of a run's metrics: about a hundred steps. */
const tailBytes = 1 << 16;

/** A correction from a run whose operations differ by this ratio is half applied (the square root of its factor). */
const comparableRatio = 4;

/** A run whose measured step times are compared with the estimate. */
interface ComparedRun {
  readonly operations: number;
  /** Measured seconds of a step divided by the estimated ones. */
  readonly measuredToPredicted: number;
}

/** The factor by which steps take longer than estimated, from this folder's runs on the same engine. */
export class RunCorrection {
  private constructor(private readonly runs: readonly ComparedRun[]) {}

  /** Reads the latest runs in a folder's `.revgan/runs`; damaged ones are skipped. */
  static async read(folder: string, costs: StepCosts): Promise<RunCorrection> {
    const compared: ComparedRun[] = [];
    for (const { path, run } of await latestRuns(runsFolder(folder))) {
      if (compared.length === mostRuns) break;
      if (!isComparable(run, costs.engine) || run.config.data.cropSize === null || !costs.knows(run.config)) continue;
      const seconds = await medianSeconds(path).catch(() => null);
      const cost = costOrNull(costs, run.config);
      if (seconds === null || cost === null) continue;
      compared.push({ operations: cost.operations, measuredToPredicted: seconds / cost.seconds });
    }
    return new RunCorrection(compared);
  }

  /**
   * The factor for a step of that many operations; 1 without runs. It is the ratio of the run with the most similar number of operations,
   * to the power of 1/(1 + d²), where d = |ln(operations/the run's)| / ln 4.
   */
  factor(operations: number): number {
    const distance = (run: ComparedRun): number =>
      Math.abs(Math.log(operations / run.operations)) / Math.log(comparableRatio);
    const [nearest] = this.runs.toSorted((a, b) => distance(a) - distance(b));
    return nearest === undefined ? 1 : nearest.measuredToPredicted ** (1 / (1 + distance(nearest) ** 2));
  }
}

/** The cost of a step; null where the configuration's memory budget is too small for it. */
function costOrNull(costs: StepCosts, config: Config): StepCost | null {
  try {
    return costs.of(config);
  } catch (error) {
    if (error instanceof RevganError && error.code === "config") return null;
    throw error;
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

/** The median seconds of a run's last steps; null for too few steps. */
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

/** Returns a function from a configuration to its cost, whose seconds are multiplied by the correction's factor. */
export function corrected(
  costs: StepCosts,
  correction: RunCorrection,
): (config: Config) => ReturnType<StepCosts["of"]> {
  return (config) => {
    const cost = costs.of(config);
    return { ...cost, seconds: cost.seconds * correction.factor(cost.operations) };
  };
}
