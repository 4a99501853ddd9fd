import * as vscode from "vscode";
import { dirname } from "node:path";
import type { DataLayout } from "../../../protocol/trainer";
import {
  anotherFolder,
  type FolderChoice,
  folderItem,
  type FolderItem,
  labelOf,
  section,
  unusableFolderItems,
} from "./folderItems";
import { type FolderEntry, type FolderList, type Inspection, isUnusable } from "./folderList";
import { type ChosenFolder, pickFolder } from "./pickFolder";
import type { StepPlace } from "../steps";

/** Lets the user choose the folder of a data set, or the folder of A. */
export async function pickFirstFolder(
  place: StepPlace,
  list: FolderList,
  before: ChosenFolder | undefined,
): Promise<ChosenFolder | "back" | undefined> {
  const items = (): FolderItem[] => {
    const usable = list.entries.filter(({ inspection }) => !isUnusable(inspection));
    return [
      ...section(
        vscode.l10n.t("data sets"),
        list.root,
        usable.filter(({ isPlain }) => !isPlain),
      ),
      ...section(
        vscode.l10n.t("any two folders: A, then B"),
        list.root,
        usable.filter(({ isPlain }) => isPlain),
      ),
      ...unusableFolderItems(list.root, list.entries),
      anotherFolder(),
    ];
  };
  const take = async (choice: FolderChoice): Promise<ChosenFolder | undefined> => {
    if (typeof choice === "string") return undefined;
    const { folder, inspection } = await list.inspected(choice.folder);
    return inspection !== null && "layout" in inspection ? { folder, layout: inspection.layout } : undefined;
  };
  return pickFolder(place, questionFor(list.entries), list, items, before?.folder, take);
}

function questionFor(entries: readonly FolderEntry[]): string {
  if (entries.length === 0) return vscode.l10n.t("No pictures or volumes were found here. Which folder has them?");
  if (entries.every(({ isPlain }) => isPlain)) return vscode.l10n.t("Which folder is A?");
  return entries.some(({ isPlain }) => isPlain)
    ? vscode.l10n.t("Which data set, or which folder is A?")
    : vscode.l10n.t("Which data set?");
}

/** Lets the user choose the folder of B, or say that each picture in the folder of A has A and B side by side. */
export async function pickSecondFolder(
  place: StepPlace,
  list: FolderList,
  first: ChosenFolder,
  before: ChosenFolder | undefined,
): Promise<ChosenFolder | "back" | undefined> {
  /** The folders that cannot be B for the chosen A, with the reason. */
  const refused = new Map<string, Inspection>();
  const items = (): FolderItem[] => {
    const others = list.entries
      .filter((each) => refused.has(each.folder) || (each.folder !== first.folder && canBeOther(each, first.layout)))
      .map((each) => ({ ...each, inspection: refused.get(each.folder) ?? each.inspection }));
    const usable = others.filter(({ inspection }) => !isUnusable(inspection));
    const isNear = ({ folder }: FolderEntry): boolean => dirname(folder) === dirname(first.folder);
    return [
      ...(mayHoldPairs(first.layout) ? [sideBySide(list.root, first.folder)] : []),
      ...usable.filter(isNear).map((each) => folderItem(list.root, each)),
      ...usable.filter((each) => !isNear(each)).map((each) => folderItem(list.root, each)),
      ...unusableFolderItems(list.root, others),
      anotherFolder(),
    ];
  };
  const take = async (choice: FolderChoice): Promise<ChosenFolder | undefined> => {
    if (choice === "another") return undefined;
    if (choice === "sides") return { folder: first.folder, layout: layoutOfHalves(first.layout) };
    const { folder } = await list.inspected(choice.folder);
    const inspection = await list.inspect({ a: first.folder, b: folder });
    if ("layout" in inspection) return { folder, layout: inspection.layout };
    refused.set(folder, inspection);
    return undefined;
  };
  const placeholder = vscode.l10n.t("A is {0}. Which folder is B?", labelOf(list.root, first.folder));
  return pickFolder(place, placeholder, list, items, before?.folder, take);
}

/** Whether the files of a folder may be the other domain: pictures with pictures, volumes with volumes. */
function canBeOther({ isPlain, inspection }: FolderEntry, { dimensions }: DataLayout): boolean {
  return isPlain && (inspection === null || !("layout" in inspection) || inspection.layout.dimensions === dimensions);
}

function sideBySide(root: string, folder: string): FolderItem {
  return {
    label: vscode.l10n.t("Pairs side by side in {0}", labelOf(root, folder)),
    detail: vscode.l10n.t("Each picture has A in its left half and B in its right half"),
    iconPath: new vscode.ThemeIcon("split-horizontal"),
    choice: "sides",
  };
}

/**
 * Whether each picture may be a pair side by side: all are at least twice as wide as high, which single pictures seldom are, and their
 * widths are even.
 */
function mayHoldPairs({ dimensions, smallest, largest }: DataLayout): boolean {
  return dimensions === 2 && [smallest, largest].every(([height, width]) => width! % 2 === 0 && width! >= 2 * height!);
}

function layoutOfHalves(layout: DataLayout): DataLayout {
  const halves = ([height, width]: readonly number[]): number[] => [height!, width! / 2];
  return {
    ...layout,
    mode: "paired",
    kind: "aligned",
    b: layout.a,
    pairs: layout.a,
    smallest: halves(layout.smallest),
    largest: halves(layout.largest),
  };
}
