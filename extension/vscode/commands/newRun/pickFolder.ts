import * as vscode from "vscode";
import type { DataLayout } from "../../../protocol/trainer";
import { type FolderChoice, folderFromDialog, type FolderItem } from "./folderItems";
import { type FolderList, isUnusable } from "./folderList";
import { StepList, type StepPlace } from "../steps";

/** A folder that the user chose, with the layout of its data. */
export interface ChosenFolder {
  readonly folder: string;
  readonly layout: DataLayout;
}

/**
 * Lets the user choose a folder from a list that changes while folders are inspected, or by a dialog.
 *
 * @param before the folder that the user had chosen before going back to this question
 * @param take returns the chosen folder with its layout; undefined if it cannot be trained on, in which case its entry says why
 */
export async function pickFolder(
  place: StepPlace,
  placeholder: string,
  list: FolderList,
  itemsNow: () => FolderItem[],
  before: string | undefined,
  take: (choice: FolderChoice) => Promise<ChosenFolder | undefined>,
): Promise<ChosenFolder | "back" | undefined> {
  const steps = new StepList<FolderItem>(place, placeholder);
  let active = before;
  const show = (): void => {
    const [now] = steps.pick.activeItems;
    const kept = now === undefined ? active : folderOf(now);
    // A folder that is found unusable moves to the end of the list. The active entry follows it there only where the user has chosen that
    // folder.
    const isGone = list.entries.some(({ folder, inspection }) => folder === kept && isUnusable(inspection));
    const wanted = isGone ? active : kept;
    steps.show(itemsNow(), (item) => wanted !== undefined && folderOf(item) === wanted);
    steps.pick.busy = list.isBusy;
  };
  list.onChange(show);
  show();
  try {
    for (;;) {
      const chosen = await steps.next();
      if (chosen === undefined || chosen === "back") return chosen;
      const choice = await choiceOf(chosen, list.root);
      if (choice !== undefined) {
        Object.assign(steps.pick, { busy: true, enabled: false });
        // The user can go back or cancel while the folder is still being inspected.
        const outcome = await Promise.race([take(choice).then((taken) => ({ taken })), steps.next()]);
        if (outcome === undefined || outcome === "back") return outcome;
        if ("taken" in outcome && outcome.taken !== undefined) return outcome.taken;
        steps.pick.enabled = true;
        active = typeof choice === "string" ? undefined : choice.folder;
      }
      show();
    }
  } finally {
    list.onChange(() => undefined);
    steps.dispose();
  }
}

async function choiceOf({ choice }: FolderItem, root: string): Promise<FolderChoice | undefined> {
  if (choice !== "another") return choice;
  const folder = await folderFromDialog(root, vscode.l10n.t("Train on This"));
  return folder === undefined ? undefined : { folder };
}

function folderOf({ choice }: FolderItem): string | undefined {
  return typeof choice === "object" ? choice.folder : undefined;
}
