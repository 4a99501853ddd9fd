import type { Config } from "../../configuration/defaults";
import { sideMultiple, smallestTrainingSide, type Size } from "../../configuration/sizes";

/** The sizes of the data, which decide which networks make sense. */
export interface DataSizes {
  /** The smallest and the largest sides of the pictures or volumes, `[height, width]` or `[depth, height, width]`. */
  readonly smallest: readonly number[];
  readonly largest: readonly number[];
}

/** A sensible size of network: side of the crop in pixels, width and depth. */
type Anchor = readonly [side: number, width: number, depth: number];

/** Networks from a quick look to the paper's, 256² with width 64 and 9 blocks, and beyond. */
const anchors: Readonly<Record<2 | 3, readonly Anchor[]>> = {
  2: [
    [32, 8, 2],
    [64, 16, 4],
    [128, 32, 6],
    [256, 64, 9],
    [512, 96, 12],
    [1024, 128, 18],
    [4096, 128, 24],
  ],
  3: [
    [16, 8, 1],
    [32, 16, 2],
    [64, 32, 4],
    [128, 64, 6],
    [256, 96, 9],
  ],
};

/** Rungs (configurations) from one anchor to the next; from rung to rung the peak of memory grows by about a fifth. */
const rungsBetweenAnchors = 12;

/** Batch sizes of the last rungs, all with the largest network: they use the memory that this network leaves free. */
const batches = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

/** Pictures are enlarged to this many times the crop, as by the authors, so that the crop's place varies. */
const loadSizeFactor = 1.12;

/**
 * Configurations of growing size, called rungs, all with the other settings of `base`. Crop, width and depth grow together, the crop up to
 * the smallest picture; at the end the batch grows. So memory and time of a step grow along the ladder. Where a network starts with given
 * weights, it and the batch stay as they are, and only the crop grows.
 */
export function ladder(base: Config, data: DataSizes): Config[] {
  const { network } = base;
  const points = anchors[network.dimensions];
  const rungs: Config[] = [];
  const add = (rung: Config): void => {
    if (JSON.stringify(rung) !== JSON.stringify(rungs.at(-1))) rungs.push(rung);
  };
  for (let i = 0; i + 1 < points.length; i++)
    for (let step = i === 0 ? 0 : 1; step <= rungsBetweenAnchors; step++)
      add(rungAt(base, data, between(points[i]!, points[i + 1]!, step / rungsBetweenAnchors)));
  if (base.training.init !== null) return rungs;
  const last = rungs.at(-1)!;
  for (const batchSize of batches) add({ ...last, training: { ...last.training, batchSize } });
  return rungs;
}

function between(from: Anchor, to: Anchor, part: number): Anchor {
  return from.map((value, i) => value * (to[i]! / value) ** part) as unknown as Anchor;
}

function rungAt(base: Config, { smallest, largest }: DataSizes, [side, width, depth]: Anchor): Config {
  const { network, data } = base;
  const discriminatorWidth = Math.min(64, even(2 * width));
  const multiple = sideMultiple(network);
  const least = smallestTrainingSide(network);
  const within = (length: number, available: number): number => {
    const rounded = Math.round(length / Math.max(8, multiple)) * Math.max(8, multiple);
    return Math.max(least, Math.floor(Math.min(rounded, available) / multiple) * multiple);
  };
  const sizes: { readonly loadSize: Size; readonly cropSize: Size } =
    network.dimensions === 3
      ? { loadSize: null, cropSize: largest.map((available) => within(side, available)) as unknown as Size }
      : sizesForCrop(within(side, Math.min(...smallest)));
  const sized = {
    ...network,
    width: even(width),
    depth: network.generator === "resnet" ? Math.round(depth) : network.depth,
    discriminator: { ...network.discriminator, width: discriminatorWidth },
  };
  return { ...base, network: base.training.init === null ? sized : network, data: { ...data, ...sizes } };
}

function sizesForCrop(cropSize: number): { readonly loadSize: number; readonly cropSize: number } {
  return { loadSize: Math.round((cropSize * loadSizeFactor) / 2) * 2, cropSize };
}

function even(value: number): number {
  return Math.max(2, Math.round(value / 2) * 2);
}
