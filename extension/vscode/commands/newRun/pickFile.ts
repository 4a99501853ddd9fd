import { basename } from "node:path";
import * as vscode from "vscode";
import { freeFile } from "../../freeFile";
import { chooseInStep, type StepPlace } from "../steps";

/** The file for the configuration. `isKept`: the file exists already and is only opened, not written. */
export interface ConfigTarget {
  readonly file: vscode.Uri;
  readonly isKept: boolean;
}

/** The file to which a configuration is written by default. */
export function usualFile(folder: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(folder, "revgan.json");
}

/**
 * Asked when there is a `revgan.json` already: whether to write another file, named after the data, to replace `revgan.json`, or to open
 * it.
 */
export async function pickFile(
  place: StepPlace,
  folder: vscode.Uri,
  name: string,
): Promise<ConfigTarget | "back" | undefined> {
  const existing = usualFile(folder);
  const another = await freeFile(folder, `${name}.revgan.json`);
  const item = (label: string, icon: string, detail: string, target: ConfigTarget) => ({
    label,
    detail,
    iconPath: new vscode.ThemeIcon(icon),
    target,
  });
  const items = [
    item(basename(another.fsPath), "new-file", vscode.l10n.t("A further configuration; revgan.json stays as it is"), {
      file: another,
      isKept: false,
    }),
    item(vscode.l10n.t("Replace revgan.json"), "replace", vscode.l10n.t("What is in it now is lost"), {
      file: existing,
      isKept: false,
    }),
    item(vscode.l10n.t("Open revgan.json"), "go-to-file", vscode.l10n.t("Writes nothing"), {
      file: existing,
      isKept: true,
    }),
  ];
  const chosen = await chooseInStep(place, vscode.l10n.t("There is a revgan.json already."), items);
  return chosen === undefined || chosen === "back" ? chosen : chosen.target;
}
