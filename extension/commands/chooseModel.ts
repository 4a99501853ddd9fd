import * as vscode from "vscode";
import type { RunSummary } from "../protocol/panel";
import { commandRemedy, HelpfulError } from "../vscode/problems";
import { pickRun, type RunArgument, runFrom } from "./runArgument";
import type { Services } from "./services";

/** Where the run of the last translation is remembered. */
const lastModel = "revgan.lastModel";

/**
 * The run to translate with: the one that is named, the only one, the one of last time, or the one that the user picks.
 * Undefined when the user picks none.
 * @throws RevganError `run` when no run has a checkpoint yet
 */
export async function chooseModel(services: Services, argument?: RunArgument): Promise<RunSummary | undefined> {
  if (argument !== undefined) return runFrom(argument, services);
  const possible = await models(services);
  if (possible.length <= 1) return possible[0];
  const last = services.workspaceState.get<string>(lastModel);
  return possible.find(({ id }) => id === last) ?? chooseAnotherModel(services);
}

/** Lets the user pick the run that translates from now on. */
export async function chooseAnotherModel(services: Services): Promise<RunSummary | undefined> {
  const run = await pickRun(await models(services), vscode.l10n.t("Translate"));
  if (run !== undefined) await services.workspaceState.update(lastModel, run.id);
  return run;
}

/** How many runs there are to translate with. */
export async function models({ runs }: Pick<Services, "runs">): Promise<RunSummary[]> {
  await runs.store.refresh();
  const possible = runs.list().filter(({ id }) => runs.store.get(id)?.hasCheckpoint === true && runs.config(id) !== undefined);
  if (possible.length > 0) return possible;
  const problem = { code: "run", message: vscode.l10n.t("no run has a checkpoint yet"), remedy: vscode.l10n.t("train one first") } as const;
  throw new HelpfulError(problem, [commandRemedy(vscode.l10n.t("Try with Sample Data"), "revgan.trySampleData"), commandRemedy(vscode.l10n.t("New Run…"), "revgan.newRun")]);
}
