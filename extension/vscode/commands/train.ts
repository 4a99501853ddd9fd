import * as vscode from "vscode";
import { basename, dirname } from "node:path";
import { dataLocation, foldersOf } from "../../configuration/dataLocation";
import { RevganError } from "../../protocol/errors";
import { readConfigFile } from "../../configuration/readConfiguration";
import { type MissingFolder, missingFolders } from "../../host/missingFolders";
import type { TrainingRequest } from "../../host/trainingQueue";
import { replaceValue } from "../configFiles";
import { ErrorWithRemedies } from "../notifications";
import { configFor, openConfigRemedy, withPlace } from "./configArgument";
import { startEstimated } from "./estimates";
import type { Services } from "./services";
import { startTraining } from "./startTraining";

/**
 * `revgan.train`: trains the given configuration, else that of the active editor, else one in the workspace.
 * @param asks whether to show an estimate and to ask before a long training; false for calls by programs
 */
export async function train(
  services: Services,
  config: vscode.Uri | undefined,
  asks: boolean,
): Promise<vscode.Uri | undefined> {
  const file = await configFor(config, vscode.l10n.t("Train"));
  if (file === undefined) return undefined;
  try {
    // The configuration is checked here, so that an error is shown at once, without starting a trainer.
    const content = await readConfigFile(file.fsPath);
    const location = dataLocation(content.data);
    if (location === null)
      throw new RevganError(
        "data",
        vscode.l10n.t("{0} names no data folder", file.fsPath),
        vscode.l10n.t("add data.path to it, or data.a and data.b, or write another one with RevGAN: New Run…"),
      );
    const [missing] = await missingFolders(content.data, dirname(file.fsPath));
    if (missing !== undefined) throw noFolder(missing, file);
    const request: TrainingRequest = {
      command: { type: "train", config: file.fsPath, sets: [] },
      cwd: services.paths.folderFor(file),
      name: foldersOf(location)
        .map((folder) => basename(folder))
        .join(" · "),
      config: content,
    };
    return await (asks ? startEstimated(services, file.fsPath, request) : startTraining(request, services));
  } catch (error) {
    throw withPlace(error, file);
  }
}

/**
 * The error for a data folder that does not exist. If there is a folder with a similar path, a button writes that path into the
 * configuration.
 */
function noFolder({ key, path, nearest }: MissingFolder, file: vscode.Uri): ErrorWithRemedies {
  const remedy =
    nearest === null
      ? vscode.l10n.t("set {0} to the folder that holds the data", key)
      : vscode.l10n.t("did you mean {0}?", nearest);
  const problem = { code: "data", message: vscode.l10n.t("there is no folder {0}", path), remedy } as const;
  const change = {
    title: vscode.l10n.t("Change to {0}", nearest ?? ""),
    run: () => replaceValue(file, key, nearest ?? ""),
  };
  return new ErrorWithRemedies(problem, [...(nearest === null ? [] : [change]), openConfigRemedy(file, "data")]);
}
