import { basename, dirname, sep } from "node:path";
import * as vscode from "vscode";
import { depthConfigurationName, depthConfigurationText } from "../../host/depthConfiguration";
import { freeFile } from "../freeFile";
import type { Services } from "./services";

/**
 * Writes a run's configuration with another depth, and opens it. The file is written beside the run's own configuration if that is known,
 * else into the workspace.
 */
export async function newRunAtDepth(services: Services, run: string, depth: number): Promise<void> {
  const config = services.runs.config(run);
  if (config === undefined) return;
  const targetFolder = configurationFolder(services, run);
  if (targetFolder === null) {
    // There is no folder to write to, so an unsaved editor is opened, which asks for a place when it is saved.
    const content = depthConfigurationText(config, depth, null);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "jsonc", content }));
    return;
  }
  const file = await freeFile(vscode.Uri.file(targetFolder), depthConfigurationName(depth));
  const text = depthConfigurationText(config, depth, targetFolder);
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  await vscode.window.showTextDocument(file);
  const train = vscode.l10n.t("Train");
  void vscode.window
    .showInformationMessage(vscode.l10n.t("{0} is ready to be trained.", basename(file.fsPath)), train)
    .then(async (button) => {
      if (button === train) await vscode.commands.executeCommand("revgan.train", file);
    });
}

/** The folder for the new configuration; null in a window without a folder. */
function configurationFolder({ trainings, paths }: Services, run: string): string | null {
  const command = trainings.get(run)?.request.command;
  if (command?.type === "train") return dirname(command.config);
  const { workspaceFolders } = paths;
  return workspaceFolders.find((folder) => run.startsWith(folder + sep)) ?? workspaceFolders[0] ?? null;
}
