import * as vscode from "vscode";
import { relative } from "node:path";
import { describeData } from "./describeData";
import { type FolderEntry, isUnusable } from "./folderList";

/** What an entry of a list of folders stands for. */
export type FolderChoice = { readonly folder: string } | "another" | "sides";

export interface FolderItem extends vscode.QuickPickItem {
  /** Undefined for a separator. */
  readonly choice?: FolderChoice;
}

/** A folder with what it holds, or with what is wrong and, in a line of its own, what to do. */
export function folderItem(root: string, { folder, isPlain, inspection }: FolderEntry): FolderItem {
  const icon = (name: string): { readonly iconPath: vscode.ThemeIcon } => ({ iconPath: new vscode.ThemeIcon(name) });
  const item = { label: labelOf(root, folder), choice: { folder } };
  if (inspection === null) return { ...item, ...icon("folder"), description: vscode.l10n.t("looking…") };
  if ("layout" in inspection)
    return { ...item, ...icon(isPlain ? "folder" : "library"), description: describeData(inspection.layout) };
  const { message, remedy } = inspection.problem;
  return { ...item, ...icon("warning"), description: message, detail: remedy };
}

/** Folders under a heading; nothing where there are none. */
export function section(label: string, root: string, entries: readonly FolderEntry[]): FolderItem[] {
  return entries.length === 0
    ? []
    : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...entries.map((entry) => folderItem(root, entry))];
}

/** Folders that stay in the list with the reason. */
export function unusableFolderItems(root: string, entries: readonly FolderEntry[]): FolderItem[] {
  return section(
    vscode.l10n.t("cannot be trained on"),
    root,
    entries.filter(({ inspection }) => isUnusable(inspection)),
  );
}

/** The entry that opens a dialog. */
export function anotherFolder(): FolderItem {
  const label = vscode.l10n.t("Another Folder…");
  return { label, iconPath: new vscode.ThemeIcon("folder-opened"), alwaysShow: true, choice: "another" };
}

/** Undefined where the user cancels. */
export async function folderFromDialog(root: string, openLabel: string): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    defaultUri: vscode.Uri.file(root),
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel,
  });
  return chosen?.[0]?.fsPath;
}

/** A folder as people read it: relative inside the workspace folder. */
export function labelOf(root: string, folder: string): string {
  const path = relative(root, folder);
  return path === "" ? "." : path.startsWith("..") ? folder : path;
}
