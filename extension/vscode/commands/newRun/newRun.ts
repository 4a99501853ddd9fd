import * as vscode from "vscode";
import { relative, sep } from "node:path";
import type { DataLayout } from "../../protocol/trainer";
import { findDataFolders } from "../../host/findDataFolders";
import { ask, commandRemedy, ErrorWithRemedies } from "../notifications";
import type { PlanLine } from "../../protocol/lines";
import { costText, planOf } from "./estimates";
import { type ChosenData, pickData } from "./pickData";
import { pickPlan } from "./pickPlan";
import type { Services } from "./services";

/** `revgan.newRun`: lets the user choose data, mode and network size, and writes `revgan.json`. @returns its Uri */
export async function newRun(services: Services): Promise<vscode.Uri | undefined> {
  const folder = await chooseWorkspaceFolder();
  if (folder === undefined) return undefined;
  const title = vscode.l10n.t("New Run");
  const data = await pickData(
    services.translations,
    await findDataFolders(folder.uri.fsPath),
    folder.uri.fsPath,
    `${title} (1/3)`,
  );
  if (data === undefined) return undefined;
  const mode = await pickMode(data.layout, `${title} (2/3)`);
  if (mode === undefined) return undefined;
  const plans = await planOf(services, baseConfig(data, mode), folder.uri.fsPath);
  const plan = await pickPlan(plans, `${title} (3/3)`);
  if (plan === undefined) return undefined;
  const file = vscode.Uri.joinPath(folder.uri, "revgan.json");
  const isWanted = await mayWrite(file);
  if (isWanted)
    await vscode.workspace.fs.writeFile(
      file,
      new TextEncoder().encode(configText(plan, pathIn(folder.uri.fsPath, data.folder))),
    );
  await vscode.window.showTextDocument(file);
  if (isWanted === undefined) return undefined;
  const train = vscode.l10n.t("Train");
  void vscode.window
    .showInformationMessage(vscode.l10n.t("revgan.json is ready to be trained: {0}.", costText(plan)), train)
    .then(async (button) => {
      if (button === train) await vscode.commands.executeCommand("revgan.train", file);
    });
  return file;
}

async function chooseWorkspaceFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  if (folders.length === 0) {
    const problem = {
      code: "data",
      message: vscode.l10n.t("no folder is open"),
      remedy: vscode.l10n.t("open the folder that holds your pictures"),
    } as const;
    throw new ErrorWithRemedies(problem, [commandRemedy(vscode.l10n.t("Open Folder"), "vscode.openFolder")]);
  }
  return folders.length === 1
    ? folders[0]
    : vscode.window.showWorkspaceFolderPick({ placeHolder: vscode.l10n.t("Where is revgan.json to be written?") });
}

async function pickMode(layout: DataLayout, title: string): Promise<DataLayout["mode"] | undefined> {
  const unpaired = {
    label: "unpaired",
    detail: vscode.l10n.t("Two kinds of pictures, without partners: photographs and paintings, summer and winter"),
    mode: "unpaired" as const,
  };
  const paired = {
    label: "paired",
    detail: vscode.l10n.t("Each picture of A has its picture of B: of the same name, or side by side in one file"),
    mode: "paired" as const,
  };
  // Aligned files, A and B side by side, are always paired.
  const items =
    layout.kind === "aligned" ? [paired] : layout.mode === "paired" ? [paired, unpaired] : [unpaired, paired];
  return (
    await vscode.window.showQuickPick(items, {
      title,
      placeHolder: vscode.l10n.t("How do the pictures of A and B belong together?"),
    })
  )?.mode;
}

/** False: keep the existing file and open it. Undefined: the user cancelled. */
async function mayWrite(file: vscode.Uri): Promise<boolean | undefined> {
  const isThere = await vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
  if (!isThere) return true;
  const answers = new Map([
    [vscode.l10n.t("Replace"), true],
    [vscode.l10n.t("Keep and Open It"), false],
  ]);
  return ask(vscode.l10n.t("There is a revgan.json already."), file.fsPath, answers);
}

/** Relative inside the workspace, so that the workspace can be moved. */
function pathIn(folder: string, data: string): string {
  const path = relative(folder, data);
  if (path === "") return ".";
  return path.startsWith("..") ? data : path.split(sep).join("/");
}

/** The configuration of the chosen data, before anything of the network's size is chosen. */
function baseConfig({ folder, layout }: ChosenData, mode: DataLayout["mode"]): object {
  const { dimensions, folders, channels } = layout;
  return {
    mode,
    ...(dimensions === 3 && { network: { dimensions, inputChannels: channels.a, outputChannels: channels.b } }),
    data: { path: folder, ...(folders !== null && { folders }) },
  };
}

/** @param path of the data as the file is to have it */
function configText({ config }: PlanLine, path: string): string {
  const { data, ...others } = config;
  return `${JSON.stringify({ ...others, data: { ...(data as object), path } }, null, 2)}\n`;
}
