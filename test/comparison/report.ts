import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TranslationDirection } from "../../extension/protocol/lines";
import { formatBytes } from "../../extension/trainer/formatBytes";
import { markdownTable } from "../bench/statistics";
import { figure } from "./figure";
import { configurationOf, contenders, type Contender, data, seeds, side, steps } from "./plan";
import type { Results, TrialResult } from "./results";

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
export function writeReport(results: Results): void {
  writeFileSync(join(folder, "quality.svg"), figure(results));
  writeFileSync(
    join(folder, "report.md"),
    `${[intro(), ...data.map(({ name, domains }) => section(results, name, domains)), costs(results), memory(results), budget()].join("\n\n")}\n`,
  );
}

function intro(): string {
  return `# RevGAN, CycleGAN and pix2pix side by side

Made by \`npm run comparison\`, which trains everything anew where \`results.json\` does not have it. All networks share layers,
objectives and training loop; they differ in what the tables say. Figures are means over ${seeds.length} seeds ± standard deviation, on the
test pictures, of 255 where they are errors. What a few minutes on one core teach says who learns faster, not who ends better.

![Quality against parameters, memory and time](quality.svg)`;
}

function section({ trials }: Results, name: string, domains: string): string {
  const directions: readonly (readonly [TranslationDirection, string])[] = [
    ["AtoB", "A to B"],
    ["BtoA", "B to A"],
  ];
  const tables = directions.map(([direction, title]) => {
    const of = (contender: Contender): readonly TrialResult[] =>
      trials.filter(
        (trial) => trial.data === name && trial.mode === contender.mode && trial.contender === contender.name,
      );
    const there = contenders.filter((contender) =>
      of(contender).some(({ metrics }) => metrics[direction] !== undefined),
    );
    const columns = shown.filter(([key]) =>
      there.some((contender) => of(contender).some(({ metrics }) => typeof metrics[direction]?.[key] === "number")),
    );
    const rows = there.map((contender) => [
      nameOf(contender),
      ...columns.map(([key, , digits]) =>
        meanAndSpread(
          of(contender).map(({ metrics }) => metrics[direction]?.[key] ?? null),
          digits,
        ),
      ),
      String(of(contender).length),
    ]);
    return `${title}:\n\n${markdownTable(["", ...columns.map(([, label]) => label), "seeds"], rows)}`;
  });
  return [
    `## ${name}: ${domains}`,
    ...tables,
    `What the first seeds made of validation pictures, A to B. From the left: A, the true B, ${contenders.map(nameOf).join(", ")}.\n\n![${name}](${name}.png)`,
  ].join("\n\n");
}

function costs({ trials, costs: measured }: Results): string {
  const rows = contenders.map((contender) => {
    const cost = measured.find(({ mode, contender: name }) => mode === contender.mode && name === contender.name);
    const parameters = trials.find(({ mode, contender: name }) => mode === contender.mode && name === contender.name)
      ?.metrics.AtoB?.["parameters"];
    const { depth, width } = contender.network;
    return [
      nameOf(contender),
      `${depth} × ${width}`,
      typeof parameters === "number" ? parameters.toLocaleString("en") : "",
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

function budget(): string {
  const configuration = JSON.stringify(configurationOf({ contender: contenders[0]!, seed: 0 }), null, 2);
  return `## Settings

${steps} steps of one picture each at ${side}², the same for all; each training on one core, for which it takes one to thirteen minutes. That of ${nameOf(contenders[0]!)}, seed 0:

\`\`\`json
${configuration}
\`\`\``;
}

function nameOf({ name, mode }: Contender): string {
  return name === "RevGAN" || name.startsWith("RevGAN,") ? name.replace("RevGAN", `RevGAN ${mode}`) : name;
}

function meanAndSpread(values: readonly (number | null)[], digits: number): string {
  const numbers = values.filter((value) => value !== null);
  if (numbers.length === 0) return "";
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const deviation = Math.sqrt(
    numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, numbers.length - 1),
  );
  return numbers.length === 1 ? mean.toFixed(digits) : `${mean.toFixed(digits)} ± ${deviation.toFixed(digits)}`;
}
