import * as vscode from "vscode";
import { scriptBeside } from "../../../cluster/jobScript";
import { listPartitions } from "../../../cluster/slurm";
import { readConfigFile } from "../../../configuration/readConfiguration";
import { readIfThere } from "../../../files/limitedRead";
import { configFor, withPlace } from "../configArgument";
import { planLines } from "../estimates";
import type { Services } from "../services";
import { askSteps } from "../steps";
import { showQueued, submit } from "./clusterJobs";
import { coresFor, type JobAnswers, jobQuestions } from "./questions";

/** Options for calls by programs; with them the user is asked nothing. */
export interface ClusterOptions {
  /** Whether only the job script is written, and nothing submitted. */
  readonly script?: boolean;
}

/**
 * `revgan.trainOnCluster`: submits a training to Slurm's queue.
 *
 * @param options if undefined, the user is asked for the job's resources
 * @returns the run's folder, or the script if only that was written; undefined when the user cancels
 */
export async function trainOnCluster(
  services: Services,
  config: vscode.Uri | undefined,
  options: ClusterOptions | undefined,
): Promise<vscode.Uri | undefined> {
  const title = vscode.l10n.t("Train on Cluster");
  const file = await configFor(config, title);
  if (file === undefined) return undefined;
  try {
    const args = options === undefined ? await askForJob(services, file, title) : scriptOption(options.script === true);
    if (args === undefined) return undefined;
    const folder = services.paths.folderFor(file);
    const { script, run } = await submit(services, ["train", "--config", file.fsPath, "--slurm", ...args], folder);
    if (run !== null) return await showQueued(services, run);
    if (options === undefined) await vscode.window.showTextDocument(vscode.Uri.file(script));
    return vscode.Uri.file(script);
  } catch (error) {
    throw withPlace(error, file);
  }
}

/** Asks about the job, and returns the answers as options of the command line; undefined when the user cancels. */
async function askForJob(services: Services, file: vscode.Uri, title: string): Promise<string[] | undefined> {
  const config = await readConfigFile(file.fsPath);
  const script = scriptBeside(file.fsPath);
  const stopper = new AbortController();
  try {
    const args = ["--config", file.fsPath, "--as-written"];
    const estimate = planLines(services, args, services.paths.folderFor(file), stopper.signal).then(
      ([line]) => line ?? null,
      () => null,
    );
    const topic = {
      config,
      file: script,
      script: (await readIfThere(script)) ?? null,
      partitions: await listPartitions(),
      estimate,
    };
    const answers = await askSteps(title, jobQuestions(topic), {});
    return answers === undefined ? undefined : argumentsOf(answers);
  } finally {
    stopper.abort();
  }
}

function argumentsOf({ script, partition, ranks = 1, gpus = 0, time, end }: Partial<JobAnswers>): string[] {
  if (script === "keep" || partition === undefined || time === undefined) return [];
  return [
    ...["--partition", partition.name, "--time", time],
    ...["--ranks", String(ranks), "--gpus", String(gpus), "--cpus", String(coresFor(partition, ranks))],
    end === "requeue" ? "--requeue" : "--no-requeue",
    ...scriptOption(end === "script"),
  ];
}

function scriptOption(isAlone: boolean): string[] {
  return isAlone ? ["--script-only"] : [];
}
