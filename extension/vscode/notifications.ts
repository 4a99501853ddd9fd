import { sep } from "node:path";
import * as vscode from "vscode";
import { type Failure, RevganError, asSentence } from "../protocol/errors";

/** A button of a notification: its title, and the function that it calls. */
export interface Remedy {
  readonly title: string;
  readonly run: () => unknown;
}

/** An error with its own buttons, which are shown instead of the usual ones for its code. */
export class ErrorWithRemedies extends RevganError {
  constructor(
    { code, message, remedy }: Failure,
    readonly remedies: readonly Remedy[],
  ) {
    super(code, message, remedy);
  }
}

/** A button that runs a command. */
export function commandRemedy(title: string, command: string): Remedy {
  return { title, run: () => vscode.commands.executeCommand(command) };
}

/** The text of an error for the user: its message and its remedy, as two sentences. */
export function failureText({ message, remedy }: { readonly message: string; readonly remedy: string }): string {
  return `${noticeText(message)} ${noticeText(remedy)}`.trim();
}

/** A message as a sentence, with paths relative to the workspace's only folder. */
export function noticeText(message: string): string {
  return relativeToWorkspace(asSentence(message));
}

/** A text with paths relative to the workspace's only folder. */
export function relativeToWorkspace(text: string): string {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const [only] = folders;
  return only === undefined || folders.length > 1 ? text : text.replaceAll(`${only.uri.fsPath}${sep}`, "");
}

/** Returns a RevganError as it is, and wraps any other error into one of code `internal`. */
export function toRevganError(error: unknown): RevganError {
  return RevganError.from(error, vscode.l10n.t("look into the log and report this"));
}

/** The number of error notifications that are shown and not yet dismissed. */
let shownErrors = 0;

/** Shows an error with buttons, without waiting for the user. Errors of code `interrupted` are not shown. */
export function showError(error: RevganError, remedies: readonly Remedy[]): void {
  if (error.code === "interrupted") return;
  shownErrors++;
  void vscode.window.showErrorMessage(failureText(error), ...remedies.map(({ title }) => title)).then((chosen) => {
    shownErrors--;
    return remedies.find(({ title }) => title === chosen)?.run();
  });
}

/**
 * Hides earlier errors, which would otherwise cover newer content: VS Code shows an error with buttons until it is dismissed, and no
 * command closes a single notification. They remain in the list of notifications.
 */
export async function hideErrors(): Promise<void> {
  if (shownErrors > 0) await vscode.commands.executeCommand("notifications.hideToasts");
}

/** Shows that something is finished, with buttons. Does not wait for the user. */
export function showNews(text: string, buttons: readonly Remedy[]): void {
  void vscode.window
    .showInformationMessage(text, ...buttons.map(({ title }) => title))
    .then((chosen) => buttons.find(({ title }) => title === chosen)?.run());
}

/**
 * Asks a modal question, for actions that cannot be undone. @param answers the value of each button, by its title. @returns undefined when
 * the question is dismissed
 */
export async function ask<T>(
  question: string,
  detail: string,
  answers: ReadonlyMap<string, T>,
): Promise<T | undefined> {
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, ...answers.keys());
  return chosen === undefined ? undefined : answers.get(chosen);
}
