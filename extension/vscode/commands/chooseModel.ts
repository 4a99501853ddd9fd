import * as vscode from "vscode";
import { RevganError } from "../../protocol/errors";
import type { TranslationDirection } from "../../protocol/lines";
import { directionsOf } from "../../configuration/networkKind";
import type { RunRegistry } from "../../host/runRegistry";
import type { RunSummary } from "../../protocol/panel";
import { commandRemedy, ErrorWithRemedies } from "../notifications";
import { pickRun, type RunArgument, runFrom } from "./runArgument";
import type { Services } from "./services";

/** Key in the workspace state: the run that was last chosen to translate. */
const lastModel = "revgan.lastModel";

/**
 * The run to translate with: the given run, else the last chosen one, else the user's only run, else the one that the user picks; the
 * example where the user has no trained run. Undefined when the user picks none.
 * @throws RevganError `run` when no run has a checkpoint yet
 */
export async function chooseModel(
  services: Services,
  direction: TranslationDirection,
  argument?: RunArgument,
): Promise<RunSummary | undefined> {
  if (argument !== undefined) return runFrom(argument, services);
  const possible = await models(services, direction);
  const last = services.workspaceState.get<string>(lastModel);
  const own = possible.filter((run) => !isExample(services, run));
  const clear = possible.find(({ id }) => id === last) ?? (own.length > 1 ? undefined : (own[0] ?? possible[0]));
  return clear ?? chooseAnotherModel(services, direction);
}

/** Lets the user pick the run for this and later translations. @returns undefined when the user picks none */
export async function chooseAnotherModel(
  services: Services,
  direction: TranslationDirection,
): Promise<RunSummary | undefined> {
  const run = await pickRun(await models(services, direction), vscode.l10n.t("Translate"));
  if (run !== undefined) await rememberModel(services, run);
  return run;
}

/** Makes a run the one that later translations use. */
export async function rememberModel(
  { workspaceState }: Pick<Services, "workspaceState">,
  { id }: Pick<RunSummary, "id">,
): Promise<void> {
  await workspaceState.update(lastModel, id);
}

/** Whether a run is the example that comes with the extension. */
export function isExample({ runs }: Pick<Services, "runs">, { id }: Pick<RunSummary, "id">): boolean {
  return runs.store.get(id)?.isExample === true;
}

/** Refreshes the list of runs, and adds the example to it if no run has a checkpoint. */
export async function ensureModel({ runs, example }: Pick<Services, "runs" | "example">): Promise<void> {
  await runs.store.refresh();
  if (trainedRuns(runs).length === 0) await example.list(runs.store);
}

/**
 * The runs that can translate in a direction, the example among them where it is listed or there is no other.
 * @throws RevganError `run` when there is none
 */
export async function models(
  { runs, example }: Pick<Services, "runs" | "example">,
  direction: TranslationDirection,
): Promise<RunSummary[]> {
  await ensureModel({ runs, example });
  const trained = trainedRuns(runs);
  const possible = trained.filter(({ directions }) => directions.includes(direction)).map(({ run }) => run);
  if (possible.length > 0) return possible;
  if (trained.length > 0)
    throw new RevganError(
      "run",
      vscode.l10n.t("every run with a checkpoint is a pix2pix, which translates A to B alone"),
      vscode.l10n.t("train a network of another kind first"),
    );
  const problem = {
    code: "run",
    message: vscode.l10n.t("no run has a checkpoint yet"),
    remedy: vscode.l10n.t("train one first"),
  } as const;
  throw new ErrorWithRemedies(problem, [
    commandRemedy(vscode.l10n.t("Try with Sample Data"), "revgan.trySampleData"),
    commandRemedy(vscode.l10n.t("New Run…"), "revgan.newRun"),
  ]);
}

function trainedRuns(
  runs: RunRegistry,
): { readonly run: RunSummary; readonly directions: readonly TranslationDirection[] }[] {
  return runs.list().flatMap((run) => {
    const config = runs.store.get(run.id)?.hasCheckpoint === true ? runs.config(run.id) : undefined;
    return config === undefined ? [] : [{ run, directions: directionsOf(config.network) }];
  });
}
