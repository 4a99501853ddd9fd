import type { ComparisonLine } from "../../extension/protocol/lines";
import type { RunSummary } from "../../extension/protocol/panel";
import { runNames } from "../../extension/comparison/runNames";
import type { PanelState } from "../state/panelState";

/** A run of a comparison. */
export interface ComparedRun {
  readonly id: string;
  readonly name: string;
  /** The run's index: 0 for the shown run, from 1 for compared ones. It decides the colour, as in the loss charts. */
  readonly place: number;
  /** Null where the run's folder is damaged; then `problem` says how. */
  readonly line: ComparisonLine | null;
  readonly problem: string | null;
  /** Whether the run lacks an evaluation on test pictures and the host can start one. */
  readonly canEvaluate: boolean;
}

/** The shown run and those compared with it; empty while nothing is compared. */
export function comparedRuns({ shown, comparison, costAndQuality }: PanelState): ComparedRun[] {
  if (shown === null || costAndQuality === null || comparison.length === 0) return [];
  const all = [{ run: shown.run, costAndQuality }, ...comparison];
  const names = uniqueNames(all.map(({ run }) => run));
  return all.map(({ run: { id, actions }, costAndQuality: { line, problem } }, place) => ({
    id,
    name: names[place]!,
    place,
    line,
    problem,
    canEvaluate: line !== null && line.judged?.by !== "evaluation" && actions.includes("evaluate"),
  }));
}

/** The runs' names; if two are equal, the shortest ends of the folders' paths that differ. */
function uniqueNames(runs: readonly RunSummary[]): string[] {
  const names = runs.map(({ name }) => name);
  return new Set(names).size === names.length ? names : runNames(runs.map(({ id }) => id));
}
