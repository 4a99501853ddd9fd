import { RevganError } from "../../protocol/errors";
import type { Direction } from "../../protocol/lines";
import type { DecoderClient } from "../data/decoderClient";
import { unequalPair } from "../data/fit";
import type { Mode } from "../data/layout";
import { type Picture, sameSize } from "../data/picture";
import { wholePicture } from "../data/decodeSource";
import type { Source } from "../data/source";
import type { Translator } from "../translate/translator";
import type { Case } from "./cases";
import { Confusion, type LabelMetrics } from "./confusion";
import { classesOf, type Palette } from "./palette";
import { meanAbsoluteError, type PictureMetrics, pictureMetrics, writtenAs255 } from "./pictureMetrics";
import { asWritten } from "./written";

/** What one picture's translation is worth. What is not known of it is absent. */
export interface CaseMetrics extends Partial<PictureMetrics>, Partial<LabelMetrics> {
  /** Mean absolute error of the way there and back, of 255. */
  readonly cycleMae?: number;
}

/** A translation beside what it was made from, all as they are written. */
export interface JudgedCase {
  readonly name: string;
  readonly metrics: CaseMetrics;
  readonly input: Picture;
  readonly translated: Picture;
  readonly cycled: Picture | null;
  readonly truth: Picture | null;
}

/** How a direction is judged. */
export interface Judgement {
  readonly direction: Direction;
  /** The way back, where cycle errors are wanted and there is one. */
  readonly back: Direction | null;
  readonly mode: Mode;
  /** Of A and of B. */
  readonly channels: { readonly a: number; readonly b: number };
  /** Where the output is a label map. */
  readonly palette: Palette | null;
  /** Takes a picture that cannot be read, where those are left out; else it is an error. */
  readonly skip: ((error: RevganError) => void) | null;
  readonly signal: AbortSignal;
  /** Called between pictures, and between the tiles of large ones: the process hears its messages. May throw to end this. */
  readonly breathe: () => Promise<void>;
}

/**
 * Translates pictures of any size and judges the results as they would be written. The confusion of all pixels, for label maps, is
 * gathered over the cases.
 */
export class Evaluator {
  readonly confusion: Confusion | null;

  constructor(
    private readonly translator: Translator,
    private readonly decoder: DecoderClient,
    private readonly judgement: Judgement,
  ) {
    const { palette } = judgement;
    this.confusion = palette === null ? null : new Confusion(palette.length);
  }

  /**
   * Judges the cases one after the other, reading the next while one is translated.
   * @throws RevganError `data` naming a file that cannot be used; when the signal says so, `interrupted` or its own reason
   */
  async *judge(cases: readonly Case[]): AsyncGenerator<JudgedCase> {
    const start = (i: number): Promise<Loaded> | null => (i < cases.length ? settled(this.load(cases[i]!)) : null);
    let next = start(0);
    for (let i = 0; next !== null; i++) {
      const loaded = await next;
      next = start(i + 1);
      this.judgement.signal.throwIfAborted();
      if (loaded instanceof RevganError && loaded.code === "data" && this.judgement.skip !== null) this.judgement.skip(loaded);
      else if (loaded instanceof Error) throw loaded;
      else yield await this.judged(cases[i]!.name, loaded);
    }
  }

  private async load({ input, truth }: Case): Promise<Pictures> {
    const { direction, channels, mode } = this.judgement;
    const [from, to] = direction === "AtoB" ? [channels.a, channels.b] : [channels.b, channels.a];
    const pictures = { input: await this.read(input, from), truth: truth === null ? null : await this.read(truth, to) };
    if (pictures.truth === null || sameSize(pictures.input, pictures.truth)) return pictures;
    // Two files that happen to have one name.
    if (mode === "unpaired") return { ...pictures, truth: null };
    const { file, reason } = unequalPair(input.file, pictures.input, truth!.file, pictures.truth);
    throw new RevganError("data", `${file} ${reason}`, "give both the same size: they are compared as they are");
  }

  private async read(source: Source, channels: number): Promise<Picture> {
    return (await this.decoder.decode(wholePicture(source, channels), this.judgement.signal)).picture;
  }

  private async judged(name: string, { input, truth }: Pictures): Promise<JudgedCase> {
    const { direction, back, palette, breathe } = this.judgement;
    const translate = async (picture: Picture, way: Direction): Promise<Picture> => asWritten(await this.translator.translate(picture, way, breathe), input.bits);
    const translated = await translate(input, direction);
    const cycled = back === null ? null : await translate(translated, back);
    await breathe();
    const metrics: CaseMetrics = {
      ...(truth === null ? {} : pictureMetrics(truth, translated)),
      ...(truth === null || palette === null ? {} : this.labels(truth, translated, palette)),
      ...(cycled === null ? {} : { cycleMae: meanAbsoluteError(input, cycled) }),
    };
    return { name, metrics, input, translated, cycled, truth };
  }

  private labels(truth: Picture, translated: Picture, palette: Palette): LabelMetrics {
    const classes = [truth, translated].map((picture) => classesOf(writtenAs255(picture), palette)) as [Uint16Array, Uint16Array];
    const own = new Confusion(palette.length);
    own.add(...classes);
    this.confusion!.add(...classes);
    return own.metrics()!;
  }
}

interface Pictures {
  readonly input: Picture;
  readonly truth: Picture | null;
}

type Loaded = Pictures | Error;

/** A failure is returned, not thrown: it belongs to the moment when this case's turn comes. */
async function settled(loading: Promise<Pictures>): Promise<Loaded> {
  return loading.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}
