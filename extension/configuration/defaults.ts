import type { WrittenConfig } from "./schema";

type Filled<T> = T extends readonly unknown[]
  ? Readonly<T>
  : T extends object
    ? { readonly [K in keyof T]-?: Filled<Exclude<T[K], undefined>> }
    : T;

/** The configuration with every key present. Nothing in it changes after it was read. */
export type Config = Filled<Omit<WrittenConfig, "$schema">>;

export type NetworkConfig = Config["network"];

/** Levels of the U-Nets, each of which halves the sides: down to one pixel of the picture that a U-Net is named for. */
export const unetLevels = { unet128: 7, unet256: 8 } as const;

/**
 * The defaults that depend on other keys: volumes, pairs and different channel counts have their own. What a kind of network has no
 * choice in becomes what it does.
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
      // Kinds without a reversible core always store activations, even if the file asks to recompute: one file serves all kinds in a comparison.
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
