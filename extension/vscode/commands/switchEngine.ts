import * as vscode from "vscode";
import type { EngineLine } from "../../protocol/lines";
import type { Training } from "../../host/trainingQueue";
import { withProgress } from "../progress";
import type { resumeFromCheckpoint } from "./resumeFromCheckpoint";
import type { Services } from "./services";

/**
 * If a training is running on WebAssembly, offers to continue it on the engine that was just installed. Does not wait for the user.
 * @returns whether there is such a training
 */
export function offerSwitch(services: Services, { name, version }: EngineLine): boolean {
  const training = services.trainings.current;
  const run = training === null ? undefined : services.runs.get(training.id);
  if (training?.folder == null || run?.engine?.name !== "wasm") return false;
  const engine = name === "webgpu" ? "WebGPU" : "TensorFlow";
  const goOn = vscode.l10n.t("Go On with {0}", engine);
  const text = vscode.l10n.t(
    "{0} is installed. {1} trains on WebAssembly; it can go on with {2} from where it is.",
    version ?? name,
    run.name,
    engine,
  );
  void vscode.window.showInformationMessage(text, goOn).then(async (button) => {
    if (button === goOn) await switchEngine(services, training, training.folder!, name);
  });
  return true;
}

/** Stops the training after a complete step, and resumes it on the engine. Does nothing if the training has ended meanwhile. */
async function switchEngine(
  services: Services,
  training: Training,
  folder: string,
  engine: EngineLine["name"],
): Promise<void> {
  if (services.trainings.get(training.id) !== training) return;
  await withProgress(vscode.l10n.t("Stopping at a whole step"), () => training.stop());
  await vscode.commands.executeCommand("revgan.resumeFromCheckpoint", vscode.Uri.file(folder), {
    set: `engine=${engine}`,
  } satisfies Parameters<typeof resumeFromCheckpoint>[2]);
}
