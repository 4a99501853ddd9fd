import { dirname } from "node:path";
import * as vscode from "vscode";
import { groupedProblems } from "../../configuration/config";
import { parseJsonWithComments } from "../../configuration/jsonWithComments";
import { missingFolders } from "../../host/missingFolders";
import { ConfigText, isConfigFile } from "../configFiles";

/**
 * A diagnostic in a configuration. `replacement` is the text that a quick fix puts in its range; null where only the user knows the right
 * value.
 */
interface Mark {
  readonly diagnostic: vscode.Diagnostic;
  readonly replacement: string | null;
}

/**
 * Reports problems that the JSON schema of `revgan.json` cannot express: values that contradict each other, and data folders that do not
 * exist. The editor itself reports violations of the schema; this class adds a hint with the nearest known key to an unknown one. Misspelt
 * keys and folders have a quick fix.
 */
export class ConfigDiagnostics implements vscode.CodeActionProvider {
  private readonly collection = vscode.languages.createDiagnosticCollection("revgan");
  private readonly marks = new Map<string, readonly Mark[]>();
  private readonly subscriptions: readonly { dispose(): void }[];

  /** @param onError called with errors of checks, which run in the background */
  constructor(private readonly onError: (error: unknown) => void) {
    this.subscriptions = [
      this.collection,
      vscode.workspace.onDidOpenTextDocument((document) => this.check(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.check(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.set(uri, [])),
      // Files are checked again when the user comes back to an editor or the window, because folders may have been created or deleted
      // meanwhile.
      vscode.window.onDidChangeActiveTextEditor((editor) => editor && this.check(editor.document)),
      vscode.window.onDidChangeWindowState(({ focused }) => focused && this.checkAll()),
      vscode.workspace.onDidSaveTextDocument((document) => this.check(document)),
      vscode.languages.registerCodeActionsProvider({ scheme: "file", language: "jsonc" }, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    ];
    this.checkAll();
  }

  provideCodeActions({ uri }: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    return (this.marks.get(uri.toString()) ?? []).flatMap(({ diagnostic, replacement }) => {
      if (replacement === null || diagnostic.range.intersection(range) === undefined) return [];
      const action = new vscode.CodeAction(vscode.l10n.t("Change to {0}", replacement), vscode.CodeActionKind.QuickFix);
      action.edit = new vscode.WorkspaceEdit();
      action.edit.replace(uri, diagnostic.range, replacement);
      action.diagnostics = [diagnostic];
      action.isPreferred = true;
      return [action];
    });
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private checkAll(): void {
    for (const document of vscode.workspace.textDocuments) this.check(document);
  }

  private check(document: vscode.TextDocument): void {
    if (!isConfigFile(document.uri)) return;
    const { version } = document;
    const known = marksIn(document);
    if (known === null) {
      this.set(document.uri, []);
      return;
    }
    missingFolderMarks(document, known.data)
      .then((missing) => {
        // If the text has changed meanwhile, it is checked again, and this result is outdated.
        if (document.version === version && !document.isClosed) this.set(document.uri, [...known.marks, ...missing]);
      })
      .catch(this.onError);
  }

  private set(uri: vscode.Uri, marks: readonly Mark[]): void {
    this.marks.set(uri.toString(), marks);
    this.collection.set(
      uri,
      marks.map(({ diagnostic }) => diagnostic),
    );
  }
}

type DataFolders = Parameters<typeof missingFolders>[0];

/**
 * The marks that follow from the text alone, and the data folders that it names; null for a text that is not JSON, an error that the editor
 * itself reports.
 */
function marksIn(
  document: vscode.TextDocument,
): { readonly marks: readonly Mark[]; readonly data: DataFolders } | null {
  let value: unknown;
  try {
    value = parseJsonWithComments(document.getText(), "revgan.json");
  } catch {
    return null;
  }
  const text = new ConfigText(document);
  const { unknownKeys, combinations } = groupedProblems(value);
  return {
    marks: [
      ...unknownKeys.map(({ path, nearest }) => ({
        diagnostic: diagnostic(
          text.key(path),
          vscode.l10n.t("Did you mean {0}?", nearest),
          vscode.DiagnosticSeverity.Hint,
        ),
        // No quick fix for a key in a wrong section: it would have to be moved, not renamed.
        replacement: sectionOf(path) === sectionOf(nearest) ? JSON.stringify(nameOf(nearest)) : null,
      })),
      ...combinations.map(({ path, text: message, remedy }) => ({
        diagnostic: diagnostic(
          text.property(path),
          remedy === undefined ? message : `${message}; ${remedy}`,
          vscode.DiagnosticSeverity.Error,
        ),
        replacement: null,
      })),
    ],
    data: foldersIn(value),
  };
}

async function missingFolderMarks(document: vscode.TextDocument, data: DataFolders): Promise<Mark[]> {
  if (document.uri.scheme !== "file") return [];
  const missing = await missingFolders(data, dirname(document.uri.fsPath));
  const text = new ConfigText(document);
  return missing.map(({ key, path, nearest }) => ({
    diagnostic: diagnostic(
      text.value(key),
      nearest === null
        ? vscode.l10n.t("There is no folder {0}.", path)
        : vscode.l10n.t("There is no folder {0}. Did you mean {1}?", path, nearest),
      vscode.DiagnosticSeverity.Error,
    ),
    replacement: nearest === null ? null : JSON.stringify(nearest),
  }));
}

/** The data folders in a parsed configuration, which may be invalid otherwise. */
function foldersIn(value: unknown): DataFolders {
  const data = (value as { data?: unknown } | null)?.data as Readonly<Record<string, unknown>> | null | undefined;
  const pathAt = (key: "path" | "a" | "b"): string | null => {
    const given = data?.[key];
    return typeof given === "string" && given !== "" ? given : null;
  };
  return { path: pathAt("path"), a: pathAt("a"), b: pathAt("b") };
}

function diagnostic(range: vscode.Range, message: string, severity: vscode.DiagnosticSeverity): vscode.Diagnostic {
  return Object.assign(new vscode.Diagnostic(range, message, severity), { source: "RevGAN" });
}

function sectionOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(".")));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
