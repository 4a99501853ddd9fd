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

/** Seconds that a trainer of a window that was just closed has to write its last checkpoint. */
const lockWait = 30;

/** What is to change; without them a run goes on as it is, and a finished one asks for its last step. */
export interface ResumeOptions {
  readonly maxSteps?: number;
  /** A `key=value` of those that `revgan resume --set` takes. */
  readonly set?: string;
}

/** `revgan.resumeFromCheckpoint`: goes on with a run, also a finished one that is to take more steps. */
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
    { order: { type: "resume", run: run.id, sets }, cwd: dirname(run.id), name: run.name, config },
    services,
  );
}

/** Where a finished run is to end now; undefined when the user does not want it to go on. */
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
 * Waits while another process holds the run: most likely the trainer of the window that was just reloaded, which takes no more
 * steps. One that does is another window's, and is not waited for.
 */
async function unlocked(run: string, name: string): Promise<void> {
  if ((await lockHolder(run)) === undefined) return;
  const isFree = await withProgress(vscode.l10n.t("{0} is still being saved", name), async (_, signal) => {
    const lengths = new Set<number>();
    // The step that was under way may still be written.
    for (let waited = 0; waited < lockWait * 4 && !signal.aborted && lengths.size < 3; waited++) {
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
