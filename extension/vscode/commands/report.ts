import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import { type Remedy, showNews } from "../notifications";
import { withProgress } from "../progress";
import { reveal } from "../reveal";
import { pickCompared } from "./pickCompared";
import { type ComparedArgument, runFrom } from "./runArgument";
import { runCommand } from "./runCommand";
import type { Services } from "./services";

/** Options for calls by programs. */
interface ReportOptions {
  readonly out?: vscode.Uri;
}

/**
 * `revgan.report`: writes a report on one run or on several side by side, or the model card of one run.
 *
 * @param runs runs or folders of runs; if undefined, the user picks
 * @param more options; if several entries are selected in the tree, it passes all of them here
 * @returns the file; undefined when the user cancels
 */
export async function report(
  services: Services,
  runs?: ComparedArgument | readonly ComparedArgument[],
  more: ReportOptions | readonly ComparedArgument[] = {},
): Promise<vscode.Uri | undefined> {
  await services.runs.store.refresh();
  const [selected, out] = "length" in more ? [more, undefined] : [runs, more.out];
  const chosen = selected === undefined ? await pickRuns(services) : [selected].flat();
  const folders: string[] = [];
  for (const each of chosen)
    folders.push(typeof each === "object" && "folder" in each ? each.folder : (await runFrom(each, services)).id);
  const [first] = folders;
  const file = first === undefined ? undefined : (out ?? (await askForFile(first, folders.length)));
  if (file === undefined) return undefined;
  await withProgress(vscode.l10n.t("Writing {0}", basename(file.fsPath)), (_, signal) =>
    runCommand(services, ["report", ...folders, "--out", file.fsPath], { cwd: services.paths.defaultFolder, signal }),
  );
  showNews(vscode.l10n.t("{0} is written.", basename(file.fsPath)), nextSteps(file));
  return file;
}

function pickRuns(services: Services): Promise<ComparedArgument[]> {
  return pickCompared(services, {
    title: vscode.l10n.t("Report"),
    placeHolder: vscode.l10n.t("Which runs? Several are shown side by side."),
    openLabel: vscode.l10n.t("Report on Its Runs"),
  });
}

/** Asks for the file to write, by default beside the run; undefined when the user cancels. */
async function askForFile(run: string, runs: number): Promise<vscode.Uri | undefined> {
  const name = runs === 1 ? basename(run) : vscode.l10n.t("report");
  return vscode.window.showSaveDialog({
    title: vscode.l10n.t("Report"),
    defaultUri: vscode.Uri.file(join(dirname(run), `${name}.html`)),
    filters: {
      [vscode.l10n.t("Report for a browser")]: ["html"],
      ...(runs === 1 ? { [vscode.l10n.t("Model card")]: ["md"] } : {}),
    },
  });
}

/**
 * Buttons after a report was written. Opening a report in the browser is left out in remote windows, because the browser runs on another
 * machine than the files.
 */
function nextSteps(file: vscode.Uri): Remedy[] {
  const isCard = file.path.endsWith(".md");
  const isHere = vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
  const open: Remedy[] = isCard
    ? [{ title: vscode.l10n.t("Open"), run: () => vscode.commands.executeCommand("markdown.showPreview", file) }]
    : isHere
      ? [{ title: vscode.l10n.t("Open in Browser"), run: () => vscode.env.openExternal(file) }]
      : [];
  return [...open, { title: vscode.l10n.t("Reveal"), run: () => reveal(file) }];
}
