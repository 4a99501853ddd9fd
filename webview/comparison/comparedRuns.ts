import type { ComparisonLine } from "../../extension/protocol/lines";
import type { RunSummary } from "../../extension/protocol/panel";
import { runNames } from "../../extension/comparison/runNames";
import type { PanelState } from "../state/panelState";

/** A run of a comparison. */
export interface ComparedRun {
  readonly id: string;
  readonly name: string;
  /** 0 for the shown run, whose curves' colours it has; the others follow. */
  readonly place: number;
  /** Null where its folder is damaged, which `problem` then tells. */
  readonly line: ComparisonLine | null;
  readonly problem: string | null;
  /** Its test pictures have not been evaluated, and the host can do it. */
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

/** Runs with the same name are named by their folders. */
function uniqueNames(runs: readonly RunSummary[]): string[] {
  const names = runs.map(({ name }) => name);
  return new Set(names).size === names.length ? names : runNames(runs.map(({ id }) => id));
}
