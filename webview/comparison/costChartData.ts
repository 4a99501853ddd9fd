import { areComparable, type Cost, costs, meanFigure, type Quality } from "../../extension/comparison/figures";
import { measures } from "../../extension/comparison/measures";
import type { ComparisonRow, ComparisonRows } from "./comparisonRows";

/** A row in a chart of quality against a cost. Both figures are means over the row's runs. */
export interface CostPoint {
  readonly row: ComparisonRow;
  readonly cost: number;
  readonly quality: number;
}

/** A chart of quality against one cost. */
export interface CostChart {
  readonly cost: Cost;
  readonly points: readonly CostPoint[];
  /**
   * The Pareto front, by rising cost: a row is in it if every other row is worse in one of the two figures, or equal in both. Empty if the
   * qualities are not comparable.
   */
  readonly frontier: readonly CostPoint[];
}

/** One chart per cost, with the rows that have both figures. */
export function costChartsOf({ rows, lines }: Pick<ComparisonRows, "rows" | "lines">, quality: Quality): CostChart[] {
  return costs.map((cost) => {
    const points = rows.flatMap((row): CostPoint[] => {
      const [x, y] = [meanFigure(row.lines, cost), meanFigure(row.lines, quality)];
      return x === null || y === null ? [] : [{ row, cost: x.mean, quality: y.mean }];
    });
    return { cost, points, frontier: areComparable(lines) ? frontierOf(points, quality) : [] };
  });
}

function frontierOf(points: readonly CostPoint[], { measure }: Quality): CostPoint[] {
  const sign = measures[measure] === "lower" ? 1 : -1;
  const beats = (one: CostPoint, other: CostPoint): boolean => {
    const [cheaper, better] = [other.cost - one.cost, sign * (other.quality - one.quality)];
    return cheaper >= 0 && better >= 0 && (cheaper > 0 || better > 0);
  };
  return points.filter((point) => !points.some((other) => beats(other, point))).sort((a, b) => a.cost - b.cost);
}
