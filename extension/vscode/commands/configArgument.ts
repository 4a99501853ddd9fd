import * as vscode from "vscode";
import { RevganError } from "../../protocol/errors";
import { findConfigFiles, isConfigFile, openConfig } from "../configFiles";
import { commandRemedy, ErrorWithRemedies, type Remedy } from "../notifications";

/**
 * The given configuration, else that of the active editor, else one that the user chooses. If it is open in an editor, its text there is
 * saved first.
 */
export async function configFor(config: vscode.Uri | undefined, title: string): Promise<vscode.Uri | undefined> {
  const file = config ?? (await chooseConfig(title));
  // Saved even if not marked as changed, because the extension learns of a change later than the editor makes it.
  await vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file?.toString())?.save();
  return file;
}

/**
 * Adds to an error about the configuration or its data a button that opens the configuration at the likely place of the error. Returns
 * other errors unchanged.
 */
export function withPlace(error: unknown, file: vscode.Uri): unknown {
  return error instanceof RevganError &&
    !(error instanceof ErrorWithRemedies) &&
    (error.code === "config" || error.code === "data")
    ? new ErrorWithRemedies(error, [openConfigRemedy(file, error.code)])
    : error;
}

/** A button that opens a configuration at the likely error. */
export function openConfigRemedy(file: vscode.Uri, code: RevganError["code"]): Remedy {
  return { title: vscode.l10n.t("Open revgan.json"), run: () => openConfig(file, code) };
}

async function chooseConfig(title: string): Promise<vscode.Uri | undefined> {
  const shown = vscode.window.activeTextEditor?.document.uri;
  if (shown?.scheme === "file" && isConfigFile(shown)) return shown;
  const found = await findConfigFiles(50);
  if (found.length === 0) throw noConfig();
  if (found.length === 1) return found[0];
  const items = found.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  return (
    await vscode.window.showQuickPick(items, {
      title,
      placeHolder: vscode.l10n.t("Which configuration?"),
    })
  )?.uri;
}

function noConfig(): ErrorWithRemedies {
  const problem = {
    code: "config",
    message: vscode.l10n.t("there is no revgan.json in this workspace"),
    remedy: vscode.l10n.t("write one with RevGAN: New Run…"),
  } as const;
  return new ErrorWithRemedies(problem, [commandRemedy(vscode.l10n.t("New Run…"), "revgan.newRun")]);
}
