import * as vscode from "vscode";
import { readConfigFile } from "../../configuration/readConfiguration";
import type { TrainingRequest } from "../../host/trainingQueue";
import type { PlanLine } from "../../protocol/lines";
import { durationText } from "../../protocol/durations";
import { unpackSample } from "../sampleFiles";
import { canInstall, engineLines } from "./engines";
import { startEstimated } from "./estimates";
import type { Services } from "./services";
import { startTraining } from "./startTraining";

/** TensorFlow's speed over WebAssembly's, as docs/evidence.md has it. */
const tensorFlowGain = 4.4;

/**
 * `revgan.trySampleData`: trains on the bundled pictures or volumes, also in an empty window.
 * @param options of programs, which are shown no estimate and asked nothing
 */
export async function trySampleData(
  services: Services,
  options?: { readonly volumes?: boolean },
): Promise<vscode.Uri | undefined> {
  const name = options?.volumes === true ? "brain-mini" : "nuclei-labels";
  const { fsPath: file } = await unpackSample(services.paths, name);
  const request: TrainingRequest = {
    command: { type: "train", config: file, sets: [] },
    cwd: services.paths.defaultFolder,
    name,
    config: await readConfigFile(file),
  };
  return options === undefined
    ? startEstimated(services, file, request, (estimate) => offerTensorFlow(services, estimate))
    : startTraining(request, services);
}

/** On WebAssembly, where TensorFlow could be installed: says what each would take, with a button that installs it meanwhile. */
async function offerTensorFlow(services: Services, { engine, seconds }: PlanLine): Promise<void> {
  if (engine?.name !== "wasm") return;
  const lines = await engineLines(services);
  if (!lines.some((line) => canInstall(line))) return;
  const text = vscode.l10n.t(
    "The sample trains on WebAssembly, which takes about {0} here. TensorFlow would take about {1}: install it, and the training can go on with it.",
    durationText(seconds, vscode.l10n),
    durationText(seconds / tensorFlowGain, vscode.l10n),
  );
  const install = vscode.l10n.t("Install Engine");
  void vscode.window.showInformationMessage(text, install).then(async (button) => {
    if (button === install) await vscode.commands.executeCommand("revgan.installEngine");
  });
}
