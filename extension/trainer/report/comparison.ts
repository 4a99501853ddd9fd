import { markup, type Markup } from "./markup";
import type { Pictures } from "./pictures";
import type { ReportedRun } from "./reportedRun";
import { sameSamples } from "./sameSamples";
import { validationChart } from "./sections/curves";
import { type Figure, figureColumn, judgedBy } from "../../comparison/figures";
import { differingSettings, seedOf } from "../../comparison/settings";
import { formatBytes } from "../formatBytes";
import { countText, directionText, measureText, measureTexts, stepSecondsText } from "./texts";

/** The most runs that stand side by side in one table: as many as fit on a sheet of paper. */
const mostColumns = 6;

/** The section that compares several runs: figures, curves, and the same pictures. */
export async function comparison(runs: readonly ReportedRun[], pictures: Pictures): Promise<Markup> {
  const curves = validationChart(runs, (_, run) => run);
  return markup`<section class="compared">
    <h2>Side by side</h2>
    ${tables(runs)}
    ${curves.length === 0 ? null : markup`<div class="charts">${curves}</div>`}
    ${await sameSamples(runs, pictures)}
  </section>`;
}

/** A setting or a figure, with a text for each run. */
interface Row {
  readonly title: string;
  readonly cells: readonly { readonly text: string; readonly isBest: boolean }[];
  /** For a figure of quality its direction, else empty. */
  readonly group: string;
}

function tables(runs: readonly ReportedRun[]): Markup[] {
  const rows = [...settingRows(runs), ...figureRows(runs)];
  const starts = Array.from({ length: Math.ceil(runs.length / mostColumns) }, (_, i) => i * mostColumns);
  return starts.map((from) => table(runs.slice(from, from + mostColumns), rows, from));
}

/** Rows of the settings in which the runs differ. */
function settingRows(runs: readonly ReportedRun[]): Row[] {
  const lines = runs.map(({ line }) => line);
  const row = (title: string, texts: readonly string[]): Row => ({
    title,
    group: "",
    cells: texts.map((text) => ({ text, isBest: false })),
  });
  const settings = differingSettings(lines).map(({ key, name, text }) => {
    const values = lines.map((line) => line.settings?.[key] ?? null);
    return row(
      name,
      values.map((value) => (value === null ? "–" : text(value))),
    );
  });
  const seeds = lines.map((line) => String(seedOf(line) ?? "–"));
  const steps = lines.map((line) => countText(line.steps ?? 0));
  return [...settings, ...(new Set(seeds).size > 1 ? [row("Seed", seeds)] : []), row("Steps taken", steps)];
}

/** Rows of what the runs cost, and how good they are. */
function figureRows(runs: readonly ReportedRun[]): Row[] {
  const lines = runs.map(({ line }) => line);
  const row = (title: string, figure: Figure, text: (value: number) => string, group = ""): Row => {
    const { means, best } = figureColumn(
      lines.map((line) => [line]),
      figure,
    );
    const cells = means.map((each) =>
      each === null ? { text: "–", isBest: false } : { text: text(each.mean), isBest: each.mean === best },
    );
    return { title, cells, group };
  };
  return [
    row("Parameters of the generators", "parameters", countText),
    row("Peak of memory", "peakBytes", formatBytes),
    row("A step", "secondsPerStep", stepSecondsText),
    ...judgedBy(lines).qualities.map(({ direction, measure }) =>
      row(
        measureTexts[measure],
        { direction, measure },
        (value) => measureText(measure, value),
        directionText(direction, runs[0]!.names),
      ),
    ),
  ];
}

/** @param from index of the first of these runs among all */
function table(runs: readonly ReportedRun[], rows: readonly Row[], from: number): Markup {
  const body = rows.map(({ title, cells, group }, i) => {
    const isNew = group !== "" && group !== rows[i - 1]?.group;
    const texts = cells.slice(from, from + runs.length).map(({ text, isBest }) => {
      return markup`<td>${isBest ? markup`<strong>${text}</strong>` : text}</td>`;
    });
    return markup`${isNew ? markup`<tr class="group"><th scope="rowgroup" colspan="${runs.length + 1}">${group}</th></tr>` : null}
      <tr><th scope="row">${title}</th>${texts}</tr>`;
  });
  return markup`<div class="wide">
    <table class="runs">
      <caption>
        Bold: the best of a row
      </caption>
      <thead>
        <tr><td></td>${runs.map(({ name }) => markup`<th scope="col">${name}</th>`)}</tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}
