import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { meanFigure, type Quality } from "../../extension/comparison/figures";
import type { ComparisonLine, TranslationDirection } from "../../extension/protocol/lines";
import { formatBytes } from "../../extension/trainer/formatBytes";
import type { Sweep } from "../../extension/trainer/sweep/sweepFile";
import { markdownTable } from "../bench/statistics";
import { contendersOf, dataSetsOf, runsOf } from "./contenders";
import { figure } from "./figure";
import type { Results } from "./results";

const folder = join(import.meta.dirname, "..", "test", "comparison");

/** Metrics that a table shows, where a data set has them, and their digits. */
const shown = [
  ["mae", "MAE", 1],
  ["psnr", "PSNR (dB)", 2],
  ["ssim", "SSIM", 3],
  ["pixelAccuracy", "pixel accuracy", 3],
  ["classAccuracy", "class accuracy", 3],
  ["classIoU", "class IoU", 3],
  ["cycleMae", "there and back, MAE", 1],
] as const;

/** Writes `report.md` and its figures. */
export function writeReport(sweep: Sweep, results: Results): void {
  writeFileSync(join(folder, "quality.svg"), figure(sweep, results));
  const sections = dataSetsOf(sweep).map(({ name, domains }) => section(sweep, results, name, domains));
  const parts = [intro(sweep), ...sections, costs(sweep, results), memory(results), settings(sweep)];
  writeFileSync(join(folder, "report.md"), `${parts.join("\n\n")}\n`);
}

function intro({ seeds }: Sweep): string {
  return `# RevGAN, CycleGAN and pix2pix side by side

Made by \`npm run comparison\`: \`revgan sweep\` trains, \`revgan evaluate\` judges, \`revgan compare\` collects. All networks share layers,
objectives and training loop; they differ in what the tables say. Figures are means over ${seeds.length} seeds ± standard deviation, on the
test pictures, of 255 where they are errors. What a few minutes on one core teach says who learns faster, not who ends better.

![Quality against parameters, memory and time](quality.svg)`;
}

function section(sweep: Sweep, { runs }: Results, data: string, domains: string): string {
  const contenders = contendersOf(sweep);
  const directions: readonly (readonly [TranslationDirection, string])[] = [
    ["AtoB", "A to B"],
    ["BtoA", "B to A"],
  ];
  const tables = directions.map(([direction, title]) => {
    const rows = contenders
      .map((contender) => ({ name: contender.name, lines: runsOf(runs, contender, data) }))
      .filter(({ lines }) => lines.some(({ metrics }) => metrics?.[direction] !== undefined));
    const columns = shown.filter(([measure]) =>
      rows.some(({ lines }) => meanFigure(lines, { direction, measure }) !== null),
    );
    const cells = rows.map(({ name, lines }) => [
      name,
      ...columns.map(([measure, , digits]) => meanAndSpread(lines, { direction, measure }, digits)),
      String(lines.length),
    ]);
    return `${title}:\n\n${markdownTable(["", ...columns.map(([, label]) => label), "seeds"], cells)}`;
  });
  const order = contenders.map(({ name }) => name).join(", ");
  return [
    `## ${data}: ${domains}`,
    ...tables,
    `What the first seeds made of validation pictures, A to B. From the left: A, the true B, ${order}.\n\n![${data}](${data}.png)`,
  ].join("\n\n");
}

function meanAndSpread(lines: readonly ComparisonLine[], figure: Quality, digits: number): string {
  const mean = meanFigure(lines, figure);
  if (mean === null) return "";
  const spread = lines.length === 1 ? "" : ` ± ${mean.deviation.toFixed(digits)}`;
  return `${mean.mean.toFixed(digits)}${spread}`;
}

function costs(sweep: Sweep, { runs, costs: measured }: Results): string {
  const rows = contendersOf(sweep).map((contender) => {
    const { name, depth, width } = contender;
    const cost = measured.find((each) => each.name === name);
    const parameters = runsOf(runs, contender)[0]?.parameters;
    return [
      name,
      `${depth} × ${width}`,
      parameters?.toLocaleString("en") ?? "",
      cost === undefined ? "" : formatBytes(cost.peakBytes),
      cost === undefined ? "" : cost.secondsPerStep.toFixed(3),
    ];
  });
  return `## What they cost\n\nParameters of the generators; tensors at a step's peak and seconds a step on all cores, measured apart by \`revgan memory\`.\n\n${markdownTable(["", "blocks × width", "parameters", "peak", "seconds a step"], rows)}`;
}

function memory({ memory: lines }: Results): string {
  const depths = [...new Set(lines.map(({ depth }) => depth))];
  const kinds = [
    ["revgan", "RevGAN, recomputing"],
    ["cyclegan", "CycleGAN"],
  ] as const;
  const rows = kinds.map(([kind, title]) => [
    title,
    ...depths.map((depth) => {
      const line = lines.find((each) => each.kind === kind && each.depth === depth);
      return line === undefined ? "" : `${formatBytes(line.peak)} (${formatBytes(line.activations)})`;
    }),
  ]);
  return `## Memory by depth\n\nTensors at a step's peak, and of them activations, at the paper's size (unpaired, 256², width 64), by \`revgan memory\`.\n\n${markdownTable(["blocks", ...depths.map(String)], rows)}`;
}

function settings({ file }: Sweep): string {
  return `## Settings

Each training is on one core, for which it takes one to thirteen minutes. The sweep:

\`\`\`jsonc
${readFileSync(file, "utf8").trim()}
\`\`\``;
}
