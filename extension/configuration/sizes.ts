import { type Config, type NetworkConfig, unetLevels } from "./defaults";

/** What `loadSize` and `cropSize` may be. */
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

/** Every side that the generator takes is a multiple of this. */
export function sideMultiple({ generator, downsampling }: Pick<NetworkConfig, "generator" | "downsampling">): number {
  return 2 ** (generator === "resnet" ? downsampling : unetLevels[generator]);
}

/** The smallest side that the generator takes: reflection by 3 needs 4 pixels, the core's reflection by 1 and its norm need 2. */
export function smallestGeneratorSide(
  network: Pick<NetworkConfig, "generator" | "downsampling" | "dimensions">,
): number {
  const multiple = sideMultiple(network);
  if (network.generator !== "resnet") return multiple;
  // Volumes are padded by replication, which works at any size.
  const padding = network.dimensions === 2 ? 4 : 1;
  return roundUp(Math.max(padding, 2 * multiple), multiple);
}

/** The smallest side that a training step takes: the discriminators must give at least one number an axis. */
export function smallestTrainingSide(
  network: Pick<NetworkConfig, "generator" | "downsampling" | "dimensions"> & {
    readonly discriminator: { readonly layers: number };
  },
): number {
  // `layers` convolutions (4, stride 2, pad 1) halve and round down; two more (4, stride 1, pad 1) take away 1 each.
  const patch = 3 * 2 ** network.discriminator.layers;
  return roundUp(Math.max(smallestGeneratorSide(network), patch), sideMultiple(network));
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
