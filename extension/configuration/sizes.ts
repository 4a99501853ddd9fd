import { type Config, type NetworkConfig, unetLevels } from "./defaults";

/** The value of `data.loadSize` or `data.cropSize`. */
export type Size = Config["data"]["cropSize"];

/**
 * A size as one number for each axis, `[height, width]` or `[depth, height, width]`.
 * @returns null for the size null, which keeps each image's own size; undefined where the size has another number of axes than `dimensions`
 */
export function axesOf(size: Size, dimensions: 2 | 3): readonly number[] | null | undefined {
  if (size === null) return null;
  if (typeof size === "number") return new Array<number>(dimensions).fill(size);
  return size.length === dimensions ? size : undefined;
}

/** Every side of the generator's input must be a multiple of this number. */
export function sideMultiple({ generator, downsampling }: Pick<NetworkConfig, "generator" | "downsampling">): number {
  return 2 ** (generator === "resnet" ? downsampling : unetLevels[generator]);
}

/**
 * The smallest side of the generator's input: the outer reflection padding by 3 needs 4 pixels; the core, behind the downsampling, needs 2
 * pixels for its reflection padding by 1 and its norm.
 */
export function smallestGeneratorSide(
  network: Pick<NetworkConfig, "generator" | "downsampling" | "dimensions">,
): number {
  const multiple = sideMultiple(network);
  if (network.generator !== "resnet") return multiple;
  // Volumes are padded by replication, which works at any size.
  const padding = network.dimensions === 2 ? 4 : 1;
  return roundUp(Math.max(padding, 2 * multiple), multiple);
}

/** The smallest side of a training crop: the discriminators must have at least one output value along each axis. */
export function smallestTrainingSide(
  network: Pick<NetworkConfig, "generator" | "downsampling" | "dimensions"> & {
    readonly discriminator: { readonly layers: number };
  },
): number {
  // In a discriminator, `layers` convolutions (kernel 4, stride 2, padding 1) each halve a side and round down; two more (kernel 4, stride
  // 1, padding 1) each subtract 1.
  const patch = 3 * 2 ** network.discriminator.layers;
  return roundUp(Math.max(smallestGeneratorSide(network), patch), sideMultiple(network));
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
