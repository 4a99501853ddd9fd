import { basename } from "node:path";
import { measureNames } from "../../comparison/measures";
import { directionsOf } from "../../configuration/networkKind";
import { axesOf } from "../../configuration/sizes";
import { withoutDefaults } from "../../configuration/withoutDefaults";
import { durationText, english } from "../../protocol/durations";
import { totalSeconds } from "../../comparison/comparisonLine";
import { formatBytes } from "../formatBytes";
import { version } from "../version";
import { licenceIn } from "./licence";
import { fenced, plain, table } from "./markdown";
import { commandsOf, publicConfig } from "./reproduction";
import type { ReportedRun } from "./reportedRun";
import { countText, directionText, measureText, measureTexts, stepSecondsText } from "./texts";

/**
 * A model card in Markdown, with the front matter of the Hugging Face Hub. The author chooses the licence of the weights; the licence of
 * the data is given where a file beside them names it.
 */
export function modelCard(reported: ReportedRun, now: Date): string {
  const sections = [
    frontMatter(reported),
    introduction(reported),
    usage(reported),
    dataPart(reported),
    trainingPart(reported),
    evaluationPart(reported),
    limits(reported),
    `Written by RevGAN ${version} on ${now.toISOString().slice(0, 10)}.`,
  ];
  return `${sections.join("\n\n")}\n`;
}

/** The card's front matter. Strings are written as in JSON, which YAML reads without change. */
function frontMatter({ name, run, evaluations, data }: ReportedRun): string {
  const text = (value: string): string => JSON.stringify(value);
  const metrics = evaluations.flatMap(({ direction, split, metrics: means }) =>
    measureNames.flatMap((measure) =>
      typeof means[measure] === "number"
        ? [
            `          - type: ${measure}`,
            `            name: ${text(`${measureTexts[measure]}, ${direction}, ${split}`)}`,
            `            value: ${Number(means[measure].toPrecision(6))}`,
          ]
        : [],
    ),
  );
  const dataset = text(data.folders.join(" and ") || "unknown");
  const index = [
    "model-index:",
    `  - name: ${text(name)}`,
    "    results:",
    "      - task:",
    "          type: image-to-image",
    "        dataset:",
    `          name: ${dataset}`,
    `          type: ${dataset}`,
    "        metrics:",
    ...metrics,
  ];
  return [
    "---",
    "# Yours to choose: the licence of the weights. That of the data stands below, where it is known.",
    "license: unknown",
    "pipeline_tag: image-to-image",
    "library_name: revgan",
    "tags:",
    ...["gan", "image-to-image", run.config.network.kind, run.config.mode].map((tag) => `  - ${tag}`),
    ...(metrics.length === 0 ? [] : index),
    "---",
  ].join("\n");
}

function introduction({ name, run, names, line }: ReportedRun): string {
  const { network, mode } = run.config;
  const ways = directionsOf(network).map((direction) => plain(directionText(direction, names)));
  const what = network.dimensions === 3 ? "volumes" : "pictures";
  const kind = {
    revgan: `a RevGAN: one generator with an invertible core of ${countText(network.depth)} blocks, which translates both ways`,
    cyclegan: "a CycleGAN: a generator for each direction",
    pix2pix: "a pix2pix: a generator for one direction",
  }[network.kind];
  return `# ${plain(name)}

Translates ${what}: ${ways.join(", ")}. It is ${kind}, with ${countText(line.parameters ?? 0)} parameters in its generators, trained ${mode === "paired" ? "on pairs" : "without pairs"}.`;
}

function usage({ run, names }: ReportedRun): string {
  const direction = directionsOf(run.config.network)[0]!;
  return `## Use

It is meant for ${run.config.network.dimensions === 3 ? "volumes" : "pictures"} like those that it was trained on (below), from ${plain(names.a)} to ${plain(names.b)}${direction === "AtoB" && directionsOf(run.config.network).length === 2 ? " and back" : ""}.

${fenced(`revgan translate --run RUN --direction ${direction} FILE
revgan export --run RUN --format pytorch --out weights.safetensors`)}`;
}

function dataPart({ data, names }: ReportedRun): string {
  const { folders, counts, origins } = data;
  const rows = counts.map(({ split, a, b }) => [split, countText(a), countText(b)]);
  const told = origins.map(({ file, text }) => `From ${plain(file)} beside the data:\n\n${fenced(text)}`);
  const licences = [...new Set(origins.flatMap(({ text }) => licenceIn(text) ?? []))];
  const licence =
    licences.length === 0
      ? "The licence of the data is not known: no file beside them names one that is recognised. Ask whoever made them before you pass the model on."
      : `Licence of the data, as the file below names it: ${licences.join(", ")}.`;
  return [
    "## Training data",
    `Folder: ${folders.length === 0 ? "none is named" : folders.map(plain).join(" and ")}.`,
    ...(rows.length === 0 ? [] : [table(["part", plain(names.a), plain(names.b)], rows)]),
    licence,
    ...told,
  ].join("\n\n");
}

function trainingPart({ run, line, metrics }: ReportedRun): string {
  const { engine, versions } = run;
  const rows = [
    ["steps", countText(line.steps ?? 0)],
    ["time", durationText(totalSeconds(metrics.steps), english)],
    ...(line.secondsPerStep === null ? [] : [["a step", stepSecondsText(line.secondsPerStep)]]),
    ...(line.peakBytes === null ? [] : [["peak of memory (tensors)", formatBytes(line.peakBytes)]]),
    ["engine", plain(engine === null ? "unknown" : `${engine.name}, ${engine.version ?? ""}`)],
    ["device", plain(engine?.device ?? "unknown")],
    ["RevGAN", plain(versions["revgan"] ?? "unknown")],
    ["seed", String(run.seed)],
  ];
  const file = JSON.stringify(publicConfig(withoutDefaults(run.config)), null, 2);
  return `## Training

${table(["", ""], rows)}

${fenced(file, "json")}

With this as \`revgan.json\` beside the data, the same seed gives the same run on the same machine and engine:

${fenced(commandsOf(true))}`;
}

function evaluationPart({ evaluations, names, run }: ReportedRun): string {
  if (evaluations.length === 0) return "## Evaluation\n\nIt was not evaluated.";
  const measures = measureNames.filter((measure) => evaluations.some(({ metrics }) => metrics[measure] != null));
  const rows = evaluations.map(({ direction, split, images, metrics }) => [
    plain(directionText(direction, names)),
    `${countText(images)} of ${split}`,
    ...measures.map((measure) => measureText(measure, metrics[measure])),
  ]);
  const scale = run.config.network.dimensions === 3 ? "in units of the files" : "on a scale of 255";
  return `## Evaluation

${table(["direction", "pictures", ...measures.map((measure) => measureTexts[measure])], rows)}

Means over the pictures. Errors and distances are ${scale}; lower is better.`;
}

function limits({ run, evaluations }: ReportedRun): string {
  const { network, data } = run.config;
  const crop = axesOf(data.cropSize, network.dimensions)?.join(" × ") ?? null;
  const worst = evaluations.flatMap(({ worst: cases, direction }) =>
    cases.slice(0, 1).flatMap(({ name, metrics }) => {
      const error = metrics["mae"] ?? metrics["cycleMae"];
      return error == null ? [] : [`${direction}: ${plain(basename(name))} (error ${error.toFixed(2)})`];
    }),
  );
  return [
    "## Limits",
    [
      "- What it has not seen in training it turns into what it has: a translation looks plausible also where it is wrong. Do not take it for a measurement or a diagnosis.",
      ...(crop === null ? [] : [`- It was trained on crops of ${crop}; structures larger than that have no context.`]),
      ...(network.dimensions === 3 ? ["- It works on the grid and the intensities that its training data had."] : []),
      ...(worst.length === 0 ? [] : [`- The worst of the evaluated: ${worst.join("; ")}.`]),
    ].join("\n"),
  ].join("\n\n");
}
