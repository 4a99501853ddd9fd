import * as vscode from "vscode";
import { isAbsolute, join } from "node:path";
import { directionsOf } from "../../configuration/networkKind";
import { RevganError } from "../../protocol/errors";
import { directions, type TranslationDirection } from "../../protocol/lines";
import type { RunSummary } from "../../protocol/panel";
import { pathIn } from "../../runFolder/paths";
import { setting } from "../readSetting";
import { chooseModel, ensureModel, isExample, rememberModel } from "./chooseModel";
import { choosePicture } from "./choosePicture";
import { type RunArgument, runFor } from "./runArgument";
import type { Services } from "./services";
import { translateFiles } from "./translateFiles";

/** Options for calls by other extensions, tasks and tests: the run to translate with, and the folder for the results. */
interface TranslateOptions {
  readonly run?: RunArgument;
  readonly out?: vscode.Uri;
}

/**
 * `revgan.translateAToB` and `revgan.translateBToA`: translates a picture or volume, several, or folders of them.
 *
 * @param file the file or folder that was clicked; without it the user chooses
 * @param files all selected files and folders, if several are selected
 * @returns the files that were written
 * @throws RevganError if the translation, or its only file, failed; if some of several files failed, a notification lists them instead
 */
export async function translate(
  services: Services,
  direction: TranslationDirection,
  file?: vscode.Uri,
  files?: readonly vscode.Uri[],
  { run, out }: TranslateOptions = {},
): Promise<vscode.Uri[]> {
  const named = file === undefined ? null : files !== undefined && files.length > 0 ? files : [file];
  const strange = named?.find(({ scheme }) => scheme !== "file");
  if (strange !== undefined)
    throw new RevganError(
      "input",
      vscode.l10n.t("{0} is not on this machine's disk", strange.toString()),
      vscode.l10n.t("save it to a folder first"),
    );
  const model = await chooseModel(services, direction, run);
  if (model === undefined) return [];
  if (named === null) return translateChosen(services, model, [direction]);
  return translateFiles(
    services,
    {
      model,
      direction,
      files: named.map(({ fsPath }) => fsPath),
      half: "whole",
      out: out?.fsPath ?? outputFolder(named[0]!),
    },
    // A caller that names the output folder is a program, for which results are not opened in editors.
    { shows: out === undefined, offersAnotherRun: run === undefined },
  );
}

/** `revgan.translatePicture`: translates a picture that the user chooses. Pictures of the run's own data set are offered first. */
export async function translatePicture(services: Services, argument?: RunArgument): Promise<vscode.Uri[]> {
  if (argument === undefined) await ensureModel(services);
  const run = await runFor(argument, "translatePicture", vscode.l10n.t("Translate a Picture"), services);
  if (run === undefined) return [];
  if (!isExample(services, run)) await rememberModel(services, run);
  const config = services.runs.config(run.id);
  return translateChosen(services, run, config === undefined ? directions : directionsOf(config.network));
}

async function translateChosen(
  services: Services,
  model: RunSummary,
  possible: readonly TranslationDirection[],
): Promise<vscode.Uri[]> {
  const chosen = await choosePicture(services, model, possible);
  if (chosen === undefined) return [];
  const { isOwn, files, ...picture } = chosen;
  const out = outputFolder(vscode.Uri.file(files[0]!)) ?? (isOwn ? pathIn(model.id, "translations") : null);
  return translateFiles(
    services,
    { model, ...picture, files, out },
    { replaces: isOwn, shows: true, offersAnotherRun: false },
  );
}

/** The output folder from the setting `translate.outputFolder`; null to write beside the source. */
function outputFolder(file: vscode.Uri): string | null {
  const folder = setting("translate.outputFolder", file).trim();
  if (folder === "") return null;
  if (isAbsolute(folder)) return folder;
  const base = vscode.workspace.getWorkspaceFolder(file);
  if (base === undefined)
    throw new RevganError(
      "input",
      vscode.l10n.t("revgan.translate.outputFolder is {0}, but {1} is in no workspace folder", folder, file.fsPath),
      vscode.l10n.t("set it to an absolute path, or to nothing"),
    );
  return join(base.uri.fsPath, folder);
}
