import { findNodeAtLocation, parseTree } from "jsonc-parser";
import { basename } from "node:path";
import * as vscode from "vscode";
import { configProblems } from "../protocol/config";
import { parseJsonWithComments } from "../protocol/configText";

/**
 * Marks in `revgan.json` what the trainer would refuse: misspelt keys with the nearest one that exists, and values that do not go
 * together, which the schema of the editor's completion cannot say.
 */
export class ConfigDiagnostics {
  private readonly collection = vscode.languages.createDiagnosticCollection("revgan");
  private readonly subscriptions: readonly { dispose(): void }[];

  constructor() {
    this.subscriptions = [
      this.collection,
      vscode.workspace.onDidOpenTextDocument((document) => this.check(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.check(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.collection.delete(uri)),
    ];
    for (const document of vscode.workspace.textDocuments) this.check(document);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private check(document: vscode.TextDocument): void {
    if (basename(document.uri.path) !== "revgan.json") return;
    this.collection.set(document.uri, problemsIn(document));
  }
}

function problemsIn(document: vscode.TextDocument): vscode.Diagnostic[] {
  const text = document.getText();
  let value: unknown;
  try {
    value = parseJsonWithComments(text, "revgan.json");
  } catch {
    // The editor marks what is not JSON itself.
    return [];
  }
  const root = parseTree(text, [], { allowTrailingComma: true });
  return configProblems(value).map(({ path, text: message, remedy }) => {
    const node = root === undefined || path === "" ? undefined : findNodeAtLocation(root, path.split("."));
    // The key and its value; the whole first line for what is not there.
    const place = node?.parent ?? node;
    const range = place === undefined ? document.lineAt(0).range : new vscode.Range(document.positionAt(place.offset), document.positionAt(place.offset + place.length));
    const diagnostic = new vscode.Diagnostic(range, remedy === undefined ? message : `${message}; ${remedy}`, vscode.DiagnosticSeverity.Error);
    diagnostic.source = "RevGAN";
    return diagnostic;
  });
}
