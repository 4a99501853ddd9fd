import { basename } from "node:path";
import { findNodeAtLocation, type Node, parseTree, type ParseError } from "jsonc-parser";
import * as vscode from "vscode";
import { configProblems } from "../configuration/config";
import { parseJsonWithComments } from "../configuration/jsonWithComments";
import type { ErrorCode } from "../protocol/errors";

/**
 * Whether a file's name is that of a configuration: `revgan.json`, or `NAME.revgan.json` where a folder has several. The menus' conditions
 * in `package.json` use the same pattern.
 */
export function isConfigFile({ path }: vscode.Uri): boolean {
  return /^(.+\.)?revgan\.json$/.test(basename(path));
}

/** At most `most` configurations in the workspace, except those inside `.revgan` and `node_modules`. */
export async function findConfigFiles(most: number): Promise<vscode.Uri[]> {
  return vscode.workspace.findFiles("**/{revgan.json,*.revgan.json}", "**/{node_modules,.revgan}/**", most);
}

/** Maps the keys of a `revgan.json` to ranges of its text. */
export class ConfigText {
  private readonly errors: ParseError[] = [];
  private readonly root: Node | undefined;

  constructor(private readonly document: vscode.TextDocument) {
    this.root = parseTree(document.getText(), this.errors, { allowTrailingComma: true });
  }

  /** The range of a key with its value; for a missing key that of the nearest section above it, or the first line. */
  property(path: string): vscode.Range {
    const node = this.find(path);
    return node === undefined
      ? this.document.lineAt(0).range
      : this.range(node.parent?.type === "property" ? node.parent : node);
  }

  /** The range of a key without its value. */
  key(path: string): vscode.Range {
    const key = this.find(path)?.parent?.children?.[0];
    return key === undefined ? this.property(path) : this.range(key);
  }

  /** The range of a value without its key. */
  value(path: string): vscode.Range {
    const node = this.find(path);
    return node === undefined ? this.property(path) : this.range(node);
  }

  /** The range that an error is most likely about: the syntax error, the first invalid key, or `data.path`. */
  likelyRange(code: ErrorCode): vscode.Range {
    const [first] = this.errors;
    if (first !== undefined) return this.document.lineAt(this.document.positionAt(first.offset).line).range;
    if (code === "data") return this.property(this.has(["data", "a"]) ? "data.a" : "data.path");
    const [problem] = configProblems(parseJsonWithComments(this.document.getText(), this.document.fileName));
    return this.property(problem?.path ?? "");
  }

  private has(keys: string[]): boolean {
    return this.root !== undefined && findNodeAtLocation(this.root, keys) !== undefined;
  }

  private find(path: string): Node | undefined {
    const keys = path === "" ? [] : path.split(".");
    for (; this.root !== undefined && keys.length > 0; keys.pop()) {
      const node = findNodeAtLocation(this.root, keys);
      if (node !== undefined) return node;
    }
    return undefined;
  }

  private range({ offset, length }: Node): vscode.Range {
    return new vscode.Range(this.document.positionAt(offset), this.document.positionAt(offset + length));
  }
}

/** Opens a configuration at the range that an error is about. */
export async function openConfig(file: vscode.Uri, code: ErrorCode): Promise<void> {
  const document = await vscode.workspace.openTextDocument(file);
  // Opened in the editor column that shows it already, because in another column it could cover the panel.
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  await vscode.window.showTextDocument(document, {
    viewColumn: shown?.viewColumn ?? vscode.ViewColumn.Active,
    selection: new ConfigText(document).likelyRange(code),
  });
}

/** Replaces the string value of a key in a configuration, and saves the file. */
export async function replaceValue(file: vscode.Uri, key: string, value: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(file);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(file, new ConfigText(document).value(key), JSON.stringify(value));
  await vscode.workspace.applyEdit(edit);
  await document.save();
}
