import type { ComparisonLine } from "../../../../extension/protocol/lines";
import { type ComparisonRows, comparisonRows } from "../../../../webview/comparison/comparisonRows";

type Values = Readonly<Record<string, unknown>>;

/** The rows of runs with these settings; each may change its line. */
export function rowsOf(runs: readonly (readonly [values: Values, line?: Partial<ComparisonLine>])[]): ComparisonRows {
  return comparisonRows(
    runs.map(([values, changes], place) => {
      const line: ComparisonLine = {
        type: "comparison",
        run: `/runs/${place}`,
        kind: "revgan",
        parameters: 1,
        peakBytes: 100,
        secondsPerStep: 1,
        steps: 10,
        metrics: null,
        judged: null,
        settings: values,
        written: Object.keys(values),
        ...changes,
      };
      return { id: line.run, name: `run ${place}`, place, line, problem: null, canEvaluate: false };
    }),
  );
}

/** What a run was judged to be, in both directions or only from A to B. */
export function judgedAs(
  mae: number,
  more: Readonly<Record<string, number>> = {},
  both = true,
): Partial<ComparisonLine> {
  const metrics = { mae, ...more };
  return {
    metrics: both ? { AtoB: metrics, BtoA: metrics } : { AtoB: metrics },
    judged: { by: "evaluation", images: 3 },
  };
}
