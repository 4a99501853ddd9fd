import { comparisonLine } from "../../comparison/comparisonLine";
import { RevganError } from "../../protocol/errors";
import type { ComparisonLine } from "../../protocol/lines";
import { readEvaluations } from "../../runFolder/evaluation";
import { runsAt } from "../../runFolder/foldersOfRuns";
import { readMetrics } from "../../runFolder/metrics";
import { canonicalFolder } from "../../runFolder/paths";
import { readRun } from "../../runFolder/runFile";
import { countGeneratorParameters } from "../memoryTheory/networkCosts";
import type { Command } from "./command";
import { comparisonTable } from "./comparisonTable";

/** `revgan compare`. */
export const compare: Command = {
  summary: "puts runs side by side: what they cost, and how good they are",
  help: `revgan compare RUN|FOLDER… [--json]

  RUN             run folders, also of runs that are being trained
  FOLDER          a folder of runs, as that of a sweep: all runs directly in it
  --json          prints a JSON object a line, one for each run

Shows the settings in which the runs differ, the generators' parameters, the most bytes of tensors in a step, the median of the
steps' seconds, and the quality in each direction on the test pictures, as \`revgan evaluate --run RUN\` left it; without it, that of
the last validation. * marks the best. Where runs differ in their seed alone, a second table has their means and standard deviations.
A run that cannot be read is told of, and the others are compared; the exit code is then 2.`,
  options: {},
  async run(given, { output }) {
    if (given.positionals.length === 0)
      throw new RevganError("usage", "compare needs run folders", "see `revgan compare --help`");
    const lines: ComparisonLine[] = [];
    let failures = 0;
    for (const run of await runsOf(given.positionals)) {
      try {
        const line = await comparisonOf(run, (text) => output.warn(text));
        lines.push(line);
        output.line(line);
      } catch (error) {
        if (!(error instanceof RevganError)) throw error;
        failures++;
        output.error(error);
      }
    }
    if (lines.length > 0) for (const row of comparisonTable(lines)) output.result(row);
    return failures > 0 ? 2 : 0;
  },
};

/** The run folders that the paths name. Paths to the same canonical folder, for example through a link, give one entry. */
export async function runsOf(paths: readonly string[]): Promise<Set<string>> {
  const runs = await Promise.all(paths.map(async (path) => runsAt(await canonicalFolder(path))));
  return new Set(runs.flat());
}

/**
 * A run's costs and quality, as one line.
 * @throws RevganError as `readRun`
 */
export async function comparisonOf(run: string, warn: (text: string) => void): Promise<ComparisonLine> {
  const { config } = await readRun(run);
  const { steps, validations } = await readMetrics(run, warn);
  const parameters = countGeneratorParameters(config);
  return comparisonLine({ run, config, parameters, steps, validations, evaluations: await readEvaluations(run) });
}
