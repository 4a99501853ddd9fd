import * as vscode from "vscode";
import { relative } from "node:path";
import { describeData } from "./describeData";
import { type FolderEntry, isUnusable } from "./folderList";

/**
 * The meaning of an entry in a list of folders: a folder, `another` to choose one by a dialog, or `sides` if the files of A's folder have A
 * and B side by side.
 */
export type FolderChoice = { readonly folder: string } | "another" | "sides";

export interface FolderItem extends vscode.QuickPickItem {
  /** Undefined for a separator. */
  readonly choice?: FolderChoice;
}

/** The entry of a folder: with its content, or if it cannot be trained on, with the problem and, in a second line, the remedy. */
export function folderItem(root: string, { folder, isPlain, inspection }: FolderEntry): FolderItem {
  const icon = (name: string): { readonly iconPath: vscode.ThemeIcon } => ({ iconPath: new vscode.ThemeIcon(name) });
  const item = { label: labelOf(root, folder), choice: { folder } };
  if (inspection === null) return { ...item, ...icon("folder"), description: vscode.l10n.t("looking…") };
  if ("layout" in inspection)
    return { ...item, ...icon(isPlain ? "folder" : "library"), description: describeData(inspection.layout) };
  const { message, remedy } = inspection.problem;
  return { ...item, ...icon("warning"), description: message, detail: remedy };
}

/** The entries of folders, under a heading; none for an empty list. */
export function section(label: string, root: string, entries: readonly FolderEntry[]): FolderItem[] {
  return entries.length === 0
    ? []
    : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...entries.map((entry) => folderItem(root, entry))];
}

/** The entries of folders that cannot be trained on, which stay in the list with the reason. */
export function unusableFolderItems(root: string, entries: readonly FolderEntry[]): FolderItem[] {
  return section(
    vscode.l10n.t("cannot be trained on"),
    root,
    entries.filter(({ inspection }) => isUnusable(inspection)),
  );
}

/** The entry that lets the user choose another folder by a dialog. */
export function anotherFolder(): FolderItem {
  const label = vscode.l10n.t("Another Folder…");
  return { label, iconPath: new vscode.ThemeIcon("folder-opened"), alwaysShow: true, choice: "another" };
}

/** Lets the user choose a folder by a dialog; undefined when the user cancels. */
export async function folderFromDialog(root: string, openLabel: string): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    defaultUri: vscode.Uri.file(root),
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel,
  });
  return chosen?.[0]?.fsPath;
}

/** A folder's path for display: relative to `root` if it is inside of it. */
export function labelOf(root: string, folder: string): string {
  const path = relative(root, folder);
  return path === "" ? "." : path.startsWith("..") ? folder : path;
}
