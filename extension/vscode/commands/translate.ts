import * as vscode from "vscode";
import { basename, isAbsolute, join } from "node:path";
import { RevganError } from "../../protocol/errors";
import { imageEndings, volumeEndingOf, volumeEndings } from "../../imageFormats";
import type { TranslationDirection, ErrorLine, Line } from "../../protocol/lines";
import type { TranslationRequest } from "../../host/translations";
import { ask, failureText } from "../notifications";
import { type Report, withProgress } from "../progress";
import { setting } from "../readSetting";
import { chooseAnotherModel, chooseModel, models } from "./chooseModel";
import type { RunArgument } from "./runArgument";
import type { Services } from "./services";

/** Endings of pictures and volumes, for the dialog that opens them: without the dot, and it knows none with a dot in it. */
const endings = [...imageEndings, ...volumeEndings].map((ending) => ending.slice(ending.lastIndexOf(".") + 1));

/** Results that are listed when many exist already. */
const shownResults = 5;

/** How other extensions, tasks and tests ask for more than a click can. */
interface TranslateOptions {
  readonly run?: RunArgument;
  readonly out?: vscode.Uri;
}

/** What became of the files of a translation. */
interface Outcome {
  readonly written: vscode.Uri[];
  readonly failures: ErrorLine[];
}

/**
 * `revgan.translateAToB` and `revgan.translateBToA`: translates a picture or volume, several, or folders of them.
 *
 * @param file what was clicked; without it the user chooses
 * @param files everything that is selected, where that is more
 * @returns the files that were written
 * @throws RevganError what went wrong; files that failed among others are told in a notification
 */
export async function translate(
  services: Services,
  direction: TranslationDirection,
  file?: vscode.Uri,
  files?: readonly vscode.Uri[],
  { run, out }: TranslateOptions = {},
): Promise<vscode.Uri[]> {
  const chosen =
    file === undefined ? await choosePictures(direction) : files !== undefined && files.length > 0 ? files : [file];
  if (chosen.length === 0) return [];
  const strange = chosen.find(({ scheme }) => scheme !== "file");
  if (strange !== undefined)
    throw new RevganError(
      "input",
      vscode.l10n.t("{0} is not on this machine's disk", strange.toString()),
      vscode.l10n.t("save it to a folder first"),
    );
  const model = await chooseModel(services, direction, run);
  if (model === undefined) return [];
  const question = {
    run: model.id,
    direction,
    files: chosen.map(({ fsPath }) => fsPath),
    out: out?.fsPath ?? outputFolder(chosen[0]!),
  };
  const title = vscode.l10n.t("Translating with {0}", model.name);
  const outcome = await withProgress(title, (report, signal) => translateAsking(services, question, report, signal));
  if (outcome === null) return [];
  // A program that names where to write wants files, not editors.
  if (out === undefined) await show(outcome, direction, services);
  const [failure] = outcome.failures;
  if (outcome.written.length === 0 && outcome.failures.length === 1 && failure !== undefined)
    throw RevganError.of(failure);
  return outcome.written;
}

/** Asks before anything is overwritten. Null when the user changes their mind. */
async function translateAsking(
  { translations }: Services,
  question: Omit<TranslationRequest, "existing">,
  report: Report,
  signal: AbortSignal,
): Promise<Outcome | null> {
  const outcome: Outcome = { written: [], failures: [] };
  const progress = (done: number, of: number, line: Line): void => {
    if (line.type === "translated") outcome.written.push(vscode.Uri.file(line.output));
    if (line.type === "error") outcome.failures.push(line);
    report(done, of, of === 1 ? "" : vscode.l10n.t("{0} of {1}", done, of));
  };
  report(0, 0, basename(question.files[0]!));
  const existing = await translations.translate({ ...question, existing: "ask" }, progress, signal);
  if (existing.length === 0) return outcome;
  const answer = await askAboutExisting(existing);
  if (answer === undefined) return null;
  await translations.translate({ ...question, existing: answer }, progress, signal);
  return outcome;
}

/** The first answer is the one that Enter gives: of many, nothing is lost by it. */
function askAboutExisting(existing: readonly string[]): Promise<"replace" | "skip" | undefined> {
  const names = existing.map((path) => vscode.workspace.asRelativePath(path));
  if (names.length === 1)
    return ask(
      vscode.l10n.t("{0} exists already.", basename(names[0]!)),
      names[0]!,
      new Map([[vscode.l10n.t("Replace"), "replace"]]),
    );
  const more = names.length > shownResults ? [vscode.l10n.t("and {0} more", names.length - shownResults)] : [];
  const answers = new Map<string, "replace" | "skip">([
    [vscode.l10n.t("Keep Those"), "skip"],
    [vscode.l10n.t("Replace All"), "replace"],
  ]);
  return ask(
    vscode.l10n.t("{0} results exist already.", names.length),
    [...names.slice(0, shownResults), ...more].join("\n"),
    answers,
  );
}

/** Opens the result beside its source, or shows where a volume is, for which there is no editor; and tells what failed. */
async function show(
  { written, failures }: Outcome,
  direction: TranslationDirection,
  services: Services,
): Promise<void> {
  const first = written[0];
  if (first !== undefined && setting("translate.openResult")) {
    if (volumeEndingOf(first.path) !== null) await vscode.commands.executeCommand("revealInExplorer", first);
    else
      await vscode.commands.executeCommand("vscode.open", first, {
        viewColumn: vscode.ViewColumn.Beside,
        preview: true,
        preserveFocus: true,
      });
  }
  if (failures.length > 0 && written.length + failures.length > 1) {
    const text = vscode.l10n.t(
      "{0} of {1} pictures could not be translated. {2}",
      failures.length,
      written.length + failures.length,
      failureText(failures[0]!),
    );
    for (const failure of failures) services.log.warn(failureText(failure));
    const log = vscode.l10n.t("Show Log");
    void vscode.window.showWarningMessage(text, log).then((button) => {
      if (button === log) services.log.show();
    });
  } else if (written.length > 0) {
    await tellModel(services, direction);
  }
}

/** Where there is a choice, says with what was translated, and offers another. */
async function tellModel(services: Services, direction: TranslationDirection): Promise<void> {
  const possible = await models(services, direction);
  if (possible.length <= 1) return;
  const model = await chooseModel(services, direction);
  if (model === undefined) return;
  const another = vscode.l10n.t("Use Another Run…");
  void vscode.window
    .showInformationMessage(vscode.l10n.t("Translated with {0}.", model.name), another)
    .then(async (button) => {
      if (button === another) await chooseAnotherModel(services, direction);
    });
}

async function choosePictures(direction: TranslationDirection): Promise<readonly vscode.Uri[]> {
  const title = direction === "AtoB" ? vscode.l10n.t("Translate A to B") : vscode.l10n.t("Translate B to A");
  const chosen = await vscode.window.showOpenDialog({
    title,
    canSelectMany: true,
    openLabel: vscode.l10n.t("Translate"),
    filters: { [vscode.l10n.t("Pictures and Volumes")]: endings },
  });
  return chosen ?? [];
}

/** The setting's folder; null for beside the source. */
function outputFolder(file: vscode.Uri): string | null {
  const folder = setting("translate.outputFolder", file).trim();
  if (folder === "") return null;
  if (isAbsolute(folder)) return folder;
  const base = vscode.workspace.getWorkspaceFolder(file);
  if (base === undefined)
    throw new RevganError(
      "input",
      vscode.l10n.t("revgan.translate.outputFolder is {0}, but {1} is in no workspace folder", folder, file.fsPath),
      vscode.l10n.t("set it to an absolute path, or to nothing"),
    );
  return join(base.uri.fsPath, folder);
}
