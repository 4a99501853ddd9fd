import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import { type Remedy, showNews } from "../notifications";
import { withProgress } from "../progress";
import { reveal } from "../reveal";
import { pickCompared } from "./pickCompared";
import { type ComparedArgument, runFrom } from "./runArgument";
import { runCommand } from "./runCommand";
import type { Services } from "./services";

/** Options for programs. */
interface ReportOptions {
  readonly out?: vscode.Uri;
}

/**
 * `revgan.report`: writes a report on a run, or on several side by side, or the model card of one.
 *
 * @param runs runs or folders of runs; undefined: the user picks
 * @param more options; the tree passes all selected entries here, where there are several
 * @returns the file; undefined where the user names none
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

/** Beside the run, unless the user names another place. */
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

/** A browser of this machine cannot open files of another one. */
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
