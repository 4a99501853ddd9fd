import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Config, parseConfig } from "../../extension/configuration/config";
import { DecoderClient } from "../../extension/trainer/data/decoder/decoderClient";
import { fileKind } from "../../extension/trainer/data/dataset/fileKind";
import { imageSettings } from "../../extension/trainer/data/dataset/imageSettings";
import { scanDataset, type Sources, sourcesOf } from "../../extension/trainer/data/dataset/dataset";
import { BatchReader } from "../../extension/trainer/data/batches";
import type { NamedTensors } from "../../extension/trainer/interop/pytorch";
import { decodeSafetensors } from "../../extension/trainer/interop/safetensors";
import { elements, type HostTensor } from "../../extension/trainer/kernels/tensor";
import type { HostBatch } from "../../extension/trainer/training/trainingStep";

/** Steps in PyTorch: fixtures/README.md says what their files hold and how exactly they can be met. */
export const fixtureNames = [
  "paired",
  "paired-wide",
  "unpaired",
  "unpaired-wide",
  "volumes-paired",
  "volumes-unpaired",
  "volumes-unpaired-wide",
  "cyclegan",
  "pix2pix-resnet",
  "pix2pix-resnet-batch",
  "pix2pix-unet128",
  "pix2pix-unet128-batch",
] as const;

export type FixtureName = (typeof fixtureNames)[number];

/** The part of `expected.json` that is read. */
interface Expected {
  readonly config: {
    /** RevGAN where there is none. */
    readonly kind?: "revgan" | "cyclegan" | "pix2pix";
    readonly generator?: string;
    readonly norm?: string;
    readonly dimensions?: 3;
    readonly ngf: number;
    readonly ndf: number;
    /** U-Nets have none. */
    readonly blocks?: number;
    readonly inputChannels?: number;
    readonly outputChannels?: number;
    readonly intensity?: object;
    readonly steps: number;
    /** The fixture whose pictures these are; without it they are its own. */
    readonly data?: string;
  };
  readonly losses: readonly Readonly<Record<string, number>>[];
}

/** Steps in PyTorch, and the configuration of the same steps here. */
export interface Fixture {
  readonly name: FixtureName;
  /** What `revgan.json` says. */
  readonly settings: object;
  readonly config: Config;
  /** By step. */
  readonly losses: Expected["losses"];
  /** The path of a file of weights, of the first step's gradients, or of pictures. */
  readonly file: (kind: "init" | "final" | "gradients" | "translated") => string;
}

/** Reads what a fixture's `expected.json` says. */
export function readFixture(name: FixtureName): Fixture {
  const folder = join(import.meta.dirname, "fixtures", name);
  const { config, losses } = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Expected;
  const { kind, generator, norm, dimensions, ngf, ndf, blocks, inputChannels, outputChannels, intensity } = config;
  const data = join(import.meta.dirname, "fixtures", config.data ?? name, "data");
  const settings = {
    mode: name.includes("unpaired") || kind === "cyclegan" ? "unpaired" : "paired",
    network: {
      kind,
      generator,
      norm,
      dimensions,
      width: ngf,
      depth: blocks,
      inputChannels,
      outputChannels,
      discriminator: { width: ndf },
    },
    data: { path: data, loadSize: null, cropSize: null, flip: false, shuffle: false, intensity },
    training: { maxSteps: config.steps, poolSize: 0, sampleEvery: 0, checkpointEvery: 0 },
  };
  return {
    name,
    settings,
    config: parseConfig(settings, name),
    losses,
    file: (what) => join(folder, `${what}.safetensors`),
  };
}

/** The tensors of a file, by PyTorch's names. */
export function tensorsOf(file: string): NamedTensors {
  return decodeSafetensors(readFileSync(file), file);
}

/** The pictures that PyTorch makes of the first pair with the final weights, by name, `[1, …, c]` in [−1, 1]. */
export function picturesOf({ file }: Fixture): NamedTensors {
  return new Map([...tensorsOf(file("translated"))].map(([name, tensor]) => [name, channelsLast(tensor)]));
}

/** `[1, c, …]` as `[1, …, c]`. */
function channelsLast({ shape: [n, channels, ...axes], data }: HostTensor): HostTensor {
  const pixels = elements(axes);
  return {
    shape: [n!, ...axes, channels!],
    data: data.map((_, i) => data[(i % channels!) * pixels + Math.floor(i / channels!)]!),
  };
}

/** The files that the fixture trains on. */
export function trainingSources({ config: { mode, network, data } }: Fixture): Sources {
  const { train } = scanDataset({ ...data, path: data.path! }, mode, fileKind(network.dimensions)).splits;
  return sourcesOf(train);
}

/** The batch of each step, as a training reads them. */
export async function batchesOf(fixture: Fixture): Promise<HostBatch[]> {
  const { config, losses } = fixture;
  const decoder = new DecoderClient();
  const reader = new BatchReader(decoder, trainingSources(fixture), imageSettings(config));
  try {
    const batches: HostBatch[] = [];
    while (batches.length < losses.length) batches.push(await reader.next());
    return batches;
  } finally {
    reader.close();
    decoder.close();
  }
}
