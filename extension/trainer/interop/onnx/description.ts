import type { Config } from "../../../configuration/config";
import { domainNames } from "../../../configuration/domainNames";
import { sideMultiple, smallestGeneratorSide } from "../../../configuration/sizes";
import type { TranslationDirection } from "../../../protocol/lines";

/** The facts that a model's file states about its network. */
export interface Described {
  readonly config: Config;
  readonly direction: TranslationDirection;
  /** The training step of the checkpoint. */
  readonly step: number;
}

/** Facts about a model for programs, by key; ONNX stores the values as text. */
export function metadataOf({ config, direction, step }: Described): Record<string, string> {
  const { mode, network } = config;
  const { from, to } = namesOf(config, direction);
  return {
    kind: network.kind,
    mode,
    direction,
    from,
    to,
    step: String(step),
    multiple: String(sideMultiple(network)),
    smallest: String(smallestGeneratorSide(network)),
    scaling: scalingOf(config),
    ...(network.dropout ? { dropout: "left out" } : {}),
  };
}

/** The description of a model for people: how to prepare its input and use its output. */
export function descriptionOf(described: Described): string {
  const { network } = described.config;
  const { from, to } = namesOf(described.config, described.direction);
  const { kind, multiple, smallest, step } = metadataOf(described);
  return [
    `A ${kind} that translates ${from} to ${to}, after ${step} training steps.`,
    `Values from -1 to 1: ${scalingOf(described.config)}.`,
    `${network.dimensions === 3 ? "Depth, height" : "Height"} and width are multiples of ${multiple}, at least ${smallest}.`,
    "Other sizes: pad the ends by reflection, and cut the translation back.",
    "Each item of a batch is normalised by its own mean and variance.",
    ...(network.dropout
      ? ["Dropout is left out, which is the mean of all masks; `revgan translate` draws a mask, so its results differ."]
      : []),
  ].join(" ");
}

function namesOf(config: Config, direction: TranslationDirection): { from: string; to: string } {
  const { a, b } = domainNames(config);
  return direction === "AtoB" ? { from: a, to: b } : { from: b, to: a };
}

function scalingOf({ network, data: { intensity } }: Config): string {
  if (network.dimensions === 2) return "value / 127.5 - 1 of 8 bits, value / 32767.5 - 1 of 16 bits";
  const { kind, low, high } = intensity;
  const ends = {
    percentile: `a volume's percentiles ${low} and ${high}`,
    window: `the intensities ${low} and ${high}`,
    zscore: `a volume's mean plus ${low} and plus ${high} standard deviations`,
  }[kind];
  return `${ends} become -1 and 1, and what is beyond is clamped`;
}
