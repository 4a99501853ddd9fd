import type { JobResources, JobWishes } from "../../cluster/jobScript";
import { RevganError } from "../../protocol/errors";
import type { Submitted } from "../cluster/submitTraining";
import { launchOf } from "../ranks/launcher";
import { type GivenArguments, matching, type OptionPlan, wholeNumber } from "./arguments";
import type { Output } from "./output";

/** The options of commands that submit jobs. */
export const resourceOptions = {
  partition: { type: "string" },
  time: { type: "string" },
  gpus: { type: "string" },
  cpus: { type: "string" },
} as const satisfies OptionPlan;

/** The options of a training that is submitted. */
export const jobOptions = {
  slurm: { type: "boolean" },
  ranks: { type: "string" },
  requeue: { type: "boolean" },
  "no-requeue": { type: "boolean" },
  ...resourceOptions,
} as const satisfies OptionPlan;

/** The resources that the options ask for a training's job; null without `--slurm`. @throws RevganError `usage` naming the wrong option */
export function jobWishesOf(given: GivenArguments, command: string): JobWishes | null {
  const see = `see \`revgan ${command} --help\``;
  if (!given.flag("slurm")) {
    const idle = [...Object.keys(jobOptions), "script-only"].find(
      (name) => given.flag(name) || given.value(name) !== undefined,
    );
    if (idle !== undefined) throw new RevganError("usage", `--${idle} is of use with --slurm alone`, see);
    return null;
  }
  if (launchOf(process.env) !== null)
    throw new RevganError("usage", "with --slurm the job starts the ranks", "leave out the launcher");
  return {
    ...resourcesOf(given, command),
    ranks: wholeNumber(given, command, "ranks", 1),
    requeue: given.flag("requeue") ? true : given.flag("no-requeue") ? false : undefined,
  };
}

/** Tells that a training waits in the queue. */
export function showSubmitted({ run, script, job }: Submitted, output: Output): void {
  output.line({ type: "submitted", run, script, job });
  output.note(`Run: ${run}`);
  output.result(`Submitted as job ${job}, with ${script}`);
}

/** Tells where a job's script was written. */
export function showScript(script: string, output: Output): void {
  output.line({ type: "submitted", script, run: null, job: null });
  output.result(`Wrote ${script}; \`revgan train --slurm\` submits it`);
}

/** @throws RevganError `usage` naming the wrong option */
export function resourcesOf(given: GivenArguments, command: string): JobResources {
  return {
    gpus: wholeNumber(given, command, "gpus", 0),
    cpus: wholeNumber(given, command, "cpus", 1),
    partition: matching(given, command, "partition", /^[\w.,-]+$/, "a partition's name"),
    time: matching(given, command, "time", /^\d{1,4}:[0-5]\d:[0-5]\d$/, "hours, minutes and seconds, as 08:00:00"),
  };
}
