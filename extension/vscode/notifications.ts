import { sep } from "node:path";
import * as vscode from "vscode";
import { type Failure, RevganError, asSentence } from "../protocol/errors";

/** A button of a notification, and what it does. */
export interface Remedy {
  readonly title: string;
  readonly run: () => unknown;
}

/** An error with buttons of its own, which replace those that its code has. */
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

/** The text of an error: what happened, and what to do. */
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

/** Wraps unexpected errors. */
export function toRevganError(error: unknown): RevganError {
  return RevganError.from(error, vscode.l10n.t("look into the log and report this"));
}

/** Errors that are shown and were not dismissed. */
let shownErrors = 0;

/** Shows an error with buttons. Does not wait for the user. */
export function showError(error: RevganError, remedies: readonly Remedy[]): void {
  if (error.code === "interrupted") return;
  shownErrors++;
  void vscode.window.showErrorMessage(failureText(error), ...remedies.map(({ title }) => title)).then((chosen) => {
    shownErrors--;
    return remedies.find(({ title }) => title === chosen)?.run();
  });
}

/**
 * Puts errors away that stand over what came after them: VS Code keeps an error with buttons in view until it is dismissed, and no
 * command closes a single one. They stay in the list of notifications.
 */
export async function hideErrors(): Promise<void> {
  if (shownErrors > 0) await vscode.commands.executeCommand("notifications.hideToasts");
}

/** Tells something that has come to an end, with buttons. Does not wait for the user. */
export function showNews(text: string, buttons: readonly Remedy[]): void {
  void vscode.window
    .showInformationMessage(text, ...buttons.map(({ title }) => title))
    .then((chosen) => buttons.find(({ title }) => title === chosen)?.run());
}

/** Asks a modal question; undefined when it is dismissed. For what cannot be undone. */
export async function ask<T>(
  question: string,
  detail: string,
  answers: ReadonlyMap<string, T>,
): Promise<T | undefined> {
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, ...answers.keys());
  return chosen === undefined ? undefined : answers.get(chosen);
}
