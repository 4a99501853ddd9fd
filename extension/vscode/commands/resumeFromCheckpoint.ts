import * as vscode from "vscode";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { RevganError } from "../../protocol/errors";
import { lockHolder } from "../../runFolder/lock";
import { pathIn } from "../../runFolder/paths";
import { withProgress } from "../progress";
import { type RunArgument, runFor } from "./runArgument";
import type { Services } from "./services";
import { startTraining } from "./startTraining";

/** Seconds to wait for the lock: the trainer of a window that was just closed is writing its last checkpoint. */
const lockTimeout = 30;

/** Changes to the run. Without `maxSteps` the user is asked for the last step of a finished run. */
export interface ResumeOptions {
  readonly maxSteps?: number;
  /** A `key=value` of those that `revgan resume --set` takes. */
  readonly set?: string;
}

/** `revgan.resumeFromCheckpoint`: resumes a run, also a finished one with more steps. */
export async function resumeFromCheckpoint(
  services: Services,
  argument?: RunArgument,
  { maxSteps, set }: ResumeOptions = {},
): Promise<vscode.Uri | undefined> {
  const run = await runFor(argument, "resumeFromCheckpoint", vscode.l10n.t("Resume from Checkpoint"), services);
  if (run === undefined) return undefined;
  await unlocked(run.id, run.name);
  const config = services.runs.config(run.id);
  if (config === undefined)
    throw new RevganError("run", run.error?.message ?? run.name, run.error?.remedy ?? vscode.l10n.t("delete this run"));
  const last = maxSteps ?? (run.state === "finished" ? await askForSteps(run.step) : null);
  if (last === undefined) return undefined;
  const sets = [...(last === null ? [] : [`training.maxSteps=${last}`]), ...(set === undefined ? [] : [set])];
  return startTraining(
    { command: { type: "resume", run: run.id, sets }, cwd: dirname(run.id), name: run.name, config },
    services,
  );
}

/** The new last step of a finished run; undefined when the user cancels. */
async function askForSteps(done: number): Promise<number | undefined> {
  const answer = await vscode.window.showInputBox({
    title: vscode.l10n.t("Resume from Checkpoint"),
    prompt: vscode.l10n.t("The run is finished at step {0}. Train until which step?", done),
    value: String(done * 2),
    validateInput: (text) =>
      /^\d{1,9}$/.test(text) && Number(text) > done ? undefined : vscode.l10n.t("A whole number above {0}", done),
  });
  return answer === undefined ? undefined : Number(answer);
}

/**
 * Waits while another process holds the run's lock: most likely the trainer of this window before its reload, which is saving. If the
 * metrics keep growing, another window trains the run, and waiting ends.
 */
async function unlocked(run: string, name: string): Promise<void> {
  if ((await lockHolder(run)) === undefined) return;
  const isFree = await withProgress(vscode.l10n.t("{0} is still being saved", name), async (_, signal) => {
    const lengths = new Set<number>();
    // Up to two sizes: the last step of a stopping trainer may still be written.
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
