import type * as vscode from "vscode";
import { Extension } from "./extension";

/** Called by VS Code when something of ours is first needed. */
export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(new Extension(context));
}
