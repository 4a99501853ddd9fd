import { basename, dirname, join } from "node:path";
import { comparisonLine } from "../../comparison/comparisonLine";
import { domainNames } from "../../configuration/domainNames";
import { type ComparisonLine, type StepLine, stepLineSchema } from "../../protocol/lines";
import type { RunEvaluation, RunSamples } from "../../protocol/panel";
import type { Domain } from "../../protocol/runFileNames";
import { readEvaluations } from "../../runFolder/evaluation";
import { MeasuredMemory } from "../../runFolder/measuredMemory";
import { type Metrics, readMetrics } from "../../runFolder/metrics";
import { storedEvaluations } from "../../runFolder/runEvaluations";
import { readRun, type Run } from "../../runFolder/runFile";
import { readSamples } from "../../runFolder/samples";
import type { DecoderClient } from "../data/decoder/decoderClient";
import { countGeneratorParameters } from "../memoryTheory/networkCosts";
import { dataFacts, type DataFacts } from "./dataFacts";
import { memoryByDepth, type MemoryByDepth } from "./memoryByDepth";

/** Everything that a report shows of a run, except its pictures. */
export interface ReportedRun {
  readonly folder: string;
  readonly name: string;
  readonly run: Run;
  /** The names of the domains. */
  readonly names: Readonly<Record<Domain, string>>;
  readonly metrics: Metrics;
  /** The line of the last step; null before the first step, and where the line is incomplete. */
  readonly lastStep: StepLine | null;
  /** Costs and quality, as in `revgan compare`. */
  readonly line: ComparisonLine;
  readonly evaluations: readonly RunEvaluation[];
  readonly samples: Omit<RunSamples, "base">;
  readonly data: DataFacts;
  readonly memory: MemoryByDepth;
}

/** Reads a run's folder, its measurements of memory, and what still exists of its data. @throws RevganError as `readRun` */
export async function readReportedRun(
  folder: string,
  decoder: DecoderClient,
  warn: (text: string) => void,
  signal: AbortSignal,
): Promise<ReportedRun> {
  const run = await readRun(folder);
  const { config } = run;
  const metrics = await readMetrics(folder, warn);
  const { steps, validations } = metrics;
  const measured = await new MeasuredMemory(() => join(dirname(dirname(folder)), "memory")).read(config);
  return {
    folder,
    name: basename(folder),
    run,
    names: domainNames(config),
    metrics,
    lastStep: stepLineSchema.safeParse(metrics.lastStepLine).data ?? null,
    line: comparisonLine({
      run: folder,
      config,
      parameters: countGeneratorParameters(config),
      steps,
      validations,
      evaluations: await readEvaluations(folder),
    }),
    evaluations: (await storedEvaluations(folder, undefined)).all,
    samples: await readSamples(folder),
    data: await dataFacts(folder, config, decoder, signal),
    memory: memoryByDepth(config, run.engine?.name, measured),
  };
}
