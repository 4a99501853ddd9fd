import { measureCosts, measureMemory } from "./costs";
import { keyOf, type Trial, trials } from "./plan";
import { writeReport } from "./report";
import { readResults, type TrialResult, writeResults } from "./results";
import { writeSheets } from "./sheets";
import { TrialRun } from "./trialRuns";

/** Trainings that run side by side, each on one core. */
const lanes = 2;

/**
 * `npm run comparison [-- PART…]`: trains RevGAN and its peers, judges them on the test pictures and writes the report. Goes on where
 * an earlier call was broken off; what `results.json` holds is not done again. Parts: train, evaluate, sheets, costs, memory, report.
 */
async function main(): Promise<void> {
  const [cache, ...wanted] = process.argv.slice(2);
  const parts: Record<string, () => Promise<void> | void> = {
    train: () => trainAll(cache!),
    evaluate: () => evaluateAll(cache!),
    sheets: () => writeSheets(cache!),
    costs: measureCosts,
    memory: measureMemory,
    report: () => writeReport(readResults()),
  };
  const unknown = wanted.find((name) => !Object.hasOwn(parts, name));
  if (unknown !== undefined) throw new Error(`there is no part ${unknown}; there are ${Object.keys(parts).join(", ")}`);
  for (const [name, part] of Object.entries(parts)) if (wanted.length === 0 || wanted.includes(name)) await part();
}

function missing(): Trial[] {
  const there = new Set(readResults().trials.map(({ key }) => key));
  return trials.filter((trial) => !there.has(keyOf(trial)));
}

async function trainAll(cache: string): Promise<void> {
  const queue = missing();
  const all = queue.length;
  const lane = async (): Promise<void> => {
    for (let trial = queue.shift(); trial !== undefined; trial = queue.shift()) {
      const since = performance.now();
      await new TrialRun(trial, cache).train();
      say(
        `${all - queue.length}/${all}: ${keyOf(trial)} trained in ${Math.round((performance.now() - since) / 1000)} s`,
      );
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function evaluateAll(cache: string): Promise<void> {
  for (const trial of missing()) {
    const run = new TrialRun(trial, cache);
    if (!run.isFinished) continue;
    const lines = await run.evaluate();
    const { data, contender, seed } = trial;
    const metrics = Object.fromEntries(lines.map((line) => [line.direction, line.metrics]));
    const result: TrialResult = {
      key: keyOf(trial),
      data: data.name,
      mode: contender.mode,
      contender: contender.name,
      seed,
      metrics,
    };
    writeResults({ trials: [...readResults().trials, result] });
    say(`${result.key}: ${JSON.stringify(metrics)}`);
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

void main();
