import * as vscode from "vscode";
import { RevganError } from "../../protocol/errors";
import type { Training } from "../../host/trainingQueue";
import { stopOnCluster } from "./cluster/clusterJobs";
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

/** `revgan.stop`: resolves when the checkpoint is written and the trainer, or the cluster's job, has ended. */
export async function stop(services: Services, argument?: RunArgument): Promise<void> {
  const run = isRun(argument) ? await runFrom(argument, services) : null;
  const isElsewhere = run !== null && services.trainings.get(run.id) === undefined;
  if (isElsewhere && services.runs.store.get(run.id)?.job != null) await stopOnCluster(services, run);
  else await (await training(services, argument)).stop();
}

/** The training of the given run, else the running or first queued one. @throws RevganError `run` when this window does not train it */
async function training(services: Services, argument: RunArgument): Promise<Training> {
  const { trainings } = services;
  const found = isRun(argument)
    ? trainings.get((await runFrom(argument, services)).id)
    : (trainings.current ?? trainings.live[0]);
  if (found !== undefined) return found;
  throw new RevganError(
    "run",
    vscode.l10n.t("this window trains no such run"),
    vscode.l10n.t("look into the runs of the RevGAN view"),
  );
}

/** Whether an argument names a run. The button in the editor title of a `revgan.json` passes that file instead. */
function isRun(argument: RunArgument): argument is Exclude<RunArgument, undefined> {
  return argument !== undefined && !(argument instanceof vscode.Uri && argument.path.endsWith(".json"));
}
