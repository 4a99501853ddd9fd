import * as vscode from "vscode";
import { readConfigFile } from "../../configuration/readConfiguration";
import type { TrainingRequest } from "../../host/trainingQueue";
import type { PlanLine } from "../../protocol/lines";
import { durationText } from "../../protocol/durations";
import { unpackSample } from "../sampleFiles";
import { engineLines, installOffers } from "./engines";
import { startEstimated } from "./estimates";
import type { Services } from "./services";
import { startTraining } from "./startTraining";

/** How many times faster TensorFlow is than WebAssembly, as measured in docs/evidence.md. */
const tensorFlowGain = 4.4;

/**
 * `revgan.trySampleData`: trains on the bundled pictures or volumes, also in a window without a folder.
 * @param options for calls by programs: with options, no estimate is shown and nothing is asked
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
    ? startEstimated(services, file, request, (estimate) => offerEngine(services, estimate))
    : startTraining(request, services);
}

/**
 * If the training will run on WebAssembly but a faster engine can be installed, says how long each takes, with a button that installs an
 * engine during the training.
 */
async function offerEngine(services: Services, { engine, seconds }: PlanLine): Promise<void> {
  if (engine?.name !== "wasm") return;
  const offers = installOffers(await engineLines(services)).map(({ line }) => line.name);
  if (offers.length === 0) return;
  const here = durationText(seconds, vscode.l10n);
  const text = offers.includes("native")
    ? vscode.l10n.t(
        "The sample trains on WebAssembly, which takes about {0} here. TensorFlow would take about {1}: install it, and the training can go on with it.",
        here,
        durationText(seconds / tensorFlowGain, vscode.l10n),
      )
    : vscode.l10n.t(
        "The sample trains on WebAssembly, which takes about {0} here. A GPU would be faster: install an engine for it, and the training can go on with it.",
        here,
      );
  const install = vscode.l10n.t("Install Engine");
  void vscode.window.showInformationMessage(text, install).then(async (button) => {
    if (button === install) await vscode.commands.executeCommand("revgan.installEngine");
  });
}
