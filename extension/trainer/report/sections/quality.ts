import { measureNames } from "../../../comparison/measures";
import type { TranslationDirection } from "../../../protocol/lines";
import type { RunEvaluation } from "../../../protocol/panel";
import { markup, type Markup } from "../markup";
import { type Pictures, strip } from "../pictures";
import type { ReportedRun } from "../reportedRun";
import { countText, directionText, figureText, kindText, measureText, measureTexts } from "../texts";

/** The results of evaluations: means, and the worst cases with their pictures. */
export async function qualitySection(
  reported: ReportedRun,
  pictures: Pictures,
  mostCases: number,
): Promise<Markup | null> {
  const { evaluations } = reported;
  if (evaluations.length === 0) return null;
  const worst: (Markup | null)[] = [];
  for (const evaluation of evaluations) worst.push(await worstCases(reported, evaluation, pictures, mostCases));
  return markup`<section>
    <h3>Quality</h3>
    ${meansTable(reported)}${worst}
  </section>`;
}

function meansTable({ evaluations, names }: ReportedRun): Markup {
  const measures = measureNames.filter((measure) => evaluations.some(({ metrics }) => metrics[measure] != null));
  const hasPlain = evaluations.some((each) => plainError(each) !== null);
  const rows = evaluations.map(
    (each) =>
      markup`<tr>
        <th scope="row">${directionText(each.direction, names)}</th>
        <td>${each.split}</td>
        <td>${countText(each.images)}</td>
        <td>${each.step === null ? "–" : countText(each.step)}</td>
        ${measures.map((measure) => markup`<td>${measureText(measure, each.metrics[measure])}</td>`)}${hasPlain ? markup`<td>${measureText("mae", plainError(each))}</td>` : null}
      </tr>`,
  );
  return markup`<div class="wide">
    <table>
      <caption>
        Means over the pictures
      </caption>
      <thead>
        <tr>
          <th scope="col">Direction</th>
          <th scope="col">Split</th>
          <th scope="col">Pictures</th>
          <th scope="col">Step</th>
          ${measures.map((measure) => markup`<th scope="col">${measureTexts[measure]}</th>`)}${hasPlain ? markup`<th scope="col">Without a network</th>` : null}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** The error that a translation should beat: that of the best constant colour, or the distance of the untranslated pictures. */
function plainError({ metrics }: RunEvaluation): number | null {
  return metrics["constantMae"] ?? metrics["slicedWassersteinUntranslated"] ?? null;
}

async function worstCases(
  { folder, names }: ReportedRun,
  evaluation: RunEvaluation,
  pictures: Pictures,
  most: number,
): Promise<Markup | null> {
  const { direction, worst, split } = evaluation;
  const cases: Markup[] = [];
  for (const [row, { name, metrics, columns }] of worst.slice(0, most).entries()) {
    const captions = columns.map((column) => kindText(column, domainOf(direction), names));
    const figures = (metrics["mae"] == null ? (["cycleMae"] as const) : (["mae", "psnr", "ssim"] as const)).flatMap(
      (measure) => (metrics[measure] == null ? [] : [figureText(measure, metrics[measure])]),
    );
    const shown = strip(await pictures.worstCase(folder, evaluation, row, captions));
    cases.push(
      markup`<div class="case">
        <h5>${name} <span>${figures.join(" · ")}</span></h5>
        ${shown}
      </div>`,
    );
  }
  if (cases.length === 0) return null;
  return markup`<h4>Worst cases, ${directionText(direction, names)}, ${split}</h4>
    <div class="cases">${cases}</div>`;
}

function domainOf(direction: TranslationDirection): "a" | "b" {
  return direction === "AtoB" ? "a" : "b";
}
