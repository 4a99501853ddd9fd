import * as vscode from "vscode";
import type { Training, TrainingOrder } from "../../host/trainingQueue";
import { withProgress } from "../progress";
import { setting } from "../settings";
import type { Services } from "./services";

/**
 * Starts a training, after asking what to do about one that is under way, and shows it.
 *
 * @returns the run folder once the first step is done; undefined when the user wants none of it
 * @throws RevganError why there will be no step
 */
export async function startTraining(given: TrainingOrder, services: Services): Promise<vscode.Uri | undefined> {
  const { trainings, panel, runs } = services;
  const busy = trainings.current;
  if (busy !== null && !(await makeRoom(busy, services))) return undefined;
  const training = trainings.start(given);
  // A queued one has nothing to show yet, and its turn may be hours away.
  if (training.isQueued) {
    const name = busy === null ? "" : (runs.get(busy.id)?.name ?? busy.given.name);
    void vscode.window.showInformationMessage(vscode.l10n.t("{0} waits until {1} is done.", given.name, name));
  } else if (setting("panel.openOnTrain")) {
    await panel.open(training.id);
  }
  return vscode.Uri.file(await training.firstStep);
}

/** Whether the new training is to be started, or queued: one trains at a time. */
async function makeRoom(busy: Training, { runs }: Services): Promise<boolean> {
  const name = runs.get(busy.id)?.name ?? busy.given.name;
  const [wait, stop] = [vscode.l10n.t("Start When It Is Done"), vscode.l10n.t("Stop It and Start")];
  const question = vscode.l10n.t("{0} is training.", name);
  const detail = vscode.l10n.t("One training runs at a time. A stopped one keeps its checkpoint and can be resumed.");
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, wait, stop);
  if (chosen === stop) await withProgress(vscode.l10n.t("Stopping {0}", name), () => busy.stop());
  return chosen !== undefined;
}
