import * as vscode from "vscode";
import { basename } from "node:path";
import { domainNames } from "../../configuration/domainNames";
import { RevganError } from "../../protocol/errors";
import { volumeEndingOf } from "../../imageFormats";
import type { ErrorLine, Line, TranslationDirection } from "../../protocol/lines";
import type { RunSummary } from "../../protocol/panel";
import type { TranslationRequest } from "../../host/translations";
import { ask, failureText } from "../notifications";
import { type Report, withProgress } from "../progress";
import { setting } from "../readSetting";
import { reveal } from "../reveal";
import { chooseAnotherModel, isExample, models } from "./chooseModel";
import type { Services } from "./services";

/** The most names of existing results that a question lists. */
const shownResults = 5;

/** The files to translate, with the run and the direction. */
export interface Translation extends Omit<TranslationRequest, "run" | "existing"> {
  readonly model: RunSummary;
}

/** How the results of a translation are handled. */
interface ResultHandling {
  /** Whether results that exist already are replaced without a question. */
  readonly replaces?: boolean;
  /** Whether the first result is shown. */
  readonly shows: boolean;
  /** Whether the run was chosen automatically, so that the user is offered another one. */
  readonly offersAnotherRun: boolean;
}

/** The results of a translation: the files written, and an error for each file that failed. */
interface Outcome {
  readonly written: vscode.Uri[];
  readonly failures: ErrorLine[];
}

/**
 * Translates files under a progress notification, and shows the result.
 *
 * @returns the files that were written
 * @throws RevganError if the translation, or its only file, failed; if some of several files failed, a notification lists them instead
 */
export async function translateFiles(
  services: Services,
  { model, ...question }: Translation,
  { replaces = false, shows, offersAnotherRun }: ResultHandling,
): Promise<vscode.Uri[]> {
  const request = { ...question, run: model.id };
  const title = vscode.l10n.t("Translating with {0}", model.name);
  const outcome = await withProgress(title, (report, signal) =>
    translateAsking(services, request, replaces ? "replace" : "ask", report, signal),
  );
  if (outcome === null) return [];
  if (shows) await show(outcome, services);
  if (shows && offersAnotherRun && outcome.failures.length === 0 && outcome.written.length > 0)
    await tellModel(services, model, question.direction);
  const [failure] = outcome.failures;
  if (outcome.written.length === 0 && outcome.failures.length === 1 && failure !== undefined)
    throw RevganError.of(failure);
  return outcome.written;
}

/** Translates, and asks before existing results are replaced. Null when the user cancels that question. */
async function translateAsking(
  { translations }: Services,
  question: Omit<TranslationRequest, "existing">,
  first: "ask" | "replace",
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
  const existing = await translations.translate({ ...question, existing: first }, progress, signal);
  if (existing.length === 0) return outcome;
  const answer = await askAboutExisting(existing);
  if (answer === undefined) return null;
  await translations.translate({ ...question, existing: answer }, progress, signal);
  return outcome;
}

/**
 * Asks what to do with existing results. Enter gives the first answer; with several results that is to keep them, so that nothing is lost.
 */
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

/**
 * Opens the first result in an editor beside the active one, or reveals its file if it is a volume, for which there is no editor. Reports
 * files that failed.
 */
async function show({ written, failures }: Outcome, services: Services): Promise<void> {
  const first = written[0];
  if (first !== undefined && setting("translate.openResult")) {
    if (volumeEndingOf(first.path) !== null) await reveal(first);
    else
      await vscode.commands.executeCommand("vscode.open", first, {
        viewColumn: vscode.ViewColumn.Beside,
        preview: true,
        preserveFocus: true,
      });
  }
  const [failure] = failures;
  if (failure !== undefined && written.length + failures.length > 1)
    tellFailures(failures, failure, written.length + failures.length, services);
}

function tellFailures(failures: readonly ErrorLine[], first: ErrorLine, of: number, { log }: Services): void {
  for (const failure of failures) log.warn(failureText(failure));
  const button = vscode.l10n.t("Show Log");
  const text = vscode.l10n.t("{0} of {1} files could not be translated. {2}", failures.length, of, failureText(first));
  void vscode.window.showWarningMessage(text, button).then((chosen) => {
    if (chosen === button) log.show();
  });
}

/**
 * If the user has other trained runs, says which run was used and offers another. Otherwise, if the example was used, says for which
 * pictures it was trained.
 */
async function tellModel(services: Services, used: RunSummary, direction: TranslationDirection): Promise<void> {
  const others = (await models(services, direction)).filter((run) => run.id !== used.id && !isExample(services, run));
  if (others.length === 0) {
    if (isExample(services, used)) tellExample(services, used);
    return;
  }
  const another = vscode.l10n.t("Use Another Run…");
  void vscode.window
    .showInformationMessage(vscode.l10n.t("Translated with {0}.", used.name), another)
    .then(async (button) => {
      if (button === another) await chooseAnotherModel(services, direction);
    });
}

function tellExample({ runs }: Services, { id }: RunSummary): void {
  const { a, b } = domainNames(runs.config(id)!);
  const newRun = vscode.l10n.t("New Run…");
  const text = vscode.l10n.t(
    "Translated with the example that comes with RevGAN. It knows {0} and {1} alone: for other pictures train a run of your own.",
    a,
    b,
  );
  void vscode.window
    .showInformationMessage(text, ...(runs.actions.includes("newRun") ? [newRun] : []))
    .then(async (button) => {
      if (button === newRun) await vscode.commands.executeCommand("revgan.newRun");
    });
}
