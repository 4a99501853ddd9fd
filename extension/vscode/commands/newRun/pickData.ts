import * as vscode from "vscode";
import { relative, sep } from "node:path";
import type { DataLayout } from "../../protocol/trainer";
import type { Translations } from "../../host/translations";
import { toRevganError, failureText } from "../notifications";

/** A data folder and its layout. */
export interface ChosenData {
  readonly folder: string;
  readonly layout: DataLayout;
}

interface DataItem extends vscode.QuickPickItem {
  /** Null for the entry that opens a dialog. */
  readonly folder: string | null;
  readonly layout?: DataLayout;
}

/** Lets the user choose a data folder. Descriptions appear as the folders are inspected. Undefined when the user cancels. */
export async function pickData(
  translations: Translations,
  folders: readonly string[],
  root: string,
  title: string,
): Promise<ChosenData | undefined> {
  const stopper = new AbortController();
  const pick = vscode.window.createQuickPick<DataItem>();
  const another: DataItem = {
    label: `$(folder-opened) ${vscode.l10n.t("Another Folder…")}`,
    folder: null,
    alwaysShow: true,
  };
  const items = folders.map((folder): DataItem => ({
    label: relative(root, folder) || ".",
    description: vscode.l10n.t("looking…"),
    folder,
  }));
  const show = (): void => {
    pick.items = [...items, another];
  };
  Object.assign(pick, {
    title,
    placeholder:
      folders.length > 0
        ? vscode.l10n.t("Which pictures?")
        : vscode.l10n.t("No folder here has trainA and trainB, or train. Choose one:"),
    matchOnDescription: true,
    busy: true,
  });
  const looking = (async () => {
    for (const [i, item] of items.entries()) {
      items[i] = await look(translations, item, stopper.signal);
      show();
    }
    pick.busy = false;
  })();
  looking.catch(() => undefined);
  show();
  pick.show();
  try {
    for (;;) {
      const chosen = await accepted(pick);
      if (chosen === undefined) return undefined;
      const item =
        chosen.folder === null
          ? await fromDialog(translations, root, stopper.signal)
          : (items.find(({ folder }) => folder === chosen.folder) ?? chosen);
      const looked =
        item === undefined || item.layout !== undefined || item.folder === null
          ? item
          : await look(translations, item, stopper.signal);
      if (looked?.layout !== undefined && looked.folder !== null)
        return { folder: looked.folder, layout: looked.layout };
      // An unusable folder stays in the list, with the reason.
      if (looked !== undefined && looked.folder !== null) {
        const at = items.findIndex(({ folder }) => folder === looked.folder);
        items.splice(at < 0 ? 0 : at, at < 0 ? 0 : 1, looked);
      }
      show();
      pick.show();
    }
  } finally {
    stopper.abort();
    pick.dispose();
  }
}

function accepted(pick: vscode.QuickPick<DataItem>): Promise<DataItem | undefined> {
  return new Promise((resolve) => {
    const subscriptions = [
      pick.onDidAccept(() => settle(pick.selectedItems[0])),
      pick.onDidHide(() => settle(undefined)),
    ];
    const settle = (item: DataItem | undefined): void => {
      for (const subscription of subscriptions) subscription.dispose();
      resolve(item);
    };
  });
}

async function fromDialog(
  translations: Translations,
  root: string,
  signal: AbortSignal,
): Promise<DataItem | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    defaultUri: vscode.Uri.file(root),
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: vscode.l10n.t("Train on This"),
  });
  const folder = chosen?.[0]?.fsPath;
  return folder === undefined ? undefined : look(translations, { label: folder, folder }, signal);
}

/** Inspects the folder of an entry, and adds its contents or the error. */
async function look(translations: Translations, item: DataItem, signal: AbortSignal): Promise<DataItem> {
  const { label, folder } = item;
  if (folder === null) return item;
  try {
    const layout = await translations.inspect(folder, signal);
    return { label, folder, layout, description: describe(layout) };
  } catch (error) {
    // The entry has one line: paths are shortened by the folder, which is its label.
    return {
      label,
      folder,
      description: vscode.l10n.t("cannot be trained on"),
      detail: failureText(toRevganError(error)).replaceAll(`${folder}${sep}`, ""),
    };
  }
}

function describe(layout: DataLayout): string {
  const counts = countsOf(layout);
  // Width before height, as image viewers show it.
  const [from, to] = [layout.smallest, layout.largest].map((sides) => sides.toReversed().join(" × "));
  return `${counts} · ${from === to ? from : vscode.l10n.t("{0} to {1}", from!, to!)}`;
}

function countsOf({ kind, dimensions, a, b }: DataLayout): string {
  if (kind === "aligned") return vscode.l10n.t("pairs side by side: {0}", a);
  return dimensions === 3
    ? vscode.l10n.t("volumes: {0} of A, {1} of B", a, b)
    : vscode.l10n.t("pictures: {0} of A, {1} of B", a, b);
}
