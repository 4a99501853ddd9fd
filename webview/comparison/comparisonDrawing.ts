import { idOf } from "../../extension/comparison/settings";
import type { ChartChoice } from "./chartChoice";
import type { ComparisonRow, ComparisonRows } from "./comparisonRows";
import { drawCostCharts } from "./costCharts";
import { costChartsOf } from "./costChartData";
import type { DrawnRow, Drawing } from "./drawing";
import { rowName } from "./rowText";
import { drawSettingChart } from "./settingChart";
import { settingChartOf } from "./settingChartData";
import { rowSign, seriesSign, type Sign } from "./signs";

/**
 * The colour and shape of each row, by its value of the setting with a line per value, where there is one. Table and charts use the same,
 * so that a colour means the same in both.
 */
export function drawnRows(
  { settings, rows }: ComparisonRows,
  { chosenSeries }: ChartChoice,
): Map<ComparisonRow, DrawnRow> {
  const at = chosenSeries === null ? -1 : settings.indexOf(chosenSeries);
  const ids = (chosenSeries?.values ?? []).map(idOf);
  const signOf = (row: ComparisonRow): Sign =>
    chosenSeries === null ? rowSign(row) : seriesSign(ids.indexOf(idOf(row.values[at])));
  return new Map(rows.map((row) => [row, { sign: signOf(row), name: rowName(row, settings) }]));
}

/** Draws the charts of the user's choice; null where there is nothing to show. @param width in CSS pixels */
export function drawingOf(
  compared: ComparisonRows,
  choice: ChartChoice,
  drawn: ReadonlyMap<ComparisonRow, DrawnRow>,
  width: number,
): Drawing | null {
  const { figure, setting, chosenSeries } = choice;
  if (figure === null) return null;
  if (setting !== null)
    return drawSettingChart(settingChartOf(compared, { figure, setting, series: chosenSeries }), drawn, width);
  return typeof figure === "string" ? null : drawCostCharts(costChartsOf(compared, figure), figure, drawn, width);
}
