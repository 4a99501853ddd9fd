import * as vscode from "vscode";
import type { Training, TrainingRequest } from "../../host/trainingQueue";
import { hideErrors } from "../notifications";
import { withProgress } from "../progress";
import { setting } from "../readSetting";
import type { Services } from "./services";

/**
 * Starts a training and shows it. While another one runs the user is asked whether to queue it or to stop the other.
 *
 * @returns the run folder after the first step; undefined when the user cancels
 * @throws RevganError if the training ends before its first step
 */
export async function startTraining(given: TrainingRequest, services: Services): Promise<vscode.Uri | undefined> {
  const { trainings, panel, runs } = services;
  const busy = trainings.current;
  if (busy !== null && !(await askWhileBusy(busy, services))) return undefined;
  await hideErrors();
  const training = trainings.start(given);
  // The panel is not opened for a queued training, which has nothing to show yet, possibly for hours.
  if (training.isQueued) {
    const name = busy === null ? "" : (runs.get(busy.id)?.name ?? busy.request.name);
    void vscode.window.showInformationMessage(vscode.l10n.t("{0} waits until {1} is done.", given.name, name));
    return vscode.Uri.file(await training.afterFirstStep);
  }
  const isNewPanel = setting("panel.openOnTrain") && (await panel.open(training.id));
  try {
    return vscode.Uri.file(await training.afterFirstStep);
  } catch (error) {
    // The training failed before it had a run folder, so a panel opened for it would have nothing to show.
    if (isNewPanel && training.folder === null) panel.close();
    throw error;
  }
}

/** Asks what to do while another training runs. @returns false when the user cancels */
async function askWhileBusy(busy: Training, { runs }: Services): Promise<boolean> {
  const name = runs.get(busy.id)?.name ?? busy.request.name;
  const [wait, stop] = [vscode.l10n.t("Start When It Is Done"), vscode.l10n.t("Stop It and Start")];
  const question = vscode.l10n.t("{0} is training.", name);
  const detail = vscode.l10n.t("One training runs at a time. A stopped one keeps its checkpoint and can be resumed.");
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, wait, stop);
  if (chosen === stop) await withProgress(vscode.l10n.t("Stopping {0}", name), () => busy.stop());
  return chosen !== undefined;
}
