import { sep } from "node:path";
import * as vscode from "vscode";
import { type Failure, RevganError, sentence } from "../protocol/errors";

/** A button of a notification, and what it does. */
export interface Remedy {
  readonly title: string;
  readonly run: () => unknown;
}

/** A failure with buttons that help better than those of its code. */
export class HelpfulError extends RevganError {
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

/** What a failure is to its reader: what happened, and what to do about it. */
export function failureText({ message, remedy }: { readonly message: string; readonly remedy: string }): string {
  return `${noticeText(message)} ${noticeText(remedy)}`.trim();
}

/** A message as a notification has it: paths in the workspace are told from its folder. */
export function noticeText(message: string): string {
  return inWorkspace(sentence(message));
}

/** Paths in the workspace's only folder are told from there: a notification is small. */
function inWorkspace(text: string): string {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const [only] = folders;
  return only === undefined || folders.length > 1 ? text : text.replaceAll(`${only.uri.fsPath}${sep}`, "");
}

/** Any failure as one that can be shown. */
export function known(error: unknown): RevganError {
  return RevganError.from(error, vscode.l10n.t("look into the log and report this"));
}

/** Shows a failure with buttons that help. Waits for no answer. */
export function showProblem(error: RevganError, remedies: readonly Remedy[]): void {
  if (error.code === "interrupted") return;
  void vscode.window
    .showErrorMessage(failureText(error), ...remedies.map(({ title }) => title))
    .then((chosen) => remedies.find(({ title }) => title === chosen)?.run());
}

/** Asks a question with buttons; undefined when it is dismissed. Modal: for what cannot be undone, and where work waits for it. */
export async function ask<T>(
  question: string,
  detail: string,
  answers: ReadonlyMap<string, T>,
): Promise<T | undefined> {
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, ...answers.keys());
  return chosen === undefined ? undefined : answers.get(chosen);
}
