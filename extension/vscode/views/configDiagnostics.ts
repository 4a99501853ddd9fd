import { basename } from "node:path";
import * as vscode from "vscode";
import { groupedProblems } from "../../configuration/config";
import { parseJsonWithComments } from "../../configuration/jsonWithComments";
import { ConfigText } from "../configText";

/**
 * Reports what the JSON schema of `revgan.json` cannot express: values that contradict each other. The editor reports violations of the
 * schema itself; to an unknown key a hint adds the nearest known one.
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
  let value: unknown;
  try {
    value = parseJsonWithComments(document.getText(), "revgan.json");
  } catch {
    // The editor reports syntax errors itself.
    return [];
  }
  const text = new ConfigText(document);
  const { unknownKeys, combinations } = groupedProblems(value);
  const marked = (range: vscode.Range, message: string, severity: vscode.DiagnosticSeverity): vscode.Diagnostic =>
    Object.assign(new vscode.Diagnostic(range, message, severity), { source: "RevGAN" });
  return [
    ...unknownKeys.map(({ path, nearest }) =>
      marked(text.key(path), vscode.l10n.t("Did you mean {0}?", nearest), vscode.DiagnosticSeverity.Hint),
    ),
    ...combinations.map(({ path, text: message, remedy }) =>
      marked(
        text.property(path),
        remedy === undefined ? message : `${message}; ${remedy}`,
        vscode.DiagnosticSeverity.Error,
      ),
    ),
  ];
}
