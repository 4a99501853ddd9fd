import type { Config } from "../../configuration/config";
import { RevganError } from "../../protocol/errors";
import { seededRandom } from "../random";
import type { ImageSettings } from "./dataset/imageSettings";
import type { Placement } from "./readSource";

/** The number of images of each domain to draw from. In paired mode both are the number of pairs. */
export interface DomainSizes {
  readonly a: number;
  readonly b: number;
}

/** The part of the configuration that decides which images a step trains on. */
export type SamplerSettings = Pick<ImageSettings, "paired" | "shuffle" | "flip" | "batchSize" | "seed">;

/** The part of every batch that a process reads and computes: part number `part` (from 0) of `parts` equal ones. */
export interface BatchShare {
  readonly part: number;
  readonly parts: number;
}

/** One item of a batch: the index of each domain's image, and how it is cropped. */
export interface Sample {
  readonly a: number;
  readonly b: number;
  readonly placeA: Placement;
  readonly placeB: Placement;
}

/** The steps of an epoch, which shows every image of A once; images that fill up its last batch are shown twice. */
export function stepsPerEpoch(sizes: DomainSizes, batchSize: number): number {
  return Math.ceil(sizes.a / batchSize);
}

/** The epoch of a step, both counted from 1. */
export function epochOf(step: number, sizes: DomainSizes, batchSize: number): number {
  return Math.floor((step - 1) / stepsPerEpoch(sizes, batchSize)) + 1;
}

/** The step that a training ends with: after all its epochs, or `maxSteps` if that comes first. */
export function lastStepOfTraining(training: Config["training"], sizes: DomainSizes): number {
  const steps = (training.epochs + training.decayEpochs) * stepsPerEpoch(sizes, training.batchSize);
  return Math.min(steps, training.maxSteps ?? Infinity);
}

/** Whether an image may be trained on. A pair is used only if both of its images are usable. */
export interface Usable {
  readonly a: (index: number) => boolean;
  readonly b: (index: number) => boolean;
}

const allUsable: Usable = { a: () => true, b: () => true };

/**
 * Chooses the images and crops of a training's steps. They depend on the arguments alone, so a resumed run gets the batches of an
 * uninterrupted one.
 *
 * A is taken in the order of its files, reshuffled every epoch with `shuffle`. An epoch whose images do not fill its last batch takes the
 * missing ones from its beginning, so that every batch is full. In unpaired mode B is drawn at random with `shuffle`, else image i of A
 * comes with image i mod |B|. The images of a pair share crop and flip; unpaired images draw their own. An image that is not usable is
 * replaced by the next one: in A by the epoch's order, in B by name. All other steps stay as they are.
 */
export class Sampler {
  /** The epoch of the cached `order`: computing an order takes time proportional to the number of files. */
  private epoch = 0;
  private order: readonly number[] = [];

  /** @param axes spatial axes: 2 for images, 3 for volumes */
  constructor(
    private readonly sizes: DomainSizes,
    private readonly settings: SamplerSettings,
    private readonly axes: 2 | 3 = 2,
  ) {}

  /**
   * @param step counted from 1
   * @throws RevganError `data` when no image of a domain is usable
   */
  at(step: number, usable: Usable = allUsable): Sample[] {
    const { sizes, settings, axes } = this;
    const { batchSize, seed, shuffle, paired } = settings;
    const order = this.orderOf(epochOf(step, sizes, batchSize));
    const first = ((step - 1) % stepsPerEpoch(sizes, batchSize)) * batchSize;
    const isUsable = (index: number): boolean => usable.a(index) && (!paired || usable.b(index));
    return indices(batchSize).map((item) => {
      const own = (first + item) % sizes.a;
      const a = firstUsable(sizes.a, (i) => order[(own + i) % sizes.a]!, isUsable, paired ? "pair" : "file of A");
      const wanted = shuffle ? seededRandom(seed, "b", step, item).integer(sizes.b) : order[own]! % sizes.b;
      const b = paired ? a : firstUsable(sizes.b, (i) => (wanted + i) % sizes.b, usable.b, "file of B");
      const placeA = drawPlacement(settings, "placeA", step, item, axes);
      const placeB = paired ? placeA : drawPlacement(settings, "placeB", step, item, axes);
      return { a, b, placeA, placeB };
    });
  }

  private orderOf(epoch: number): readonly number[] {
    if (epoch === this.epoch) return this.order;
    const { seed, shuffle } = this.settings;
    const files = indices(this.sizes.a);
    this.order = shuffle ? seededRandom(seed, "order", epoch).shuffle(files) : files;
    this.epoch = epoch;
    return this.order;
  }
}

/** The first of `count` candidates that is usable. @param what the candidates' name in the error when none is usable */
function firstUsable(
  count: number,
  candidate: (i: number) => number,
  usable: (index: number) => boolean,
  what: string,
): number {
  for (let i = 0; i < count; i++) {
    const index = candidate(i);
    if (usable(index)) return index;
  }
  throw new RevganError("data", `no ${what} is left to train on: none can be used`, "repair the files, or add others");
}

function drawPlacement(settings: SamplerSettings, stream: string, step: number, item: number, axes: 2 | 3): Placement {
  const draw = seededRandom(settings.seed, stream, step, item);
  // `flip` is drawn before the crop and whether or not it is set, so that changing `flip` does not change the crops.
  const flip = draw.uniform() < 0.5 && settings.flip;
  return { position: indices(axes).map(() => draw.uniform()), flip };
}

function indices(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
