import * as vscode from "vscode";
import { costAndQualityOf } from "../../host/comparison";
import { RevganError } from "../../protocol/errors";
import type { ComparisonLine } from "../../protocol/lines";
import { mostCompared } from "../../protocol/panel";
import { runsAt } from "../../runFolder/foldersOfRuns";
import { canonicalFolder } from "../../runFolder/paths";
import { pickCompared } from "./pickCompared";
import { type ComparedArgument, type RunArgument, runFrom } from "./runArgument";
import type { Services } from "./services";

/**
 * `revgan.compareRuns`: shows the first run in the panel, compared with the others.
 *
 * @param named runs and folders of runs; if undefined, the user picks
 * @returns the lines that `revgan compare --json` prints, without damaged runs in folders, which the panel reports
 * @throws RevganError `run` for a folder without runs, and for a damaged run in `named`; `usage` for too many runs
 */
export async function compareRuns(services: Services, named?: readonly ComparedArgument[]): Promise<ComparisonLine[]> {
  await services.runs.store.refresh();
  const ids = new Set<string>();
  const lines: ComparisonLine[] = [];
  for (const argument of named ?? (await pickCompared(services, wordsOfComparison()))) {
    const folder = await runsOfFolder(argument, services);
    for (const id of folder ?? [(await runFrom(argument as Exclude<RunArgument, undefined>, services)).id]) {
      if (ids.has(id)) continue;
      ids.add(id);
      const line = await lineOf(services, id, folder === null);
      if (line !== null) lines.push(line);
    }
  }
  const [first, ...others] = ids;
  if (first === undefined) return [];
  if (others.length > mostCompared)
    throw new RevganError(
      "usage",
      vscode.l10n.t("these are {0} runs, and the panel compares at most {1}", ids.size, mostCompared + 1),
      vscode.l10n.t("compare fewer of them, or use the command line: revgan compare FOLDER"),
    );
  await services.panel.compare(first, others);
  return lines;
}

function wordsOfComparison(): Parameters<typeof pickCompared>[1] {
  return {
    title: vscode.l10n.t("Compare Runs"),
    placeHolder: vscode.l10n.t("Which runs? The first stands before the others."),
    openLabel: vscode.l10n.t("Compare Its Runs"),
  };
}

/** The ids of the runs in a folder, which are added to the list of runs; null if the argument names a run. */
async function runsOfFolder(argument: ComparedArgument, { runs }: Services): Promise<string[] | null> {
  const isNode = typeof argument === "object" && "folder" in argument;
  const path = isNode
    ? argument.folder
    : typeof argument === "string"
      ? argument
      : "fsPath" in argument
        ? argument.fsPath
        : null;
  if (path === null || runs.get(path) !== undefined) return null;
  const folder = await canonicalFolder(path);
  const found = await runsAt(folder);
  if (!isNode && found.includes(folder)) return null;
  await runs.store.addGroup(folder);
  return found;
}

/** The cost and quality of a run; null for a damaged run unless `isNamed`. @throws RevganError `run` for a damaged run if `isNamed` */
async function lineOf({ runs }: Services, id: string, isNamed: boolean): Promise<ComparisonLine | null> {
  const history = runs.histories.acquire(id);
  try {
    await history.refresh();
    return await costAndQualityOf(runs, id, history);
  } catch (error) {
    if (isNamed || !(error instanceof RevganError)) throw error;
    return null;
  } finally {
    runs.histories.release(id);
  }
}
