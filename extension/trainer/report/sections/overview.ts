import { totalSeconds } from "../../../comparison/comparisonLine";
import { judgedBy } from "../../../comparison/figures";
import { directionsOf } from "../../../configuration/networkKind";
import { durationText, english } from "../../../protocol/durations";
import { formatBytes } from "../../formatBytes";
import { markup, type Markup } from "../markup";
import type { ReportedRun } from "../reportedRun";
import { countText, directionText, measureText, measureTexts, timeText } from "../texts";

const kinds = { revgan: "RevGAN", cyclegan: "CycleGAN", pix2pix: "pix2pix" } as const;

/**
 * The kind of a run, its progress, and its quality.
 * @param isAlone whether the page is about this run only
 */
export function overview({ name, run, names, line, metrics }: ReportedRun, isAlone: boolean): Markup {
  const { config, state, step, lastStep, createdAt } = run;
  const ways = directionsOf(config.network).map((direction) => directionText(direction, names));
  const depth =
    config.network.generator === "resnet"
      ? `${countText(config.network.depth)} ${config.network.depth === 1 ? "block" : "blocks"}`
      : config.network.generator;
  const facts = [
    `${kinds[config.network.kind]}, ${config.mode}, ${depth}, width ${config.network.width}`,
    `${state} at step ${countText(step)}${lastStep === undefined || lastStep === step ? "" : ` of ${countText(lastStep)}`}`,
    `begun ${timeText(createdAt)}`,
  ];
  const seconds = totalSeconds(metrics.steps);
  const { qualities } = judgedBy([line]);
  const main = qualities.filter(({ measure }) => measure === "mae" || measure === "slicedWasserstein");
  const figures: [string, string, string][] = [
    ...main.map(({ direction, measure }): [string, string, string] => [
      directionText(direction, names),
      measureText(measure, line.metrics?.[direction]?.[measure]),
      measureTexts[measure].toLowerCase(),
    ]),
    ...(line.peakBytes === null
      ? []
      : [["Peak of memory", formatBytes(line.peakBytes), "tensors"] as [string, string, string]]),
    ["Training", durationText(seconds, english), `${countText(line.steps ?? 0)} steps`],
    ["Generators", countText(line.parameters ?? 0), "parameters"],
  ];
  const cards = figures.map(
    ([name, value, unit]) =>
      markup`<div class="card">
        <dt>${name}</dt>
        <dd><strong>${value}</strong> ${unit}</dd>
      </div>`,
  );
  const title = isAlone
    ? markup`<h1>${name}</h1><h2 class="ways">${ways.join(" · ")}</h2>`
    : markup`<h2>${name}</h2><p class="ways">${ways.join(" · ")}</p>`;
  return markup`${title}
    <p class="facts">${facts.join(" · ")}</p>
    <dl class="cards">${cards}</dl>
    ${basis(line, config.network.dimensions === 3)}`;
}

/** States which pictures the figures of quality were computed on. */
function basis({ judged }: ReportedRun["line"], isVolumes: boolean): Markup | null {
  if (judged == null) return markup`<p class="note">Its quality was not measured.</p>`;
  const [what, scale] = isVolumes ? ["volumes", "in units of the files"] : ["pictures", "on a scale of 255"];
  const count = judged.images === undefined ? "" : `${countText(judged.images)} `;
  const on =
    judged.by === "evaluation"
      ? `${count}test ${what}, by revgan evaluate`
      : `${count}${judged.split ?? "val"} ${what}, at the validation of step ${countText(judged.step)}`;
  return markup`<p class="note">Quality on ${on}. Errors and distances are ${scale}; lower is better.</p>`;
}
