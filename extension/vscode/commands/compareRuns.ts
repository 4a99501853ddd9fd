import * as vscode from "vscode";
import { RevganError } from "../../protocol/errors";
import type { ComparisonLine } from "../../protocol/lines";
import type { RunSummary } from "../../protocol/panel";
import { costAndQualityOf } from "../../host/comparison";
import { stateLabel } from "../views/runLabels";
import { type RunArgument, runFrom } from "./runArgument";
import type { Services } from "./services";

/**
 * `revgan.compareRuns`: shows the first run in the panel, compared with the others.
 *
 * @param named undefined: the user picks
 * @returns the lines of `revgan compare --json`
 * @throws RevganError `run` for a folder that is no run, or is damaged
 */
export async function compareRuns(
  services: Services,
  named?: readonly Exclude<RunArgument, undefined>[],
): Promise<ComparisonLine[]> {
  const ids = named === undefined ? await pickRuns(services) : await idsOf(services, named);
  const [first, ...others] = ids;
  if (first === undefined) return [];
  const lines = [];
  for (const id of ids) lines.push(await lineOf(services, id));
  await services.panel.compare(first, others);
  return lines;
}

/** The ids of the runs, without duplicates. */
async function idsOf(services: Services, named: readonly Exclude<RunArgument, undefined>[]): Promise<string[]> {
  await services.runs.store.refresh();
  const ids = new Set<string>();
  for (const argument of named) ids.add((await runFrom(argument, services)).id);
  return [...ids];
}

/** @throws RevganError `run` with fewer than two runs */
async function pickRuns({ runs }: Services): Promise<string[]> {
  await runs.store.refresh();
  const possible = runs.list().filter(({ id }) => runs.store.get(id)?.run != null);
  if (possible.length < 2)
    throw new RevganError(
      "run",
      vscode.l10n.t("there are no two runs to compare"),
      vscode.l10n.t("start one with RevGAN: Try with Sample Data or RevGAN: New Run…"),
    );
  const items = possible.map((run) => ({
    label: run.name,
    description: vscode.l10n.t("{0}, step {1}", stateLabel(run.state), run.step),
    run,
  }));
  const picked: readonly { readonly run: RunSummary }[] | undefined = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Compare Runs"),
    placeHolder: vscode.l10n.t("Which runs? The first stands before the others."),
    canPickMany: true,
    matchOnDescription: true,
  });
  return (picked ?? []).map(({ run }) => run.id);
}

async function lineOf({ runs }: Services, id: string): Promise<ComparisonLine> {
  const history = runs.histories.acquire(id);
  try {
    await history.refresh();
    return await costAndQualityOf(runs, id, history);
  } finally {
    runs.histories.release(id);
  }
}
