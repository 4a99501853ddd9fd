import * as vscode from "vscode";
import { RevganError } from "../../protocol/errors";
import type { Training } from "../../host/trainingQueue";
import { type RunArgument, runFrom } from "./runArgument";
import type { Services } from "./services";

/** `revgan.pause`: resolves when the training is paused. */
export async function pause(services: Services, run?: RunArgument): Promise<void> {
  await (await training(services, run)).session?.pause();
}

/** `revgan.resume`: resolves when the training runs again. */
export async function resume(services: Services, run?: RunArgument): Promise<void> {
  await (await training(services, run)).session?.resume();
}

/** `revgan.stop`: resolves when the checkpoint is written and the trainer has exited. */
export async function stop(services: Services, run?: RunArgument): Promise<void> {
  await (await training(services, run)).stop();
}

/** The training of the argument, else the running one. @throws RevganError `run` when this window does not train it */
async function training(services: Services, argument: RunArgument): Promise<Training> {
  const { trainings } = services;
  // The editor title button of revgan.json passes the file.
  const isNamed = argument !== undefined && !(argument instanceof vscode.Uri && argument.path.endsWith(".json"));
  const found = !isNamed
    ? (trainings.current ?? trainings.live[0])
    : trainings.get((await runFrom(argument, services)).id);
  if (found !== undefined) return found;
  throw new RevganError(
    "run",
    vscode.l10n.t("this window trains no such run"),
    vscode.l10n.t("look into the runs of the RevGAN view"),
  );
}
