import { basename } from "node:path";
import * as vscode from "vscode";
import { withProgress } from "../../progress";
import type { Services } from "../services";
import { newRun } from "./newRun";

/**
 * `revgan.newRunFromWeights`: as {@link newRun}, for a network that starts with the weights in a file or folder. Without `given`, the user
 * chooses the file. @returns the configuration's Uri
 */
export async function newRunFromWeights(
  services: Services,
  given: vscode.Uri | undefined,
): Promise<vscode.Uri | undefined> {
  const file = given ?? (await weightsFromDialog());
  if (file === undefined) return undefined;
  const weights = await withProgress(vscode.l10n.t("Reading {0}", basename(file.fsPath)), (_, signal) =>
    services.translations.weights(file.fsPath, signal),
  );
  return newRun(services, weights);
}

/** Lets the user choose a file of weights by a dialog; undefined when the user cancels. */
async function weightsFromDialog(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    filters: { [vscode.l10n.t("Weights")]: ["pth", "pt", "safetensors"] },
    openLabel: vscode.l10n.t("Start with These Weights"),
  });
  return chosen?.[0];
}
