import * as vscode from "vscode";
import { RevganError } from "../../protocol/errors";
import { pathIn } from "../../runFolder/paths";
import { ask } from "../notifications";
import { reveal } from "../reveal";
import { isThere } from "../freeFile";
import { type RunArgument, runFor, runFrom } from "./runArgument";
import type { Services } from "./services";

/** `revgan.openPanel`: shows the panel, with the given run if there is one. */
export async function openPanel(services: Services, argument?: RunArgument): Promise<void> {
  await services.runs.store.refresh();
  await services.panel.open(argument === undefined ? null : (await runFrom(argument, services)).id);
}

/** `revgan.showExample`: shows the trained run that comes with the extension. */
export async function showExample({ example, runs, panel }: Services): Promise<vscode.Uri> {
  const folder = await example.list(runs.store);
  if (folder === null)
    throw new RevganError(
      "run",
      vscode.l10n.t("you have deleted the example"),
      vscode.l10n.t("train one like it with RevGAN: Try with Sample Data"),
    );
  await panel.open(folder);
  return vscode.Uri.file(folder);
}

/** `revgan.revealRun`: shows a run's folder in the explorer, or in the system's file manager if it is outside of the workspace. */
export async function revealRun(services: Services, argument?: RunArgument): Promise<void> {
  const run = await runFor(argument, "revealRun", vscode.l10n.t("Reveal Run Folder"), services);
  if (run === undefined) return;
  await reveal(vscode.Uri.file(run.id));
}

/** `revgan.deleteRun`: moves a run's folder to the trash, after asking. */
export async function deleteRun(services: Services, argument?: RunArgument): Promise<void> {
  const run = await runFor(argument, "deleteRun", vscode.l10n.t("Delete Run"), services);
  if (run === undefined) return;
  if (!run.actions.includes("deleteRun"))
    throw new RevganError("locked", vscode.l10n.t("{0} is in training", run.name), vscode.l10n.t("stop it first"));
  const question = vscode.l10n.t("Delete the run {0}?", run.name);
  const detail = vscode.l10n.t("Its checkpoints, samples and metrics go to the trash where there is one.\n{0}", run.id);
  if ((await ask(question, detail, new Map([[vscode.l10n.t("Delete"), true]]))) !== true) return;
  const folder = vscode.Uri.file(run.id);
  // If moving to the trash fails, as on remote machines, which have none, the folder is deleted.
  await Promise.resolve(vscode.workspace.fs.delete(folder, { recursive: true, useTrash: true })).catch(() =>
    vscode.workspace.fs.delete(folder, { recursive: true }),
  );
  if (run.id === services.paths.exampleRun) await services.example.forget();
  await services.runs.store.refresh();
}

/** `revgan.showLog`: opens a run's log file; without a run, or if it has no log, the output channel. */
export async function showLog(services: Services, argument?: RunArgument): Promise<void> {
  if (argument === undefined) {
    services.log.show();
    return;
  }
  const file = vscode.Uri.file(pathIn((await runFrom(argument, services)).id, "log"));
  if (await isThere(file)) await vscode.window.showTextDocument(file, { preview: true });
  else services.log.show();
}
