import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { bundlePath } from "../../processes/bundlePath";
import { durationText, english } from "../../protocol/durations";
import { RevganError } from "../../protocol/errors";
import { jobBytes } from "../cluster/jobMemory";
import { withoutLauncher } from "../engines/installedMpi";
import { shellWord } from "../../processes/shellWord";
import { type CheckedTrial, checkTrials } from "../sweep/checkedTrials";
import { ChildTrainings } from "../sweep/childTrainings";
import { type SlurmOptions, slurmScript } from "../sweep/slurmScript";
import { submit } from "../sweep/submit";
import { readSweep, type Sweep } from "../sweep/sweepFile";
import { type Trial, trialsOf } from "../sweep/trials";
import { stateOf, type TrialState } from "../sweep/trialState";
import { type GivenArguments, onePositional, wholeNumber } from "./arguments";
import type { Command, CommandContext } from "./command";
import { comparisonOf } from "./compare";
import { comparisonTable } from "./comparisonTable";
import { resourceOptions, resourcesOf } from "./jobResources";
import { SweepView } from "./sweepView";

/** `revgan sweep`. */
export const sweep: Command = {
  summary: "trains a run for each combination of settings and seeds",
  help: `revgan sweep SWEEP.json [--jobs N] [--only N] [--json]
revgan sweep SWEEP.json --slurm [--partition NAME] [--time HH:MM:SS] [--gpus N] [--cpus N] [--jobs N]

  SWEEP.json      {"base": "revgan.json" or {…}, "runs": "FOLDER", "grid": {"network.depth": [3, 9]}, "list": [{…}], "seeds": [0, 1]}:
                  a run for every combination of the grid's values, the list's entries and the seeds, each in FOLDER under the
                  name of what it sets, as depth-3_seed-0; paths are relative to the file
  --jobs N        trains N runs at a time (1 by default), each on its share of the cores; with --slurm, at most N tasks at a time
  --only N        trains run number N alone, from 0 in the order of the combinations
  --slurm         writes FOLDER/sweep.sh, a job array with a task for each run that is not finished, and submits it by sbatch
  --partition NAME, --time HH:MM:SS, --gpus N, --cpus N
                  of each task, as sbatch takes them; its memory follows from the configurations
  --json          prints a JSON object a line: for each run the last one of its training

All configurations are checked before the first training. The same command goes on where it was stopped: finished runs are kept,
begun ones resumed. One that fails is told of, and the others are trained; the exit code is then 1.
Ctrl-C finishes each run's step, writes its checkpoint and exits with 130.`,
  options: {
    jobs: { type: "string" },
    only: { type: "string" },
    slurm: { type: "boolean" },
    ...resourceOptions,
  },
  async run(given, context) {
    const file = onePositional(given, "sweep", "the file of a sweep");
    const options = optionsOf(given);
    const plan = await readSweep(file);
    const trials = await checkTrials(plan, chosen(trialsOf(plan), options.only));
    const tasks: Task[] = [];
    for (const trial of trials) tasks.push({ trial, state: await stateOf(trial) });
    if (options.slurm) return submitAll(plan, tasks, options, context);
    return trainAll(tasks, { jobs: options.jobs ?? 1, command: commandOf(file, options) }, context);
  },
};

/** A trial of a sweep, and what is left to do for it. */
interface Task {
  readonly trial: CheckedTrial;
  readonly state: TrialState;
}

interface SweepOptions extends SlurmOptions {
  readonly slurm: boolean;
  readonly only: number | undefined;
}

/** @throws RevganError `usage` */
function optionsOf(given: GivenArguments): SweepOptions {
  const slurm = given.flag("slurm");
  const idle = (slurm ? ["only"] : Object.keys(resourceOptions)).find((name) => given.value(name));
  if (idle !== undefined)
    throw wrongOption(
      slurm ? `--slurm submits all runs, and takes no --${idle}` : `--${idle} is of use with --slurm alone`,
    );
  return {
    slurm,
    only: wholeNumber(given, "sweep", "only", 0),
    jobs: wholeNumber(given, "sweep", "jobs", 1),
    ...resourcesOf(given, "sweep"),
  };
}

function wrongOption(message: string): RevganError {
  return new RevganError("usage", message, "see `revgan sweep --help`");
}

/** The trial whose number `--only` gives, or all trials without that option. */
function chosen(trials: readonly Trial[], only: number | undefined): readonly Trial[] {
  if (only === undefined) return trials;
  const trial = trials[only];
  if (trial === undefined)
    throw wrongOption(`--only must be a run's number from 0 to ${trials.length - 1}, not ${only}`);
  return [trial];
}

/** The command line that continues a sweep. */
function commandOf(file: string, { jobs, only }: SweepOptions): string {
  const number = (name: string, value: number | undefined): string =>
    value === undefined ? "" : ` --${name} ${value}`;
  return `revgan sweep ${shellWord(file)}${number("jobs", jobs)}${number("only", only)}`;
}

/** Trains all tasks, up to `jobs` at a time. Returns the exit code. @throws RevganError `interrupted` when runs are left after Ctrl-C */
async function trainAll(
  tasks: readonly Task[],
  { jobs, command }: { readonly jobs: number; readonly command: string },
  { output, signal }: CommandContext,
): Promise<number> {
  const view = new SweepView(output, tasks.length);
  const trainings = new ChildTrainings(signal, environment(jobs), (text) => output.warn(text));
  try {
    // All workers take from one iterator, so that each trial is trained once.
    const queue = tasks.values();
    const work = async (): Promise<void> => {
      for (const task of queue) {
        if (signal.aborted) return;
        await trainOne(task, trainings, view);
      }
    };
    await Promise.all(Array.from({ length: Math.min(jobs, tasks.length) }, work));
  } finally {
    trainings.dispose();
  }
  const { finished, failed } = view;
  if (signal.aborted && finished.length + failed.length < tasks.length)
    throw new RevganError(
      "interrupted",
      `stopped with ${finished.length} of ${tasks.length} runs finished`,
      `go on with \`${command}\``,
    );
  if (tasks.length > 1) await showComparison(finished, output);
  if (failed.length > 0)
    output.warn(
      `${failed.length} of ${tasks.length} runs failed: ${failed.join(", ")}; \`${command}\` tries them again`,
    );
  return failed.length > 0 ? 1 : 0;
}

/** Trains a trial or the rest of it, and reports how it ended. */
async function trainOne({ trial, state }: Task, trainings: ChildTrainings, view: SweepView): Promise<void> {
  if (state.todo === "nothing") {
    view.wasFinished(trial.name, state.finished);
    return;
  }
  view.begins(trial.name, state.todo);
  const started = performance.now();
  try {
    const line = await trainings.train(trial, state.todo);
    view.finishes(trial.name, line, durationText((performance.now() - started) / 1000, english));
  } catch (error) {
    view.fails(trial.name, RevganError.from(error, "run the sweep again to go on"));
  }
}

/**
 * The environment of a sweep's trainings. Of `jobs` trainings at the same time each gets an equal share of the cores; by default each would
 * use all.
 */
function environment(jobs: number): NodeJS.ProcessEnv {
  const own = withoutLauncher(process.env);
  if (jobs === 1) return own;
  const share = Math.max(1, Math.floor(availableParallelism() / jobs));
  return { TF_NUM_INTRAOP_THREADS: String(share), ...own };
}

async function showComparison(runs: readonly string[], output: CommandContext["output"]): Promise<void> {
  if (runs.length === 0 || output.json) return;
  const lines = [];
  for (const run of runs) lines.push(await comparisonOf(run, (text) => output.warn(text)));
  for (const row of comparisonTable(lines)) output.result(row);
}

/** Writes and submits the job array of the trials that are left. Returns the exit code. */
async function submitAll(
  { file, runs }: Sweep,
  tasks: readonly Task[],
  options: SlurmOptions,
  { output, signal }: CommandContext,
): Promise<number> {
  const view = new SweepView(output, tasks.length);
  for (const { trial, state } of tasks) if (state.todo === "nothing") view.wasFinished(trial.name, state.finished);
  const left = tasks.filter(({ state }) => state.todo !== "nothing").map(({ trial }) => trial);
  if (left.length === 0) {
    output.note("All runs are finished: there is nothing to submit");
    return 0;
  }
  const array = {
    indices: left.map(({ index }) => index),
    bytes: jobBytes(
      left.map(({ config }) => config),
      (options.gpus ?? 0) > 0,
    ),
    node: process.execPath,
    cli: resolve(bundlePath("cli.js")),
    sweep: file,
  };
  output.result(await submit(slurmScript(array, options), runs, signal));
  return 0;
}
