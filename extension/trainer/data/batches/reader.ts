import { setMaxListeners } from "node:events";
import { RevganError } from "../../../protocol/errors";
import type { DecoderClient } from "../decoder/decoderClient";
import { decodeSource } from "../decoder/decodeSource";
import { unequalPair } from "../decoder/fit";
import type { ImageSettings } from "../dataset/imageSettings";
import { sameSize, showSize, type ImageSize } from "../decoder/picture";
import { sampleAt, type Placement } from "./sampler";
import { nameOf, type Source, type Sources } from "../dataset/source";

/** The images of one domain in a step. */
export interface DomainBatch {
  /** `[n, h, w, c]`, of volumes `[n, d, h, w, c]`, in [-1, 1]. */
  readonly data: Float32Array;
  readonly shape: readonly number[];
  /** The n images' names. */
  readonly names: readonly string[];
}

/** What a training step takes. */
export interface Batch {
  readonly step: number;
  readonly a: DomainBatch;
  readonly b: DomainBatch;
}

export interface ReaderOptions {
  /** The first step that `next` gives, from 1. Resuming after step k gives the batches that the uninterrupted run had from k+1. */
  readonly firstStep?: number;
  /** No step after this one is decoded. */
  readonly lastStep?: number;
  /** Steps that are decoded before they are asked for. */
  readonly ahead?: number;
}

/**
 * Reads a training's batches, some steps ahead of it, so that a step does not wait for its images.
 * Memory: the batches of `ahead` steps. Whoever makes one closes it; the decoder stays the caller's.
 */
export class BatchReader {
  private readonly coming: Promise<Batch>[] = [];
  private readonly stopper = new AbortController();
  private readonly ahead: number;
  private readonly lastStep: number;
  private nextStep: number;

  /** @param sources the training images, both domains not empty; in paired mode the same place is a pair */
  constructor(
    private readonly decoder: DecoderClient,
    private readonly sources: Sources,
    private readonly settings: ImageSettings,
    options: ReaderOptions = {},
  ) {
    this.nextStep = options.firstStep ?? 1;
    this.lastStep = options.lastStep ?? Infinity;
    this.ahead = options.ahead ?? 4;
    // Every image read ahead listens: many listeners are no leak here.
    setMaxListeners(0, this.stopper.signal);
    this.readAhead();
  }

  /**
   * The batch of the next step, in order; after an error that of the same step.
   * @throws RevganError `data` naming the file, DataGone; `interrupted` after `close`, and after the last step a fault of the caller
   */
  async next(): Promise<Batch> {
    const first = this.coming[0];
    if (first === undefined) throw new Error(`there is no batch after step ${this.lastStep}`);
    // What failed when it was read ahead may have been mended since.
    const batch = await first.catch(() => this.readAnew());
    void this.coming.shift();
    this.readAhead();
    return batch;
  }

  /** Stops reading ahead. */
  close(): void {
    this.stopper.abort();
  }

  private readAhead(): void {
    // One more than `ahead`: the one that is about to be asked for.
    while (this.coming.length <= this.ahead && this.nextStep <= this.lastStep) {
      const batch = this.read(this.nextStep++);
      // It is reported by the `next` that asks for it, which may never happen.
      batch.catch(() => undefined);
      this.coming.push(batch);
    }
  }

  private readAnew(): Promise<Batch> {
    this.nextStep -= this.coming.length;
    this.coming.length = 0;
    this.readAhead();
    return this.coming[0]!;
  }

  private async read(step: number): Promise<Batch> {
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
    return { step, a: joined(a, filesA), b: joined(b, filesB) };
  }

  private decode(domain: "a" | "b", index: number, place: Placement): ReturnType<typeof decodeSource> {
    return decodeSource(
      this.decoder,
      { sources: this.sources, domain, index, place },
      this.settings,
      this.stopper.signal,
    );
  }
}

function joined(images: readonly Awaited<ReturnType<typeof decodeSource>>[], sources: readonly Source[]): DomainBatch {
  const first: ImageSize & { channels: number } = images[0]!.picture;
  const { depth, height, width, channels } = first;
  const shape = [...(depth === undefined ? [] : [depth]), height, width, channels];
  const each = shape.reduce((product, side) => product * side, 1);
  const data = new Float32Array(images.length * each);
  for (const [i, { picture }] of images.entries()) {
    if (!sameSize(picture, images[0]!.picture)) {
      throw new RevganError(
        "data",
        `a batch needs images of one size: ${sources[0]!.file} gives ${showSize(images[0]!.picture)}, ${sources[i]!.file} gives ${showSize(picture)}`,
        "set data.cropSize or data.loadSize, or training.batchSize to 1",
      );
    }
    data.set(picture.data, i * each);
  }
  return { data, shape: [images.length, ...shape], names: sources.map(nameOf) };
}

function requireEqual(a: string, sizeA: ImageSize, b: string, sizeB: ImageSize): void {
  if (sameSize(sizeA, sizeB)) return;
  const { file, reason, remedy } = unequalPair(a, sizeA, b, sizeB);
  throw new RevganError("data", `${file} ${reason}`, remedy);
}
