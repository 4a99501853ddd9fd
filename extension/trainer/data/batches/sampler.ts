import { random } from "../../random";

/** How many files there are to draw from. In paired mode both are the number of pairs. */
export interface DomainSizes {
  readonly a: number;
  readonly b: number;
}

/** The part of the configuration that decides what a step sees. */
export interface SamplerSettings {
  readonly paired: boolean;
  readonly shuffle: boolean;
  readonly flip: boolean;
  readonly batchSize: number;
  readonly seed: number;
}

/** Where a crop lies and whether it is mirrored, for an image whose size need not be known yet. */
export interface Placement {
  /** One number in [0, 1) an axis: the crop begins at pixel floor(fraction · (side − crop + 1)). Images: [top, left]. */
  readonly position: readonly number[];
  /** Left and right exchanged, after the crop. */
  readonly flip: boolean;
}

/** One item of a batch: which file of each domain, and how it is cut. */
export interface Sample {
  readonly a: number;
  readonly b: number;
  readonly placeA: Placement;
  readonly placeB: Placement;
}

/** An epoch shows every file of A once, but for the files that fill up its last batch. */
export function stepsPerEpoch(sizes: DomainSizes, batchSize: number): number {
  return Math.ceil(sizes.a / batchSize);
}

/**
 * The epoch of a step.
 * @param step from 1
 * @returns the epoch, from 1
 */
export function epochOf(step: number, sizes: DomainSizes, batchSize: number): number {
  return Math.floor((step - 1) / stepsPerEpoch(sizes, batchSize)) + 1;
}

/**
 * What a step trains on. Depends on the arguments alone, so a resumed run sees what the uninterrupted one would have seen.
 *
 * A comes in the order of its files, shuffled anew every epoch when `shuffle`. An epoch whose files do not fill its last batch
 * fills it from the beginning of its own order, so that every batch is full. B in unpaired mode is drawn at random when
 * `shuffle`, else it is file i modulo their number, for file i of A. A pair shares crop and flip; else each draws its own.
 *
 * @param step from 1
 * @param axes axes of an image (2) or a volume (3)
 */
export function sampleAt(step: number, sizes: DomainSizes, settings: SamplerSettings, axes: 2 | 3 = 2): Sample[] {
  const { batchSize, seed, shuffle } = settings;
  const epoch = epochOf(step, sizes, batchSize);
  const first = ((step - 1) % stepsPerEpoch(sizes, batchSize)) * batchSize;
  const order = shuffle ? random(seed, "order", epoch).shuffle(upTo(sizes.a)) : upTo(sizes.a);
  return upTo(batchSize).map((item) => {
    const a = order[(first + item) % sizes.a]!;
    const b = settings.paired ? a : shuffle ? random(seed, "b", step, item).integer(sizes.b) : a % sizes.b;
    const placeA = placement(settings, "placeA", step, item, axes);
    const placeB = settings.paired ? placeA : placement(settings, "placeB", step, item, axes);
    return { a, b, placeA, placeB };
  });
}

function placement(settings: SamplerSettings, stream: string, step: number, item: number, axes: 2 | 3): Placement {
  const draw = random(settings.seed, stream, step, item);
  // The flip is drawn first and always: switching it off leaves the crops where they were.
  const flip = draw.uniform() < 0.5 && settings.flip;
  return { position: upTo(axes).map(() => draw.uniform()), flip };
}

function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
