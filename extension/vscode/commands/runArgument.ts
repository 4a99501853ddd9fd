import { basename } from "node:path";
import * as vscode from "vscode";
import { RevganError } from "../../protocol/errors";
import type { PanelAction, RunSummary } from "../../protocol/panel";
import { canonicalFolder } from "../../runFolder/paths";
import { stateLabel } from "../views/runLabels";
import type { GroupNode } from "../views/runsTree";
import type { Services } from "./services";

/** How a command names a run: a folder's Uri, an entry of the tree, or a run's id. */
export type RunArgument = vscode.Uri | { readonly runId: string } | string | undefined;

/** How a command names what it compares: runs, or folders of runs, as that of a sweep. */
export type ComparedArgument = Exclude<RunArgument, undefined> | GroupNode;

/** The run of an argument; adds its folder to the store. @throws RevganError `run` when there is none */
export async function runFrom(
  argument: Exclude<RunArgument, undefined>,
  { runs }: Pick<Services, "runs">,
): Promise<RunSummary> {
  const id = typeof argument === "string" ? argument : "runId" in argument ? argument.runId : argument.fsPath;
  const known = runs.get(id);
  if (known !== undefined) return known;
  const folder = await canonicalFolder(id);
  await runs.store.add(folder);
  const run = runs.get(folder);
  if (run === undefined)
    throw new RevganError(
      "run",
      vscode.l10n.t("{0} is no run: it has no run.json", id),
      vscode.l10n.t("choose a folder in .revgan/runs"),
    );
  return run;
}

/**
 * The run of an argument; without one, the only run for which the action is possible, or the one that the user picks.
 * Undefined when the user picks none.
 * @throws RevganError `run` when there is no such run
 */
export async function runFor(
  argument: RunArgument,
  action: PanelAction,
  title: string,
  services: Pick<Services, "runs">,
): Promise<RunSummary | undefined> {
  if (argument !== undefined) return runFrom(argument, services);
  await services.runs.store.refresh();
  const possible = services.runs.list().filter(({ actions }) => actions.includes(action));
  if (possible.length === 0)
    throw new RevganError(
      "run",
      vscode.l10n.t("there is no run for that"),
      vscode.l10n.t("start one with RevGAN: Try with Sample Data or RevGAN: New Run…"),
    );
  return possible.length === 1 ? possible[0] : pickRun(possible, title);
}

/** A run's state and step in a list, and the folder of runs that it is in. */
export function describeRun({ state, step, group }: RunSummary): string {
  const text = vscode.l10n.t("{0}, step {1}", stateLabel(state), step);
  return group === null ? text : `${text} · ${basename(group)}`;
}

/** Lets the user pick one of several runs. */
export async function pickRun(runs: readonly RunSummary[], title: string): Promise<RunSummary | undefined> {
  const items = runs.map((run) => ({
    label: run.name,
    description: describeRun(run),
    run,
  }));
  return (
    await vscode.window.showQuickPick(items, {
      title,
      placeHolder: vscode.l10n.t("Which run?"),
      matchOnDescription: true,
    })
  )?.run;
}
