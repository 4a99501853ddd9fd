import { basename } from "node:path";
import * as vscode from "vscode";
import { RevganError } from "../../protocol/errors";
import type { PanelAction, RunSummary } from "../../protocol/panel";
import { canonicalFolder } from "../../runFolder/paths";
import { stateLabel } from "../views/runLabels";
import type { GroupNode } from "../views/runsTree";
import type { Services } from "./services";

/** The argument by which a command gets a run: the Uri of its folder, an entry of the tree, or the run's id. */
export type RunArgument = vscode.Uri | { readonly runId: string } | string | undefined;

/** The argument by which a command gets runs to compare: a run, or a folder of runs such as that of a sweep. */
export type ComparedArgument = Exclude<RunArgument, undefined> | GroupNode;

/** The run that an argument names; adds its folder to the list of runs. @throws RevganError `run` when it names no run */
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
 * The run that an argument names; without an argument, the only run for which the action is possible, or the one that the user picks.
 * Undefined when the user picks none.
 * @throws RevganError `run` when the argument names no run, or no run allows the action
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

/** The description of a run in a list: its state and step, and the folder of runs that contains it. */
export function describeRun({ state, step, group }: RunSummary): string {
  const text = vscode.l10n.t("{0}, step {1}", stateLabel(state), step);
  return group === null ? text : `${text} · ${basename(group)}`;
}

/** Lets the user pick one of several runs; undefined when the user picks none. */
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
