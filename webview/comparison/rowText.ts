import { costs, type Figure, meanFigure } from "../../extension/comparison/figures";
import type { DifferingSetting } from "../../extension/comparison/settings";
import { t } from "../ui/text";
import type { ComparisonRow } from "./comparisonRows";
import { costTitle, figureText, kindTitle, measureTitle, runsText, settingsText } from "./comparisonText";

/** A row's name: for one run its name and its kind of network, for several their settings and their number. */
export function rowName(
  { runs: [first, ...others], values }: ComparisonRow,
  settings: readonly DifferingSetting[],
): string {
  if (others.length === 0) return t("{0} ({1})", first.name, kindTitle(first.line.kind));
  const [count, what] = [runsText(others.length + 1), settingsText(settings, values)];
  return what === "" ? count : t("{0} ({1})", what, count);
}

/** A row's name, quality and costs in one line, also for screen readers. @param figure the figure that the chart shows */
export function rowWords(row: ComparisonRow, settings: readonly DifferingSetting[], figure: Figure): string {
  const spent = costs.flatMap((cost) => {
    const mean = meanFigure(row.lines, cost);
    return mean === null ? [] : [`${costTitle(cost)} ${figureText(cost, mean)}`];
  });
  return `${row.number} ${rowName(row, settings)}: ${[...qualityWords(row, figure), ...spent].join(", ")}`;
}

function qualityWords({ lines }: ComparisonRow, figure: Figure): string[] {
  if (typeof figure === "string") return [];
  const mean = meanFigure(lines, figure);
  return [`${measureTitle(figure.measure)} ${mean === null ? t("not known") : figureText(figure, mean)}`];
}
