import type { Pixels } from "../data/picture";
import { seededRandom } from "../random";

/** Pixels along a side of a patch, as Karras et al. 2018. */
const patchSide = 7;
/** Patches of a set of pictures at each scale, independent of the number of pictures. */
export const patchCount = 2048;
/** Directions on which patches are projected. */
const directionCount = 64;
/** Number of scales: the picture, its half and its quarter resolution. A patch spans 7, 14 and 28 of the picture's pixels. */
const scaleCount = 3;
/** Slices of a volume that patches are taken from, evenly spread along its first axis. */
const sliceCount = 8;

/** Pictures with a side below this are left out, because they have no patch at the coarsest scale. */
export const smallestSide = patchSide * 2 ** (scaleCount - 1);

/**
 * The sliced Wasserstein distance between the patches of two sets of pictures: how much their small details differ, whatever the pictures
 * show. It needs no pairs and no trained network. It follows Karras et al. 2018 (Progressive Growing of GANs, section 5), but in grey
 * levels and without normalising the patches, so that a wrong brightness counts, too:
 *
 * - A picture is a Laplacian pyramid of 2 × 2 means: each of the two finer scales is the difference to the next coarser one, the
 *   coarsest scale is the picture itself.
 * - At each scale a set has 2048 patches of 7 × 7 pixels, spread evenly over its pictures, at random places.
 * - Patches are projected on 64 random directions of length 1. On each, the distance of the two distributions is that of their
 *   sorted values (Wasserstein-1 in one dimension). The result is the mean over directions and scales, on the scale of 0 to 255.
 * - Places and directions are drawn from a fixed seed: the same pictures give the same figure on every machine.
 *
 * It tells whether colours, edges and textures are as frequent as in the real pictures. It does not tell whether a translation belongs to
 * its input, or whether objects larger than 28 pixels have the right shape. The distance of two sets of real pictures of one domain is not
 * 0, because the sets are random samples; it is larger for fewer pictures.
 *
 * @returns null where one of the sets has no patches
 */
export function slicedWasserstein(x: PatchSet, y: PatchSet): number | null {
  const [ofX, ofY] = [x.sorted(), y.sorted()];
  if (ofX.length === 0 || ofY.length === 0) return null;
  const distances = ofX.map((values, i) => distance(values, ofY[i]!));
  return distances.reduce((sum, each) => sum + each, 0) / distances.length;
}

/** The patches of a set of pictures, projected. Takes 3.1 MB, however many pictures are added. */
export class PatchSet {
  /** The random directions, one after the other. */
  private readonly directions: Float64Array;
  /** Projected patches: an array at `scale * directionCount + direction`, of which the first `count` values are set. */
  private values: Float64Array[] | null = null;
  private count = 0;
  private isSorted = false;

  /**
   * @param pictures how many pictures will be added
   * @param channels of each picture; sets with different numbers of channels cannot be compared
   */
  constructor(
    private readonly pictures: number,
    readonly channels: number,
  ) {
    this.directions = directionsIn(patchSide * patchSide * channels);
  }

  /**
   * Adds one picture's share of the patches, or that of one volume's slices. Values in [−1, 1] stand for 0 to 255. A picture with a side
   * below {@link smallestSide} adds nothing.
   *
   * @param index of the picture in the set; decides its share and the places of its patches
   */
  add(image: Pixels, index: number): void {
    const share = (i: number): number => Math.round((i * patchCount) / this.pictures);
    const wanted = share(index + 1) - share(index);
    if (wanted === 0 || Math.min(image.height, image.width) < smallestSide) return;
    this.values ??= Array.from({ length: scaleCount * directionCount }, () => new Float64Array(patchCount));
    const slices = slicesOf(image);
    for (const [i, slice] of slices.entries()) {
      const [from, to] = [i, i + 1].map((each) => Math.round((each * wanted) / slices.length)) as [number, number];
      for (const [scale, level] of pyramidOf(slice).entries()) this.project(level, scale, from, to, index);
    }
    this.count += wanted;
  }

  /** The projected values for each scale and direction, ascending; empty for a set without patches. Call it after the last `add`. */
  sorted(): readonly Float64Array[] {
    if (this.values === null) return [];
    if (!this.isSorted) this.values = this.values.map((values) => values.subarray(0, this.count).sort());
    this.isSorted = true;
    return this.values;
  }

  /** Takes the patches numbered `from` to `to` from one pyramid level of a picture, and projects them on all directions. */
  private project(level: Level, scale: number, from: number, to: number, index: number): void {
    const { directions } = this;
    const { data, height, width, channels } = level;
    const row = patchSide * channels;
    const patch = new Float64Array(patchSide * row);
    for (let i = from; i < to; i++) {
      const place = seededRandom(0, "sliced Wasserstein patch", index, scale, i);
      const top = place.integer(height - patchSide + 1);
      const left = place.integer(width - patchSide + 1);
      for (let y = 0; y < patchSide; y++) {
        const start = ((top + y) * width + left) * channels;
        patch.set(data.subarray(start, start + row), y * row);
      }
      const values = this.values!;
      // Four independent sums, which the processor adds in parallel: within one sum each addition waits for the one before.
      for (let d = 0; d < directionCount; d += 4) {
        const first = d * patch.length;
        const [second, third, fourth] = [first + patch.length, first + 2 * patch.length, first + 3 * patch.length];
        let [s0, s1, s2, s3] = [0, 0, 0, 0];
        for (let j = 0; j < patch.length; j++) {
          const value = patch[j]!;
          s0 += value * directions[first + j]!;
          s1 += value * directions[second + j]!;
          s2 += value * directions[third + j]!;
          s3 += value * directions[fourth + j]!;
        }
        const to = scale * directionCount + d;
        [s0, s1, s2, s3].forEach((sum, k) => (values[to + k]![this.count + i] = sum));
      }
    }
  }
}

/** A picture on a scale of 255, `[height, width, channels]`. */
interface Level {
  readonly data: Float64Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Random directions of length 1 in a space of that many dimensions, one after the other. */
function directionsIn(dimensions: number): Float64Array {
  const directions = new Float64Array(directionCount * dimensions);
  for (let i = 0; i < directionCount; i++) {
    const { normal } = seededRandom(0, "sliced Wasserstein direction", i);
    const direction = Float64Array.from({ length: dimensions }, normal);
    const length = Math.sqrt(direction.reduce((sum, value) => sum + value ** 2, 0));
    directions.set(
      direction.map((value) => value / length),
      i * dimensions,
    );
  }
  return directions;
}

/** The picture itself, or some slices of a volume; values of 0 to 255. */
function slicesOf({ data, depth = 1, height, width, channels }: Pixels): Level[] {
  const size = height * width * channels;
  const count = Math.min(depth, sliceCount);
  return Array.from({ length: count }, (_, i) => {
    const start = Math.floor(((i + 0.5) * depth) / count) * size;
    const slice = Float64Array.from(data.subarray(start, start + size), (value) => (value + 1) * 127.5);
    return { data: slice, height, width, channels };
  });
}

/** The levels of the Laplacian pyramid, the finest first. */
function pyramidOf(picture: Level): Level[] {
  const levels: Level[] = [];
  let level = picture;
  while (levels.length < scaleCount - 1) {
    const coarser = halved(level);
    levels.push(detailsOf(level, coarser));
    level = coarser;
  }
  return [...levels, level];
}

/** Means of 2 × 2 pixels; of an odd side the last row or column is left out. */
function halved({ data, height, width, channels }: Level): Level {
  const size = { height: Math.floor(height / 2), width: Math.floor(width / 2) };
  const result = new Float64Array(size.height * size.width * channels);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const from = (2 * y * width + 2 * x) * channels;
      const to = (y * size.width + x) * channels;
      for (let c = 0; c < channels; c++) {
        const upper = data[from + c]! + data[from + channels + c]!;
        const lower = data[from + width * channels + c]! + data[from + (width + 1) * channels + c]!;
        result[to + c] = (upper + lower) / 4;
      }
    }
  }
  return { ...size, channels, data: result };
}

/** A level minus the next coarser one, whose pixels are repeated. */
function detailsOf({ data, width, channels }: Level, coarser: Level): Level {
  const size = { height: 2 * coarser.height, width: 2 * coarser.width };
  const result = new Float64Array(size.height * size.width * channels);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const mean = ((y >> 1) * coarser.width + (x >> 1)) * channels;
      for (let c = 0; c < channels; c++)
        result[(y * size.width + x) * channels + c] = data[(y * width + x) * channels + c]! - coarser.data[mean + c]!;
    }
  }
  return { ...size, channels, data: result };
}

/**
 * The Wasserstein-1 distance of two distributions from ascending samples of them: the mean distance of their quantiles, at as many places
 * as the larger set has samples. Quantiles of the smaller set are interpolated between its samples.
 */
function distance(x: Float64Array, y: Float64Array): number {
  const count = Math.max(x.length, y.length);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const at = (i + 0.5) / count;
    sum += Math.abs(quantile(x, at) - quantile(y, at));
  }
  return sum / count;
}

/**
 * The quantile at `at` of ascending samples. Sample `i` of `n` is the quantile at `(i + 0.5) / n`; linear between samples, constant beyond
 * the first and the last.
 */
function quantile(ascending: Float64Array, at: number): number {
  const place = Math.min(Math.max(at * ascending.length - 0.5, 0), ascending.length - 1);
  const before = Math.floor(place);
  const [low, high] = [ascending[before]!, ascending[Math.min(before + 1, ascending.length - 1)]!];
  return low + (place - before) * (high - low);
}
