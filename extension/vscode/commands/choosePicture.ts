import * as vscode from "vscode";
import { basename, dirname } from "node:path";
import type { Config } from "../../configuration/config";
import { imageEndings, volumeEndings } from "../../imageFormats";
import type { TranslationDirection } from "../../protocol/lines";
import type { RunSummary } from "../../protocol/panel";
import type { DataPicture } from "../../protocol/trainer";
import { directionLabel } from "../views/runLabels";
import type { Services } from "./services";
import type { Translation } from "./translateFiles";

/**
 * File endings of pictures and volumes for the file dialog: without the leading dot, and only the last part (`gz` for `.nii.gz`), because
 * the dialog does not support endings that contain a dot.
 */
const endings = [...imageEndings, ...volumeEndings].map((ending) => ending.slice(ending.lastIndexOf(".") + 1));

/** The files that the user chose to translate, with the direction and the half of each file to take. */
export interface ChosenPicture extends Pick<Translation, "direction" | "half"> {
  readonly files: string[];
  /** Whether the file is from the run's own data set, into whose folders no results may be written. */
  readonly isOwn: boolean;
}

interface Item extends vscode.QuickPickItem {
  /** A picture of the run's data set; undefined for the entry that opens a file dialog. */
  readonly picture?: DataPicture;
  readonly direction?: TranslationDirection;
}

/**
 * Lets the user choose what to translate: a picture or volume of the run's own data set, or files by a dialog.
 *
 * @param directions the directions that are offered
 * @returns undefined when the user chooses none
 */
export async function choosePicture(
  services: Services,
  run: RunSummary,
  directions: readonly TranslationDirection[],
): Promise<ChosenPicture | undefined> {
  const config = services.runs.config(run.id);
  const stopper = new AbortController();
  const own = services.translations.pictures(run.id, stopper.signal);
  const chosen = await vscode.window.showQuickPick<Item>(
    own.then((pictures) => itemsOf(pictures, directions, config)),
    {
      title: vscode.l10n.t("Translate with {0}", run.name),
      placeHolder: config?.network.dimensions === 3 ? vscode.l10n.t("Which volume?") : vscode.l10n.t("Which picture?"),
      matchOnDescription: true,
    },
  );
  stopper.abort();
  if (chosen?.direction === undefined) return undefined;
  const { picture, direction } = chosen;
  if (picture !== undefined) return { direction, half: picture.half, files: [picture.file], isOwn: true };
  const files = await openFiles(directionLabel(direction, config), (await own)[0]?.file);
  return files.length === 0 ? undefined : { direction, half: "whole", files, isOwn: false };
}

function itemsOf(
  pictures: readonly DataPicture[],
  directions: readonly TranslationDirection[],
  config: Config | undefined,
): Item[] {
  const isVolumes = config?.network.dimensions === 3;
  const separator = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const own = directions.flatMap((direction) => {
    const found = pictures.filter((picture) => picture.direction === direction);
    const items = found.map((picture): Item => ({
      label: basename(picture.file),
      description: basename(dirname(picture.file)),
      iconPath: isVolumes ? new vscode.ThemeIcon("symbol-array") : vscode.Uri.file(picture.file),
      picture,
      direction,
    }));
    return items.length === 0 ? [] : [separator(directionLabel(direction, config)), ...items];
  });
  const others = directions.map((direction): Item => ({
    label: vscode.l10n.t("Choose Files… ({0})", directionLabel(direction, config)),
    iconPath: new vscode.ThemeIcon("folder-opened"),
    alwaysShow: true,
    direction,
  }));
  return [...own, separator(vscode.l10n.t("others")), ...others];
}

/**
 * @param direction label of the direction
 * @param beside a file in the folder in which the dialog opens
 */
async function openFiles(direction: string, beside: string | undefined): Promise<string[]> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t("Translate {0}", direction),
    canSelectMany: true,
    openLabel: vscode.l10n.t("Translate"),
    filters: { [vscode.l10n.t("Pictures and Volumes")]: endings },
    ...(beside === undefined ? {} : { defaultUri: vscode.Uri.file(dirname(beside)) }),
  });
  return (chosen ?? []).map(({ fsPath }) => fsPath);
}
