import { basename } from "node:path";
import * as vscode from "vscode";
import { hasSlurm } from "../../../cluster/slurm";
import type { FittingNetwork } from "../../../protocol/trainer";
import { findDataFolders } from "../../../host/findDataFolders";
import { commandRemedy, ErrorWithRemedies, type Remedy, showNews } from "../../notifications";
import { costText } from "../estimates";
import { isThere } from "../../freeFile";
import type { Services } from "../services";
import type { Answers, Place } from "./answers";
import { configText } from "./configuration";
import { FolderList } from "./folderList";
import { usualFile } from "./pickFile";
import { questions } from "./questions";
import { askSteps } from "../steps";

/**
 * `revgan.newRun`: lets the user choose data, mode and network size, and writes a configuration.
 * @param weights the weights to start with, which determine the network; the user then chooses only crop size and time
 * @returns the configuration's Uri; undefined when the user cancels or keeps the existing configuration
 */
export async function newRun(services: Services, weights?: FittingNetwork): Promise<vscode.Uri | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  if (folders.length === 0) throw noFolder();
  const stopper = new AbortController();
  const open = async (folder: vscode.Uri): Promise<Place> => {
    const found = await findDataFolders(folder.fsPath);
    const list = new FolderList(services.translations, folder.fsPath, found, stopper.signal);
    return { folder, list, hasConfig: await isThere(usualFile(folder)) };
  };
  try {
    const known = {
      ...(folders.length === 1 && { place: await open(folders[0]!.uri) }),
      ...(weights !== undefined && { weights }),
    };
    const title =
      weights === undefined ? vscode.l10n.t("New Run") : vscode.l10n.t("New Run from {0}", basename(weights.path));
    const answers = await askSteps(title, questions(services, folders, open), known);
    return answers === undefined ? undefined : await finish(answers);
  } finally {
    stopper.abort();
  }
}

function noFolder(): ErrorWithRemedies {
  const problem = {
    code: "data",
    message: vscode.l10n.t("no folder is open"),
    remedy: vscode.l10n.t("open the folder that holds your pictures"),
  } as const;
  return new ErrorWithRemedies(problem, [commandRemedy(vscode.l10n.t("Open Folder"), "vscode.openFolder")]);
}

/** Writes the configuration, opens it and offers to train it; or only opens the existing configuration, if the user chose to keep that. */
async function finish({ place, plan, target }: Partial<Answers>): Promise<vscode.Uri | undefined> {
  if (place === undefined || plan === undefined) return undefined;
  const { file, isKept } = target ?? { file: usualFile(place.folder), isKept: false };
  if (isKept) {
    await vscode.window.showTextDocument(file);
    return undefined;
  }
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(configText(plan, place.folder.fsPath)));
  await vscode.window.showTextDocument(file);
  const text = vscode.l10n.t("{0} is ready to be trained: {1}.", basename(file.fsPath), costText(plan));
  const train: Remedy = {
    title: vscode.l10n.t("Train"),
    run: () => vscode.commands.executeCommand("revgan.train", file),
  };
  const onCluster: Remedy = {
    title: vscode.l10n.t("Train on Cluster…"),
    // The empty list stands for a menu's further arguments, with which the command asks the user.
    run: () => vscode.commands.executeCommand("revgan.trainOnCluster", file, []),
  };
  showNews(text, hasSlurm() ? [train, onCluster] : [train]);
  return file;
}
