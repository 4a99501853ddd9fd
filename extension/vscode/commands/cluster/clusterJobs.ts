import * as vscode from "vscode";
import { basename, dirname } from "node:path";
import { stopJob } from "../../../host/clusterJob";
import type { submittedLineSchema } from "../../../protocol/lines";
import type { RunSummary } from "../../../protocol/panel";
import { showNews } from "../../notifications";
import { withProgress } from "../../progress";
import { setting } from "../../readSetting";
import { runCommand } from "../runCommand";
import type { Services } from "../services";

/** Submits a run to the cluster's queue again, to resume it. Returns the run's folder. */
export async function resumeOnCluster(
  services: Services,
  { id }: RunSummary,
  sets: readonly string[],
): Promise<vscode.Uri> {
  await submit(services, ["resume", id, "--slurm", ...sets.flatMap((set) => ["--set", set])], dirname(id));
  return showQueued(services, id);
}

/** Stops the job that trains a run; resolves when the job is over. */
export async function stopOnCluster({ runs }: Services, { id, name }: RunSummary): Promise<void> {
  const job = runs.store.get(id)?.job;
  if (job == null) return;
  await withProgress(vscode.l10n.t("Stopping {0}", name), (_, signal) => stopJob(id, job, signal));
  await runs.store.refresh();
}

type SubmittedLine = ReturnType<typeof submittedLineSchema.parse>;

/** Runs a command of the command line that submits a training. @throws RevganError the command's own error */
export async function submit(services: Services, args: readonly string[], cwd: string): Promise<SubmittedLine> {
  const submitted: SubmittedLine[] = [];
  await withProgress(vscode.l10n.t("Submitting the training"), (_, signal) =>
    runCommand(services, args, {
      cwd,
      signal,
      onLine: (line) => {
        if (line.type === "submitted") submitted.push(line);
      },
    }),
  );
  const [first] = submitted;
  if (first === undefined) throw new Error("the command told of no job");
  return first;
}

/** Adds a submitted run to the list and tells the user that it waits in the cluster's queue. Returns the run's folder. */
export async function showQueued({ runs, panel }: Services, run: string): Promise<vscode.Uri> {
  await runs.store.add(run);
  const name = runs.get(run)?.name ?? basename(run);
  const job = runs.store.get(run)?.job?.id ?? "";
  showNews(vscode.l10n.t("{0} waits in the cluster's queue as job {1}.", name, job), []);
  if (setting("panel.openOnTrain")) await panel.open(run);
  return vscode.Uri.file(run);
}
