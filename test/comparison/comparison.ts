import { existsSync } from "node:fs";
import { join } from "node:path";
import { differingSettings } from "../../extension/comparison/settings";
import type { ComparisonLine } from "../../extension/protocol/lines";
import { pathIn } from "../../extension/runFolder/paths";
import { comparisonTable } from "../../extension/trainer/commandLine/comparisonTable";
import { readSweep, type Sweep } from "../../extension/trainer/sweep/sweepFile";
import { trialsOf } from "../../extension/trainer/sweep/trials";
import { measureCosts, measureMemory } from "./costs";
import { writeReport } from "./report";
import { readResults, writeResults } from "./results";
import { oneThread, revgan } from "./revgan";
import { writeSheets } from "./sheets";

/** Trainings that run side by side, each on one core. */
const jobs = 2;

/**
 * `npm run comparison [-- PART…]`: trains RevGAN and its peers by `revgan sweep`, judges them on the test pictures, compares them by `revgan
 * compare` and writes the report. Goes on where an earlier call was broken off. Parts: train, evaluate, compare, sheets, costs, memory,
 * report.
 */
async function main(): Promise<void> {
  const [file, ...wanted] = process.argv.slice(2);
  const sweep = await readSweep(file!);
  const parts: Record<string, () => Promise<void> | void> = {
    train: async () => {
      await revgan(["sweep", sweep.file, "--jobs", String(jobs)], oneThread);
    },
    evaluate: () => evaluateAll(sweep),
    compare: () => compareAll(sweep),
    sheets: () => writeSheets(sweep),
    costs: () => measureCosts(sweep),
    memory: measureMemory,
    report: () => writeReport(sweep, readResults()),
  };
  const unknown = wanted.find((name) => !Object.hasOwn(parts, name));
  if (unknown !== undefined) throw new Error(`there is no part ${unknown}; there are ${Object.keys(parts).join(", ")}`);
  for (const [name, part] of Object.entries(parts)) if (wanted.length === 0 || wanted.includes(name)) await part();
}

/** Judges each run on its test split, unless it was. */
async function evaluateAll(sweep: Sweep): Promise<void> {
  for (const { name, folder } of trialsOf(sweep)) {
    if (existsSync(join(pathIn(folder, "evaluation"), "test-AtoB.json"))) continue;
    await revgan(["evaluate", "--run", folder], oneThread);
    process.stdout.write(`${name} is evaluated\n`);
  }
}

async function compareAll(sweep: Sweep): Promise<void> {
  const lines = (await revgan(["compare", sweep.runs])).filter((line) => line.type === "comparison");
  const keys = [...differingSettings(lines).map(({ key }) => key), "training.seed"];
  writeResults({ runs: lines.map((line) => brief(line, keys)) });
  process.stdout.write(`${comparisonTable(lines).join("\n")}\n`);
}

/** Without the settings that all have, and with paths from the checkout's folder. */
function brief(line: ComparisonLine, keys: readonly string[]): ComparisonLine {
  const settings = Object.fromEntries(keys.map((key) => [key, line.settings?.[key]]));
  const root = `${join(import.meta.dirname, "..")}/`;
  return JSON.parse(JSON.stringify({ ...line, settings, written: keys }).replaceAll(root, "")) as ComparisonLine;
}

void main();
