import { meanFigure } from "../../extension/comparison/figures";
import type { Sweep } from "../../extension/trainer/sweep/sweepFile";
import { type Contender, contendersOf, dataSetsOf, runsOf } from "./contenders";
import type { Results } from "./results";

const [plotWidth, plotHeight, left, top, gap] = [200, 150, 56, 34, 70];
/** What quality is shown against. */
const axes = [
  {
    title: "parameters (thousands)",
    of: ({ runs }: Results, contender: Contender) => (runsOf(runs, contender)[0]?.parameters ?? NaN) / 1e3,
  },
  {
    title: "tensors at the peak (MB)",
    of: ({ costs }: Results, { name }: Contender) => (costs.find((cost) => cost.name === name)?.peakBytes ?? NaN) / 1e6,
  },
  {
    title: "seconds a step",
    of: ({ costs }: Results, { name }: Contender) => costs.find((cost) => cost.name === name)?.secondsPerStep ?? NaN,
  },
] as const;

/** PSNR from A to B, the mean over the seeds, against what it costs: a row of plots for each data set, as SVG. */
export function figure(sweep: Sweep, results: Results): string {
  const parts: string[] = [];
  const [data, contenders] = [dataSetsOf(sweep), contendersOf(sweep)];
  data.forEach(({ name }, row) =>
    axes.forEach((axis, column) =>
      parts.push(
        plot(results, contenders, name, axis, left + column * (plotWidth + gap), top + row * (plotHeight + gap)),
      ),
    ),
  );
  const height = top + data.length * (plotHeight + gap);
  const legend = contenders.map(
    ({ name, mode, mark }, i) =>
      `<text x="${left + (i % 4) * 200}" y="${height + 16 * Math.floor(i / 4)}" fill="${colour(mode)}">${mark} ${name}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + axes.length * (plotWidth + gap)}" height="${height + 40}" font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="#fff"/>\n${[...parts, ...legend].join("\n")}\n</svg>\n`;
}

function plot(
  results: Results,
  contenders: readonly Contender[],
  name: string,
  { title, of }: (typeof axes)[number],
  x: number,
  y: number,
): string {
  const points = contenders
    .map((contender) => ({ contender, cost: of(results, contender), quality: quality(results, contender, name) }))
    .filter(({ cost, quality: value }) => Number.isFinite(cost) && Number.isFinite(value));
  const frame = `<rect x="${x}" y="${y}" width="${plotWidth}" height="${plotHeight}" fill="none" stroke="#d0d7de"/>`;
  const heading = `<text x="${x}" y="${y - 8}" fill="#24292f">${name}: PSNR (dB)</text><text x="${x + plotWidth / 2}" y="${y + plotHeight + 30}" text-anchor="middle" fill="#24292f">${title}</text>`;
  if (points.length === 0) return frame + heading;
  const across = scale(
    points.map(({ cost }) => cost),
    x,
    plotWidth,
  );
  const up = scale(
    points.map(({ quality: value }) => value),
    y + plotHeight,
    -plotHeight,
  );
  const dots = points.map(
    ({ contender, cost, quality: value }) =>
      `<text x="${across.place(cost)}" y="${up.place(value) + 4}" text-anchor="middle" fill="${colour(contender.mode)}">${contender.mark}</text>`,
  );
  const ticks = [
    ...across.ends.map(
      (value) =>
        `<text x="${across.place(value)}" y="${y + plotHeight + 14}" text-anchor="middle" fill="#57606a">${value.toPrecision(3)}</text>`,
    ),
    ...up.ends.map(
      (value) =>
        `<text x="${x - 6}" y="${up.place(value) + 4}" text-anchor="end" fill="#57606a">${value.toPrecision(3)}</text>`,
    ),
  ];
  return [frame, heading, ...dots, ...ticks].join("");
}

function quality({ runs }: Results, contender: Contender, data: string): number {
  return meanFigure(runsOf(runs, contender, data), { direction: "AtoB", measure: "psnr" })?.mean ?? NaN;
}

/** From values to places, with a tenth of the room at both ends. */
function scale(
  values: readonly number[],
  start: number,
  length: number,
): { ends: number[]; place: (value: number) => number } {
  const ends = [Math.min(...values), Math.max(...values)];
  const span = ends[1]! - ends[0]! || 1;
  return { ends, place: (value) => start + length * (0.1 + (0.8 * (value - ends[0]!)) / span) };
}

function colour(mode: Contender["mode"]): string {
  return mode === "paired" ? "#1f6feb" : "#bc4c00";
}
