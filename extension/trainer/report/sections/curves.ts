import { lossGroups } from "../../../charts/lossGroups";
import { Smoothing } from "../../../charts/smoothing";
import { qualityOf } from "../../../comparison/quality";
import { directionsOf } from "../../../configuration/networkKind";
import { english } from "../../../protocol/durations";
import { type ChartSeries, lineChart } from "../lineChart";
import { markup, type Markup } from "../markup";
import type { ReportedRun } from "../reportedRun";
import { directionText } from "../texts";

/** The weight of smoothing with which the panel begins, too. */
const smoothing = 0.9;

/** Charts of validations and losses against the steps. */
export function curvesSection(reported: ReportedRun): Markup | null {
  const charts = [...validationChart([reported], (direction) => direction), ...lossCharts(reported)];
  if (charts.length === 0) return null;
  const note = `Losses carry their weights and are smoothed (${smoothing}); the faint lines are not.`;
  return markup`<section>
    <h3>Curves</h3>
    <div class="charts">${charts}</div>
    <p class="note">${note}</p>
  </section>`;
}

function lossCharts({ metrics: { steps }, names }: ReportedRun): Markup[] {
  if (steps.length < 2) return [];
  const xs = steps.column("step");
  return lossGroups(steps.losses, names, english).map(({ title, losses }) =>
    lineChart({
      title,
      xTitle: "step",
      canBeLog: true,
      series: losses
        .map(({ name, label, place }) => ({ label, raw: steps.loss(name), style: place }))
        .flatMap(({ label, raw, style }): ChartSeries[] => {
          const smooth = new Smoothing(smoothing);
          smooth.extend(raw);
          return [
            { label, xs, ys: raw, style, kind: "faint" },
            { label, xs, ys: smooth.values, style },
          ];
        })
        .sort((one, other) => Number(one.kind !== "faint") - Number(other.kind !== "faint")),
    }),
  );
}

/**
 * Charts of the quality at validations; for several runs one chart for each direction, with a line for each run.
 * @param label makes a line's label: its direction, or for several runs the run's name
 */
export function validationChart(
  runs: readonly ReportedRun[],
  label: (direction: string, run: string) => string,
): Markup[] {
  const [first] = runs;
  const series = runs.flatMap(({ metrics: { validations }, run, names, name }, at) =>
    directionsOf(run.config.network).flatMap((direction, place) => {
      const quality = qualityOf(validations, direction);
      if (quality === null) return [];
      return [
        {
          direction,
          measure: quality.measure,
          label: label(directionText(direction, names), name),
          style: runs.length > 1 ? at : place,
          xs: Float64Array.from(quality.points, ({ step }) => step),
          ys: Float64Array.from(quality.points, ({ value }) => value),
        },
      ];
    }),
  );
  const groups =
    runs.length === 1
      ? [series]
      : (["AtoB", "BtoA"] as const).map((way) => series.filter(({ direction }) => direction === way));
  return groups.flatMap((group) => {
    const [leading] = group;
    if (leading === undefined || first === undefined) return [];
    const what = leading.measure === "mae" ? "Error at validations" : "Distance at validations";
    const title = runs.length === 1 ? what : `${what}, ${directionText(leading.direction, first.names)}`;
    return [lineChart({ title, xTitle: "step", fromZero: true, series: group })];
  });
}
