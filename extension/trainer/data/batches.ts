import { setMaxListeners } from "node:events";
import type { Config } from "../../configuration/config";
import { RevganError } from "../../protocol/errors";
import { elements, type HostTensor } from "../kernels/tensor";
import { random } from "../random";
import type { ImageSettings } from "./dataset/imageSettings";
import type { Source, Sources } from "./dataset/dataset";
import type { DecoderClient } from "./decoder/decoderClient";
import { unequalPair } from "./sizeProblems";
import { sameSize, showSize, sidesOf, type ImageSize, type Pixels } from "./picture";
import { type Placement, readSource } from "./readSource";

/** How many images of each domain there are to draw from. In paired mode both are the number of pairs. */
export interface DomainSizes {
  readonly a: number;
  readonly b: number;
}

/** The part of the configuration that decides which images a step trains on. */
export type SamplerSettings = Pick<ImageSettings, "paired" | "shuffle" | "flip" | "batchSize" | "seed">;

/** One item of a batch: the index of each domain's image, and how it is cropped. */
export interface Sample {
  readonly a: number;
  readonly b: number;
  readonly placeA: Placement;
  readonly placeB: Placement;
}

/** An epoch shows every image of A once; those that fill up its last batch are shown twice. */
export function stepsPerEpoch(sizes: DomainSizes, batchSize: number): number {
  return Math.ceil(sizes.a / batchSize);
}

/** The epoch of a step, both counted from 1. */
export function epochOf(step: number, sizes: DomainSizes, batchSize: number): number {
  return Math.floor((step - 1) / stepsPerEpoch(sizes, batchSize)) + 1;
}

/** The step that a training ends with: after all its epochs, or `maxSteps` if that comes first. */
export function lastStep(training: Config["training"], sizes: DomainSizes): number {
  const steps = (training.epochs + training.decayEpochs) * stepsPerEpoch(sizes, training.batchSize);
  return Math.min(steps, training.maxSteps ?? Infinity);
}

/**
 * What a step trains on. It depends on the arguments alone, so a resumed run gets the batches of an uninterrupted one.
 *
 * A follows the order of its files, reshuffled every epoch with `shuffle`. An epoch whose images do not fill its last batch takes the
 * missing ones from its beginning, so that every batch is full. B in unpaired mode is drawn at random with `shuffle`, else image i of A
 * comes with image i mod |B|. The images of a pair share crop and flip; unpaired ones draw their own.
 *
 * @param step counted from 1
 * @param axes spatial axes: 2 for images, 3 for volumes
 */
export function sampleAt(step: number, sizes: DomainSizes, settings: SamplerSettings, axes: 2 | 3 = 2): Sample[] {
  const { batchSize, seed, shuffle } = settings;
  const epoch = epochOf(step, sizes, batchSize);
  const first = ((step - 1) % stepsPerEpoch(sizes, batchSize)) * batchSize;
  const order = shuffle ? random(seed, "order", epoch).shuffle(indices(sizes.a)) : indices(sizes.a);
  return indices(batchSize).map((item) => {
    const a = order[(first + item) % sizes.a]!;
    const b = settings.paired ? a : shuffle ? random(seed, "b", step, item).integer(sizes.b) : a % sizes.b;
    const placeA = placement(settings, "placeA", step, item, axes);
    const placeB = settings.paired ? placeA : placement(settings, "placeB", step, item, axes);
    return { a, b, placeA, placeB };
  });
}

function placement(settings: SamplerSettings, stream: string, step: number, item: number, axes: 2 | 3): Placement {
  const draw = random(settings.seed, stream, step, item);
  // Drawn before the crop and whether or not `flip` is set, so that changing `flip` does not change the crops.
  const flip = draw.uniform() < 0.5 && settings.flip;
  return { position: indices(axes).map(() => draw.uniform()), flip };
}

function indices(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

/** The images of a training step, `[n, h, w, c]`, of volumes `[n, d, h, w, c]`, in [-1, 1]. */
export interface DecodedBatch {
  readonly step: number;
  readonly a: HostTensor;
  readonly b: HostTensor;
}

export interface ReaderOptions {
  /** The first step that `next` returns, from 1. */
  readonly firstStep?: number;
  /** No step after this one is decoded. */
  readonly lastStep?: number;
  /** Steps that are decoded before `next` asks for them. */
  readonly ahead?: number;
}

/**
 * Reads a training's batches, some steps ahead of it, so that a step does not wait for its images.
 * Memory: the batches of `ahead` + 1 steps. Whoever makes a reader closes it; the decoder stays the caller's.
 */
export class BatchReader {
  private readonly pending: Promise<DecodedBatch>[] = [];
  private readonly stopper = new AbortController();
  private readonly ahead: number;
  private readonly lastStep: number;
  private nextStep: number;

  /** @param sources the training images, at least one of each domain; in paired mode `a[i]` and `b[i]` are a pair */
  constructor(
    private readonly decoder: DecoderClient,
    private readonly sources: Sources,
    private readonly settings: ImageSettings,
    options: ReaderOptions = {},
  ) {
    this.nextStep = options.firstStep ?? 1;
    this.lastStep = options.lastStep ?? Infinity;
    this.ahead = options.ahead ?? 4;
    // Every image that is being read listens to the signal: Node's warning about many listeners would be wrong.
    setMaxListeners(0, this.stopper.signal);
    this.readAhead();
  }

  /**
   * The batch of the next step, in order; after an error that of the same step again.
   * @throws RevganError `data` naming the file, DataGone; `interrupted` after `close`; Error when called after the last step
   */
  async next(): Promise<DecodedBatch> {
    const first = this.pending[0];
    if (first === undefined) throw new Error(`there is no batch after step ${this.lastStep}`);
    // A file that could not be read ahead may have been repaired since: it is read once more before the error is reported.
    const batch = await first.catch(() => this.readAgain());
    void this.pending.shift();
    this.readAhead();
    return batch;
  }

  /** Stops reading ahead. */
  close(): void {
    this.stopper.abort();
  }

  private readAhead(): void {
    // One more than `ahead`: the one that `next` returns.
    while (this.pending.length <= this.ahead && this.nextStep <= this.lastStep) {
      const batch = this.read(this.nextStep++);
      // Prevents an unhandled rejection: `next` reports the error, if it is called for this step at all.
      batch.catch(() => undefined);
      this.pending.push(batch);
    }
  }

  private readAgain(): Promise<DecodedBatch> {
    this.nextStep -= this.pending.length;
    this.pending.length = 0;
    this.readAhead();
    return this.pending[0]!;
  }

  private async read(step: number): Promise<DecodedBatch> {
    const { sources, settings } = this;
    const samples = sampleAt(
      step,
      { a: sources.a.length, b: sources.b.length },
      settings,
      settings.volumes === null ? 2 : 3,
    );
    const [a, b] = await Promise.all([
      Promise.all(samples.map((sample) => this.decode("a", sample.a, sample.placeA))),
      Promise.all(samples.map((sample) => this.decode("b", sample.b, sample.placeB))),
    ]);
    const filesA = samples.map((sample) => sources.a[sample.a]!);
    const filesB = samples.map((sample) => sources.b[sample.b]!);
    if (settings.paired && settings.loadSize === null)
      a.forEach((one, i) => requireEqual(filesA[i]!.file, one.original, filesB[i]!.file, b[i]!.original));
    return {
      step,
      a: stacked(
        a.map(({ picture }) => picture),
        filesA,
      ),
      b: stacked(
        b.map(({ picture }) => picture),
        filesB,
      ),
    };
  }

  private decode(domain: "a" | "b", index: number, place: Placement): ReturnType<typeof readSource> {
    return readSource(
      this.decoder,
      { sources: this.sources, domain, index, place },
      this.settings,
      this.stopper.signal,
    );
  }
}

/** Images of one size as one batch. A single image is not copied. */
function stacked(images: readonly Pixels[], sources: readonly Source[]): HostTensor {
  const first = images[0]!;
  const shape = [...sidesOf(first), first.channels];
  const other = images.findIndex((image) => !sameSize(image, first));
  if (other >= 0) {
    throw new RevganError(
      "data",
      `a batch needs images of one size: ${sources[0]!.file} gives ${showSize(first)}, ${sources[other]!.file} gives ${showSize(images[other]!)}`,
      "set data.cropSize or data.loadSize, or training.batchSize to 1",
    );
  }
  if (images.length === 1) return { shape: [1, ...shape], data: first.data };
  const data = new Float32Array(images.length * elements(shape));
  for (const [i, image] of images.entries()) data.set(image.data, i * elements(shape));
  return { shape: [images.length, ...shape], data };
}

function requireEqual(a: string, sizeA: ImageSize, b: string, sizeB: ImageSize): void {
  if (sameSize(sizeA, sizeB)) return;
  const { file, reason, remedy } = unequalPair(a, sizeA, b, sizeB);
  throw new RevganError("data", `${file} ${reason}`, remedy);
}
