import { areComparable, type Cost, costs, figureOf, type Quality } from "../../extension/comparison/figures";
import { type Measure, measures } from "../../extension/comparison/measures";
import { type ComparedRun, linesOf } from "./comparedRuns";

/** A run in a chart of quality against a cost. */
export interface ChartPoint {
  readonly entry: ComparedRun;
  readonly cost: number;
  readonly quality: number;
}

/** A chart of quality against one cost. */
export interface CostChart {
  readonly cost: Cost;
  readonly points: readonly ChartPoint[];
  /** The Pareto front: runs that no other beats in cost and quality, by cost. Empty if the qualities are not comparable. */
  readonly frontier: readonly ChartPoint[];
}

/** One chart per cost, with the runs that have both figures. */
export function chartsOf(entries: readonly ComparedRun[], quality: Quality): CostChart[] {
  return costs.map((cost) => {
    const points = entries.flatMap((entry): ChartPoint[] => {
      const x = entry.line?.[cost] ?? null;
      const y = entry.line === null ? null : figureOf(entry.line, quality);
      return x === null || y === null ? [] : [{ entry, cost: x, quality: y }];
    });
    return { cost, points, frontier: areComparable(linesOf(entries)) ? frontierOf(points, quality.measure) : [] };
  });
}

function frontierOf(points: readonly ChartPoint[], measure: Measure): ChartPoint[] {
  const sign = measures[measure] === "lower" ? 1 : -1;
  const beats = (one: ChartPoint, other: ChartPoint): boolean => {
    const [cheaper, better] = [other.cost - one.cost, sign * (other.quality - one.quality)];
    return cheaper >= 0 && better >= 0 && (cheaper > 0 || better > 0);
  };
  return points.filter((point) => !points.some((other) => beats(other, point))).sort((a, b) => a.cost - b.cost);
}
