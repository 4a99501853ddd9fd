import * as vscode from "vscode";
import { basename, dirname } from "node:path";
import { RevganError } from "../protocol/errors";
import { readConfigFile } from "../runs/configFile";
import type { Services } from "./services";
import { startTraining } from "./startTraining";

/** `revgan.train`: trains the configuration that is named, shown, or found in the workspace. */
export async function train(services: Services, config?: vscode.Uri): Promise<vscode.Uri | undefined> {
  const file = config ?? (await chooseConfig());
  if (file === undefined) return undefined;
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString());
  if (open?.isDirty === true) await open.save();
  // Checked here, so that a mistake is said at once and not by a trainer that starts in vain.
  const content = await readConfigFile(file.fsPath);
  const name = content.data.path === null ? basename(dirname(file.fsPath)) : basename(content.data.path);
  return startTraining({ order: { type: "train", config: file.fsPath, sets: [] }, cwd: services.places.baseOf(file), name, config: content }, services);
}

async function chooseConfig(): Promise<vscode.Uri | undefined> {
  const shown = vscode.window.activeTextEditor?.document.uri;
  if (shown?.scheme === "file" && basename(shown.fsPath) === "revgan.json") return shown;
  const found = await vscode.workspace.findFiles("**/revgan.json", "**/{node_modules,.revgan}/**", 50);
  if (found.length === 0) throw new RevganError("config", vscode.l10n.t("there is no revgan.json in this workspace"), vscode.l10n.t("write one with RevGAN: New Run…"));
  if (found.length === 1) return found[0];
  const items = found.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Train"), placeHolder: vscode.l10n.t("Which configuration?") }))?.uri;
}
