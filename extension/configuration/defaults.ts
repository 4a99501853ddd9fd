import type { WrittenConfig } from "./schema";

type Filled<T> = T extends readonly unknown[]
  ? Readonly<T>
  : T extends object
    ? { readonly [K in keyof T]-?: Filled<Exclude<T[K], undefined>> }
    : T;

/** A checked configuration with every key present; read-only. */
export type Config = Filled<Omit<WrittenConfig, "$schema">>;

export type NetworkConfig = Config["network"];

/**
 * The number of levels of each U-Net. Each level halves the sides, so that a picture of the size in the U-Net's name (128² or 256²) ends at
 * one pixel.
 */
export const unetLevels = { unet128: 7, unet256: 8 } as const;

/**
 * Fills in the defaults that depend on other keys: on whether the data are volumes, on `mode`, and on whether the channel counts differ. A
 * setting in which the kind of network has no choice is set to its only possible value.
 */
export function fillDefaults(written: WrittenConfig): Config {
  const { network, data, training, engine, convolution, gpu } = written;
  const volumes = network.dimensions === 3;
  const mode = written.mode ?? (network.kind === "pix2pix" ? "paired" : "unpaired");
  const canKeepIdentity = !volumes && network.inputChannels === network.outputChannels;
  return {
    mode,
    network: {
      ...network,
      depth: network.generator === "resnet" ? network.depth : unetLevels[network.generator],
      // Kinds without a reversible core always store activations. That a file asks to recompute is no error there, so that one file serves
      // all kinds in a comparison.
      backprop: network.kind === "revgan" ? network.backprop : "store",
      downsampling: network.downsampling ?? (volumes ? 1 : 2),
      discriminator: { ...network.discriminator, layers: network.discriminator.layers ?? (volumes ? 2 : 3) },
    },
    data: {
      ...data,
      loadSize: data.loadSize === undefined ? (volumes ? null : 286) : data.loadSize,
      cropSize: data.cropSize === undefined ? (volumes ? 32 : 256) : data.cropSize,
      intensity: fillIntensity(data.intensity),
    },
    training: {
      ...training,
      lambdaIdentity: training.lambdaIdentity ?? (canKeepIdentity ? 0.5 : 0),
      poolSize: training.poolSize ?? (mode === "paired" ? 0 : 50),
    },
    engine,
    convolution,
    gpu,
  };
}

function fillIntensity({ kind, low, high }: WrittenConfig["data"]["intensity"]): Config["data"]["intensity"] {
  const usual = { percentile: [0.5, 99.5], zscore: [-3, 3], window: [NaN, NaN] } as const;
  return { kind, low: low ?? usual[kind][0], high: high ?? usual[kind][1] };
}
