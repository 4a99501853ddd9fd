import type { Config } from "../../../configuration/config";
import { memoryModesOf } from "../../../configuration/networkKind";
import type { MemoryMode, StepLine } from "../../../protocol/lines";
import { memoryParts } from "../../../protocol/memoryParts";
import { formatBytes } from "../../formatBytes";
import { type ChartSeries, lineChart } from "../lineChart";
import { markup, type Markup } from "../markup";
import type { MemoryByDepth } from "../memoryByDepth";
import type { ReportedRun } from "../reportedRun";
import { modeTexts } from "../texts";

/** The memory of a step by the number of blocks, in theory and as measured. */
export function memorySection(reported: ReportedRun): Markup | null {
  const parts = [
    depthSentence(reported),
    markup`<div class="charts">${depthChart(reported.memory, reported.run.config, reported.lastStep)}${peakTable(reported)}</div>`,
  ];
  return reported.memory.points.length === 0 && reported.lastStep === null
    ? null
    : markup`<section>
        <h3>Memory</h3>
        ${parts}
      </section>`;
}

/** Colours of the memory modes, the same in every report. */
const modeStyles: Readonly<Record<MemoryMode, number>> = { recompute: 0, store: 1, checkpoint: 2, budget: 3 };

/** A chart with lines by theory, and dots for measurements and for the training. Null where there is only one depth. */
export function depthChart(
  { points, measured }: MemoryByDepth,
  { network }: Config,
  lastStep: StepLine | null,
): Markup | null {
  if (points.length < 2) return null;
  const xs = Float64Array.from(points, ({ depth }) => depth);
  const theory = memoryModesOf(network).map((mode): ChartSeries => ({
    label: modeTexts[mode],
    style: modeStyles[mode],
    xs,
    ys: Float64Array.from(points, ({ needs }) => needs[mode]?.largestActivations ?? NaN),
  }));
  const dots = memoryModesOf(network).flatMap((mode): ChartSeries[] => {
    const own = measured.filter(({ backprop }) => backprop === mode);
    if (own.length === 0) return [];
    const [depths, ys] = [own.map(({ depth }) => depth), own.map((line) => line.measured.largestActivations)];
    const label = `measured, ${modeTexts[mode]}`;
    return [{ label, style: modeStyles[mode], kind: "dots", xs: Float64Array.from(depths), ys: Float64Array.from(ys) }];
  });
  const trained = lastStep?.bytes.largestActivations;
  const here: ChartSeries[] =
    trained === undefined
      ? []
      : [
          {
            label: "this training",
            style: 4,
            kind: "dots",
            xs: Float64Array.of(network.depth),
            ys: Float64Array.of(trained),
          },
        ];
  return lineChart({
    title: "Largest activations of a step",
    xTitle: "blocks",
    fromZero: true,
    yText: (bytes) => (bytes === 0 ? "0" : formatBytes(bytes)),
    series: [...theory, ...dots, ...here],
  });
}

/** A sentence that compares the activations of a deep and a shallow network, by theory. */
function depthSentence({ memory: { points }, run }: ReportedRun): Markup | null {
  const [few, many] = [points.find(({ depth }) => depth === 2), points.at(-1)];
  if (few === undefined || many === undefined || run.config.network.kind !== "revgan") return null;
  const bytes = (point: typeof few, mode: MemoryMode): string =>
    formatBytes(point.needs[mode]?.largestActivations ?? 0);
  return markup`<p>
    Recomputing, the activations of 2 blocks take ${bytes(few, "recompute")} and those of ${many.depth} blocks
    ${bytes(many, "recompute")}; storing, ${bytes(few, "store")} and ${bytes(many, "store")}. Lines are by theory.
  </p>`;
}

/** A table with the parts of the last step's peak. */
function peakTable({ lastStep }: ReportedRun): Markup | null {
  if (lastStep === null) return null;
  const { peak, peakByPart } = lastStep.bytes;
  const rows = memoryParts
    .filter((part) => peakByPart[part] > 0)
    .map((part) => {
      const bytes = peakByPart[part];
      return markup`<tr>
        <th scope="row">${part}</th>
        <td>${formatBytes(bytes)}</td>
        <td>${((100 * bytes) / peak).toFixed(1)}%</td>
      </tr>`;
    });
  return markup`<table class="narrow">
    <caption>
      Peak of the last step: ${formatBytes(peak)}
    </caption>
    <thead>
      <tr>
        <th scope="col">Part</th>
        <th scope="col">Bytes</th>
        <th scope="col">Share</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}
