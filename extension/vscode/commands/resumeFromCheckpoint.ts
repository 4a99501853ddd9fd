import * as vscode from "vscode";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { hasSlurm } from "../../cluster/slurm";
import type { Config } from "../../configuration/config";
import { setsForMoreSteps, suggestedSteps } from "../../host/moreSteps";
import { durationText } from "../../protocol/durations";
import { RevganError } from "../../protocol/errors";
import type { RunSummary } from "../../protocol/panel";
import { lockHolder } from "../../runFolder/lock";
import { pathIn } from "../../runFolder/paths";
import { withProgress } from "../progress";
import { resumeOnCluster } from "./cluster/clusterJobs";
import { type RunArgument, runFor } from "./runArgument";
import type { Services } from "./services";
import { startTraining } from "./startTraining";

/**
 * Seconds to wait for a run's lock to be released: the trainer of a window that was just closed may still be writing its last checkpoint.
 */
const lockTimeout = 30;

/** Changes to a run that is resumed. */
export interface ResumeOptions {
  /** The new last step. Without it, for a finished run the user is asked for the number of further steps. */
  readonly maxSteps?: number;
  /** A `key=value` as for `revgan resume --set`. */
  readonly set?: string;
}

/** `revgan.resumeFromCheckpoint`: resumes a run; a finished run is trained for further steps. */
export async function resumeFromCheckpoint(
  services: Services,
  argument?: RunArgument,
  { maxSteps, set }: ResumeOptions = {},
): Promise<vscode.Uri | undefined> {
  const run = await runFor(argument, "resumeFromCheckpoint", vscode.l10n.t("Resume from Checkpoint"), services);
  if (run === undefined) return undefined;
  if (run.state === "finished" && maxSteps === undefined) return trainFurther(services, run.id);
  const sets = [
    ...(maxSteps === undefined ? [] : [`training.maxSteps=${maxSteps}`]),
    ...(set === undefined ? [] : [set]),
  ];
  return resumeWith(services, run, sets);
}

/**
 * `revgan.trainFurther`: resumes a finished run for more steps.
 * @param options `steps`: the number of further steps; without it the user is asked
 */
export async function trainFurther(
  services: Services,
  argument?: RunArgument,
  { steps }: { readonly steps?: number } = {},
): Promise<vscode.Uri | undefined> {
  const chosen = await runFor(argument, "trainFurther", vscode.l10n.t("Train Further"), services);
  if (chosen === undefined) return undefined;
  const run = await withEpochAndSpeed(services, chosen);
  const more = steps ?? (await askForSteps(run));
  if (more === undefined) return undefined;
  return resumeWith(services, run, setsForMoreSteps(configOf(services, run).training, run, more));
}

/**
 * Resumes a run with these settings. If it was trained by a cluster job and Slurm is on this machine, it is submitted to the cluster again.
 */
async function resumeWith(services: Services, run: RunSummary, sets: string[]): Promise<vscode.Uri | undefined> {
  const isOfCluster = services.runs.store.get(run.id)?.run?.cluster !== undefined;
  if (isOfCluster && hasSlurm()) return resumeOnCluster(services, run, sets);
  await waitUntilUnlocked(run.id, run.name);
  return startTraining(
    {
      command: { type: "resume", run: run.id, sets },
      cwd: dirname(run.id),
      name: run.name,
      config: configOf(services, run),
    },
    services,
  );
}

/** The configuration of a run. @throws RevganError `run` when `run.json` cannot be used */
function configOf({ runs }: Services, { id, name, error }: RunSummary): Config {
  const config = runs.config(id);
  if (config === undefined)
    throw new RevganError("run", error?.message ?? name, error?.remedy ?? vscode.l10n.t("delete this run"));
  return config;
}

/** A run's summary with its epoch and speed, for which the run's metrics must be read. */
async function withEpochAndSpeed({ runs }: Services, run: RunSummary): Promise<RunSummary> {
  const history = runs.histories.acquire(run.id);
  try {
    await history.refresh();
    return runs.get(run.id) ?? run;
  } finally {
    runs.histories.release(run.id);
  }
}

/** Asks for the number of further steps of a finished run; undefined when the user cancels. */
async function askForSteps({ name, step, stepsPerSecond }: RunSummary): Promise<number | undefined> {
  const answer = await vscode.window.showInputBox({
    title: vscode.l10n.t("Train Further"),
    prompt: vscode.l10n.t("{0} is finished at step {1}. How many more steps?", name, step),
    value: String(suggestedSteps(step)),
    validateInput: (text) => {
      const more = Number(text);
      if (!/^\d{1,9}$/.test(text) || more === 0) return vscode.l10n.t("A whole number above {0}", 0);
      const severity = vscode.InputBoxValidationSeverity.Info;
      return stepsPerSecond === null
        ? { message: vscode.l10n.t("Until step {0}", step + more), severity }
        : {
            message: vscode.l10n.t(
              "Until step {0}: {1} at its last speed",
              step + more,
              durationText(more / stepsPerSecond, vscode.l10n),
            ),
            severity,
          };
    },
  });
  return answer === undefined ? undefined : Number(answer);
}

/**
 * Waits while another process holds the run's lock: most likely the trainer that this window started before it was reloaded, which is still
 * saving. If the run's metrics keep growing, another window is training the run, and waiting ends.
 * @throws RevganError `locked` when the lock is not released
 */
async function waitUntilUnlocked(run: string, name: string): Promise<void> {
  if ((await lockHolder(run)) === undefined) return;
  const isFree = await withProgress(vscode.l10n.t("{0} is still being saved", name), async (_, signal) => {
    const lengths = new Set<number>();
    // A stopping trainer may still append its last step, so two sizes of the metrics are possible. A third size means that another process
    // continues to train the run.
    for (let waited = 0; waited < lockTimeout * 4 && !signal.aborted && lengths.size < 3; waited++) {
      if ((await lockHolder(run)) === undefined) return true;
      lengths.add(
        await stat(pathIn(run, "metrics")).then(
          ({ size }) => size,
          () => 0,
        ),
      );
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    return false;
  });
  if (!isFree)
    throw new RevganError(
      "locked",
      vscode.l10n.t("another process is training {0}", name),
      vscode.l10n.t("stop it there, or wait until it is done"),
    );
}
