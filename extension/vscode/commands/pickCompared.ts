import * as vscode from "vscode";
import { groupedRuns } from "../../comparison/groupedRuns";
import { RevganError } from "../../protocol/errors";
import { type ComparedArgument, describeRun } from "./runArgument";
import type { Services } from "./services";

interface ComparedItem extends vscode.QuickPickItem {
  /** The run or folder; null for the entry that asks for another folder by a dialog. */
  readonly argument: ComparedArgument | null;
}

/** The texts of the question, which depend on the command. */
interface Words {
  readonly title: string;
  readonly placeHolder: string;
  /** The label of the button in the dialog for another folder. */
  readonly openLabel: string;
}

/**
 * Lets the user pick runs and folders of runs, to compare them or to write a report; also folders outside of the list, by a dialog.
 * @throws RevganError `run` where there is no run
 */
export async function pickCompared({ runs, paths }: Services, words: Words): Promise<ComparedArgument[]> {
  const possible = runs.list().filter(({ id }) => runs.store.get(id)?.run != null);
  if (possible.length === 0)
    throw new RevganError(
      "run",
      vscode.l10n.t("there is no run for that"),
      vscode.l10n.t("start one with RevGAN: Try with Sample Data or RevGAN: New Run…"),
    );
  const entries = groupedRuns(possible);
  const groups = entries.flatMap((entry): ComparedItem[] =>
    "folder" in entry
      ? [
          {
            label: entry.name,
            iconPath: vscode.ThemeIcon.Folder,
            description: vscode.l10n.t("all {0} runs", entry.runs.length),
            argument: { folder: entry.folder },
          },
        ]
      : [],
  );
  const items = entries
    .flatMap((entry) => ("folder" in entry ? entry.runs : [entry]))
    .map((run): ComparedItem => ({ label: run.name, description: describeRun(run), argument: run.id }));
  const another: ComparedItem = {
    label: vscode.l10n.t("Another Folder…"),
    iconPath: new vscode.ThemeIcon("folder-opened"),
    description: vscode.l10n.t("all runs in it, as those of a sweep"),
    argument: null,
  };
  const picked = await vscode.window.showQuickPick([...groups, ...items, another], {
    title: words.title,
    placeHolder: words.placeHolder,
    canPickMany: true,
    matchOnDescription: true,
  });
  const chosen: ComparedArgument[] = [];
  for (const { argument } of picked ?? []) {
    const given = argument ?? (await askForFolder(paths.defaultFolder, words.openLabel));
    if (given !== undefined) chosen.push(given);
  }
  return chosen;
}

async function askForFolder(at: string, openLabel: string): Promise<ComparedArgument | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    defaultUri: vscode.Uri.file(at),
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel,
  });
  return chosen?.[0] === undefined ? undefined : { folder: chosen[0].fsPath };
}
