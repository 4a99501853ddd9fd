import { type Failure, TransientError, RevganError } from "../../protocol/errors";
import type { TranslationDirection } from "../../protocol/lines";
import type { Run } from "../../runFolder/runFile";
import type { DecoderClient } from "../data/decoder/decoderClient";
import { unequalPair } from "../data/sizeProblems";
import type { ImageSettings } from "../data/dataset/imageSettings";
import { type Picture, sameSize, toSamples, fromSamples, type Pixels } from "../data/picture";
import { readSource } from "../data/readSource";
import type { Ranks } from "../ranks/ranks";
import { sharedOut } from "../ranks/sharedOut";
import { windowAfter } from "../translate/translatedFile";
import type { Translator } from "../translate/translator";
import { threeSlices } from "../volumes/slices";
import type { Volume } from "../volumes/volume";
import type { Case } from "./cases";
import { Confusion, type LabelMetrics } from "./confusion";
import { classesOf, type Palette } from "./palette";
import { cycleError, imageMetrics } from "./imageMetrics";
import { type PictureMetrics, writtenAs255 } from "./pictureMetrics";
import type { TranslatedImage } from "./setMetrics";
import type { VolumeMetrics } from "./volumeMetrics";

/** The metrics of one translation; those that do not apply are absent. */
export interface CaseMetrics
  extends Partial<PictureMetrics>, Partial<LabelMetrics>, Partial<Pick<VolumeMetrics, "rmseInside">> {
  /** Mean absolute error after translating there and back, on the scale of 0 to 255; for volumes in units of the file. */
  readonly cycleMae?: number;
}

/** A translation with its input and truth, with values as they would be written to files; volumes as three slices. */
export interface EvaluatedCase {
  readonly name: string;
  readonly metrics: CaseMetrics;
  readonly input: Picture;
  readonly translated: Picture;
  readonly cycled: Picture | null;
  readonly truth: Picture | null;
}

/** How the translation of files is paused, repeated and stopped. */
export interface TranslationControl {
  /** Stops the translation when it is aborted. */
  readonly signal: AbortSignal;
  /** Awaited between pictures, and between the tiles of large ones. May throw to stop the translation. */
  readonly yieldToEventLoop: () => Promise<void>;
  /** Runs work that reads or writes a file, again after each TransientError. */
  readonly retry: <T>(work: () => Promise<T>) => Promise<T>;
}

/** How a direction is evaluated. */
export interface EvaluatorOptions extends TranslationControl {
  readonly direction: TranslationDirection;
  /** The opposite direction, for cycle errors; null for no cycle errors. */
  readonly back: TranslationDirection | null;
  /** The settings of the training; their `loadSize`, `cropSize` and `multiple` are ignored, so that images are read whole. */
  readonly settings: ImageSettings;
  /** The intensity windows of a run with volumes; null for images. */
  readonly intensity: Run["intensity"] | null;
  /** The classes of the output domain where it is a label map, else null. */
  readonly palette: Palette | null;
  /** Called once for each case with its index in the order of evaluation, the picture and its translation; a volume comes as a whole. */
  readonly collect: (index: number, image: TranslatedImage) => void;
  /** Called for an unreadable picture, which is left out; null: an unreadable picture is an error. */
  readonly skip: ((problem: Failure) => void) | null;
}

/**
 * Translates pictures or volumes of any size and computes the metrics of the results as they would be written, volumes as float32. For
 * label maps, a confusion matrix is accumulated over all cases. The cases are divided among the ranks: each reads, translates and measures
 * some, and rank 0 collects the results in the order of the cases, so that they equal those of one process.
 */
export class Evaluator {
  readonly confusion: Confusion | null;
  private readonly settings: ImageSettings;

  constructor(
    private readonly translator: Translator,
    private readonly decoder: DecoderClient,
    private readonly ranks: Ranks,
    private readonly options: EvaluatorOptions,
  ) {
    const { palette, settings } = options;
    this.settings = { ...settings, loadSize: null, cropSize: null, multiple: 1 };
    this.confusion = palette === null ? null : new Confusion(palette.length);
  }

  /**
   * Evaluates the cases one after the other; each rank reads its next case while it translates one. On ranks other than 0, `collect` and
   * `skip` are not called and nothing is yielded.
   * @throws RevganError `data` naming a file that cannot be used; Stopped when the signal is aborted on any rank
   */
  async *evaluate(cases: readonly Case[]): AsyncGenerator<EvaluatedCase> {
    const { skip, signal, retry, collect } = this.options;
    const start = (i: number): Promise<Loaded> | null =>
      i < cases.length ? pictureOrError(this.load(cases[i]!)) : null;
    let next = start(this.ranks.rank);
    const loadedNext = async (i: number): Promise<Loaded> => {
      const loaded = await next!;
      if (!(loaded instanceof TransientError)) return loaded;
      next = start(i);
      throw loaded;
    };
    const work = async (i: number): Promise<Measured | Failure> => {
      const loaded = await retry(() => loadedNext(i));
      next = start(i + this.ranks.size);
      signal.throwIfAborted();
      if (isUnreadable(loaded) && skip !== null) return loaded.failure;
      if (loaded instanceof Error) throw loaded;
      return this.measure(cases[i]!.name, loaded);
    };
    let index = 0;
    for await (const measured of sharedOut(this.ranks, cases.length, work, signal)) {
      if ("code" in measured) skip!(measured);
      else {
        collect(index, measured.image);
        if (measured.classes !== null) this.confusion!.add(...measured.classes);
        yield measured.evaluated;
      }
      index++;
    }
  }

  private async load({ input, truth }: Case): Promise<CasePictures> {
    const [from, to] = this.options.direction === "AtoB" ? (["a", "b"] as const) : (["b", "a"] as const);
    const sources = { a: [], b: [], [from]: [input], [to]: truth === null ? [] : [truth] };
    const read = async (domain: "a" | "b"): Promise<Picture | Volume> =>
      (await readSource(this.decoder, { sources, domain, index: 0, place: null }, this.settings, this.options.signal))
        .picture;
    const pictures = { input: await read(from), truth: truth === null ? null : await read(to) };
    if (pictures.truth === null || sameSize(pictures.input, pictures.truth)) return pictures;
    // In unpaired data, two files of one name need not be a pair, so a difference in size is no error.
    if (!this.settings.paired) return { ...pictures, truth: null };
    const { file, reason } = unequalPair(input.file, pictures.input, truth!.file, pictures.truth);
    throw new RevganError("data", `${file} ${reason}`, "give both the same size: they are compared as they are");
  }

  private async measure(name: string, { input, truth }: CasePictures): Promise<Measured> {
    const { direction, back, palette, yieldToEventLoop } = this.options;
    const translate = async <P extends Picture | Volume>(image: P, way: TranslationDirection): Promise<P> => {
      const result = await this.translator.translate(image, way, yieldToEventLoop);
      return {
        ...image,
        ...("bits" in image
          ? asWritten(result, image.bits)
          : { ...result, window: windowAfter(image.window, { ...this.options, direction: way }) }),
      };
    };
    const translated = await translate(input, direction);
    const cycled = back === null ? null : await translate(translated, back);
    await yieldToEventLoop();
    const shown = {
      input: threeSlices(input),
      translated: threeSlices(translated),
      cycled: cycled === null ? null : threeSlices(cycled),
      truth: truth === null ? null : threeSlices(truth),
    };
    const classes = palette === null ? null : pixelClasses(shown, palette);
    const metrics: CaseMetrics = {
      ...(truth === null ? {} : imageMetrics(truth, translated)),
      ...(classes === null ? {} : labelMetrics(classes, palette!)),
      ...(cycled === null ? {} : { cycleMae: cycleError(input, cycled) }),
    };
    return { evaluated: { name, metrics, ...shown }, image: { input, translated, truth }, classes };
  }
}

/** A rank's results for one case. */
interface Measured {
  readonly evaluated: EvaluatedCase;
  readonly image: TranslatedImage;
  /** Null unless the output is a label map and the truth is known. */
  readonly classes: PixelClasses | null;
}

/** The true and the found class of each pixel. */
type PixelClasses = readonly [truth: Uint16Array, found: Uint16Array];

function pixelClasses(
  { truth, translated }: Pick<EvaluatedCase, "truth" | "translated">,
  palette: Palette,
): PixelClasses | null {
  if (truth === null) return null;
  return [classesOf(writtenAs255(truth), palette), classesOf(writtenAs255(translated), palette)];
}

function labelMetrics(classes: PixelClasses, { length }: Palette): LabelMetrics {
  const confusion = new Confusion(length);
  confusion.add(...classes);
  return confusion.metrics()!;
}

interface CasePictures {
  readonly input: Picture | Volume;
  readonly truth: Picture | Volume | null;
}

type Loaded = CasePictures | Error;

/** Whether the file itself cannot be used. A data folder that cannot be reached is no such error, because it may come back. */
function isUnreadable(loaded: Loaded): loaded is RevganError {
  return loaded instanceof RevganError && loaded.code === "data" && !(loaded instanceof TransientError);
}

/** Returns an error instead of throwing it, so that it is reported when it is this case's turn. */
async function pictureOrError(loading: Promise<CasePictures>): Promise<Loaded> {
  return loading.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}

/** A translation as it would be read back from a file with that many bits: rounded and clamped. */
export function asWritten(image: Pixels, bits: Picture["bits"]): Picture {
  return { ...image, data: fromSamples(toSamples(image.data, bits), bits), bits, alpha: null };
}
