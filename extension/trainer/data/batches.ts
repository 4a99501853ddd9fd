import { setMaxListeners } from "node:events";
import { RevganError } from "../../protocol/errors";
import { elements, type HostTensor } from "../kernels/tensor";
import type { ImageSettings } from "./dataset/imageSettings";
import type { Source, Sources } from "./dataset/dataset";
import type { DecoderClient } from "./decoder/decoderClient";
import type { FileProblem } from "./decoder/decoderFiles";
import { type LeftOut, problemIn } from "./leftOut";
import { type BatchShare, type Sample, Sampler, type Usable } from "./sampler";
import { sideProblem, unequalPair } from "./sizeProblems";
import { sameSize, showSize, sidesOf, type ImageSize, type Pixels } from "./picture";
import { readSource } from "./readSource";

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
  /** The part of every batch that is read; the whole by default. */
  readonly share?: BatchShare;
  /** The number of steps that are decoded before `next` asks for them. */
  readonly ahead?: number;
  /** Records unusable files, for which other images are read; null or absent: an unusable file is an error. */
  readonly leftOut?: LeftOut | null;
}

/**
 * Reads a training's batches some steps ahead, so that a step does not wait for its images. Memory: the batches of `ahead` + 1 steps.
 * Whoever makes a reader closes it; the decoder stays the caller's.
 */
export class BatchReader {
  private readonly pending: Promise<DecodedBatch>[] = [];
  private readonly stopper = new AbortController();
  private readonly ahead: number;
  private readonly lastStep: number;
  private readonly sampler: Sampler;
  private readonly leftOut: LeftOut | null;
  private readonly usable: Usable | undefined;
  /** The indices of the items in the batch that are read. */
  private readonly items: readonly number[];
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
    this.leftOut = options.leftOut ?? null;
    this.usable = this.leftOut?.usableOf(sources);
    const { part, parts } = options.share ?? { part: 0, parts: 1 };
    const count = settings.batchSize / parts;
    this.items = Array.from({ length: count }, (_, i) => part * count + i);
    this.sampler = new Sampler(
      { a: sources.a.length, b: sources.b.length },
      settings,
      settings.volumes === null ? 2 : 3,
    );
    // Every image that is being read listens to this signal, so Node's warning about many listeners would be wrong.
    setMaxListeners(0, this.stopper.signal);
    this.readAhead();
  }

  /**
   * The batch of the next step; after an error, the next call reads the same step again.
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
    // One batch more than `ahead`, because the first one is what `next` returns.
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
    const items = await Promise.all(this.items.map((item) => this.readItem(step, item)));
    return {
      step,
      a: stacked(
        items.map(({ a }) => a),
        items.map(({ sources }) => sources.a),
      ),
      b: stacked(
        items.map(({ b }) => b),
        items.map(({ sources }) => sources.b),
      ),
    };
  }

  /** Reads one item of a batch. Where a file of it is left out, reads the image that replaces it. */
  private async readItem(step: number, item: number): Promise<Item> {
    for (;;) {
      const sample = this.sampler.at(step, this.usable)[item]!;
      const read = await Promise.allSettled([this.decode("a", sample), this.decode("b", sample)]);
      const [a, b] = read;
      const sources = { a: this.sources.a[sample.a]!, b: this.sources.b[sample.b]! };
      if (a.status === "fulfilled" && b.status === "fulfilled") {
        const unequal = this.pairProblem(sources, a.value.original, b.value.original);
        if (unequal === null) return { sources, a: a.value.picture, b: b.value.picture };
        if (this.leftOut === null) throw new RevganError("data", `${unequal.file} ${unequal.reason}`, unequal.remedy);
        await this.leftOut.add(unequal);
      }
      for (const [i, domain] of (["a", "b"] as const).entries()) {
        const one = read[i]!;
        if (one.status === "fulfilled") continue;
        const problem = problemIn(sources[domain].file, one.reason);
        if (problem === null || this.leftOut === null) throw one.reason;
        await this.leftOut.add(problem);
      }
    }
  }

  private async decode(domain: "a" | "b", sample: Sample): ReturnType<typeof readSource> {
    const index = sample[domain];
    const place = domain === "a" ? sample.placeA : sample.placeB;
    const decoded = await readSource(
      this.decoder,
      { sources: this.sources, domain, index, place },
      this.settings,
      this.stopper.signal,
    );
    const source = this.sources[domain][index]!;
    const problem = sideProblem(source, decoded.original, this.settings);
    if (problem !== null) throw new RevganError("data", `${problem.file} ${problem.reason}`, problem.remedy);
    return decoded;
  }

  private pairProblem(
    { a, b }: { readonly a: Source; readonly b: Source },
    sizeA: ImageSize,
    sizeB: ImageSize,
  ): FileProblem | null {
    const mayDiffer = !this.settings.paired || this.settings.loadSize !== null || sameSize(sizeA, sizeB);
    return mayDiffer ? null : unequalPair(a.file, sizeA, b.file, sizeB);
  }
}

/** One image of each domain, and their files. */
interface Item {
  readonly sources: { readonly a: Source; readonly b: Source };
  readonly a: Pixels;
  readonly b: Pixels;
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
