import { join } from "node:path";
import type { Config } from "../../configuration/config";
import { directionsOf } from "../../configuration/networkKind";
import type { TranslationDirection } from "../../protocol/lines";
import type { SampleFigures } from "../../protocol/panel";
import { type SampleKind, sampleName } from "../../protocol/runFileNames";
import { stepFolder } from "../../runFolder/paths";
import { writeFigures } from "../../runFolder/samples";
import { readSource } from "../data/readSource";
import type { DecoderClient } from "../data/decoder/decoderClient";
import type { FileProblem } from "../data/decoder/decoderFiles";
import { type ImageSettings, imageSettings } from "../data/dataset/imageSettings";
import { type LeftOut, problemIn } from "../data/leftOut";
import type { Picture } from "../data/picture";
import type { Sources } from "../data/dataset/dataset";
import type { TranslationControl } from "../evaluate/evaluator";
import type { Ranks } from "../ranks/ranks";
import { sharedOut } from "../ranks/sharedOut";
import type { Translator } from "../translate/translator";
import { slicesAtPlaces } from "../volumes/slices";
import type { Volume } from "../volumes/volume";
import { cycleError, imageMetrics } from "../evaluate/imageMetrics";

/** Number of sample pictures of each domain. The same pictures are translated at every step. */
const picturesPerDomain = 4;

/** A picture to translate: its domain, its number among the domain's samples (from 0), and its index among the domain's source files. */
interface ChosenPicture {
  readonly domain: "a" | "b";
  readonly number: number;
  readonly index: number;
}

/** The metrics and the pictures that are written for one translated picture. */
interface Sample {
  readonly figures: SampleFigures[string];
  readonly pictures: readonly { readonly kind: SampleKind; readonly slice: number; readonly picture: Picture }[];
}

type Control = Pick<TranslationControl, "yieldToEventLoop" | "retry">;

/** Writes translations of a few fixed pictures, and their translations back, so that a run's progress can be seen. */
export class SampleWriter {
  private readonly settings: ImageSettings;

  /**
   * @param sources the files of the validation split, or if there is none of the test split, or else of the training split
   * @param leftOut records unusable files, whose places the next pictures take; null: such a file is an error
   */
  constructor(
    private readonly translator: Translator,
    private readonly decoder: DecoderClient,
    private readonly ranks: Ranks,
    private readonly config: Config,
    private readonly sources: Sources,
    private readonly leftOut: LeftOut | null,
  ) {
    const settings = imageSettings(config);
    // Samples are whole pictures, resized to the size of a crop. Volumes keep their size.
    this.settings =
      settings.volumes === null ? { ...settings, loadSize: settings.cropSize ?? settings.loadSize } : settings;
  }

  /**
   * Writes `samples/NNNNNN/{a,b}-{input,translated,cycled}-I.png`, paired also `{a,b}-truth-I.png`, and their metrics into
   * `samples/NNNNNN.json`, under `a-I` and `b-I`. A network that translates A to B alone has `a-{input,translated,truth}-I.png`. A volume
   * becomes pictures of three slices; those other than the middle one are named `…-I.SLICE.png`. All ranks take part: they share out the
   * pictures, and rank 0 writes the files.
   *
   * @returns the folder
   */
  async write(run: string, step: number, control: Control): Promise<string> {
    const { ranks, leftOut } = this;
    const { retry } = control;
    const folder = stepFolder(run, "samples", step);
    const figures: SampleFigures = {};
    let from = 0;
    for (;;) {
      await leftOut?.gather(ranks, retry);
      await ranks.meet();
      // All ranks use rank 0's choice, since rank 0 knows every file that is left out.
      const chosen = (await ranks.exchange(this.choose(from)))[0]!;
      if (chosen.length === 0) break;
      from = picturesPerDomain;
      let next = 0;
      for await (const sample of sharedOut(ranks, chosen.length, (i) => this.translate(chosen[i]!, control))) {
        const { domain, number } = chosen[next++]!;
        if ("reason" in sample) {
          // The next picture takes the place of the unusable one, so the pictures from this number on are chosen again.
          await retry(() => leftOut!.add(sample));
          from = Math.min(from, number);
        } else if (number < from) {
          figures[`${domain}-${number}`] = sample.figures;
          for (const { kind, slice, picture } of sample.pictures) {
            const file = join(folder, sampleName({ domain, kind, index: number, slice }));
            await retry(() => this.decoder.encode(picture, file, { overwrite: true }));
          }
        }
      }
    }
    if (ranks.isFirst) await retry(() => writeFigures(run, step, figures));
    return folder;
  }

  /** Chooses the usable pictures of each domain from sample number `from` on. */
  private choose(from: number): ChosenPicture[] {
    const { sources, settings, leftOut } = this;
    const usable = leftOut?.usableOf(sources);
    const isUsable = (domain: "a" | "b", index: number): boolean =>
      usable === undefined || (settings.paired ? usable.a(index) && usable.b(index) : usable[domain](index));
    const domains = directionsOf(this.config.network).map(inputDomain);
    const indices = domains.map((domain) => {
      const found: number[] = [];
      for (let index = 0; index < sources[domain].length && found.length < picturesPerDomain; index++)
        if (isUsable(domain, index)) found.push(index);
      return found;
    });
    return Array.from({ length: picturesPerDomain - from }, (_, i) => from + i).flatMap((number) =>
      domains.flatMap((domain, i) => {
        const index = indices[i]![number];
        return index === undefined ? [] : [{ domain, number, index }];
      }),
    );
  }

  /**
   * Reads and translates a picture. If its file or its partner's cannot be used, returns the problem if such files are left out, else
   * throws.
   */
  private async translate({ domain, index }: ChosenPicture, control: Control): Promise<Sample | FileProblem> {
    const input = await this.read(domain, index, control);
    if ("reason" in input) return input;
    const truth = this.settings.paired ? await this.read(domain === "a" ? "b" : "a", index, control) : null;
    if (truth !== null && "reason" in truth) return truth;
    const images = {
      input,
      ...(await this.roundTrip(input, domain, control)),
      ...(truth === null ? {} : { truth }),
    };
    const kinds = Object.entries(images) as [SampleKind, Picture | Volume][];
    return {
      figures: { ...figuresOf(images), ...planeOf(input) },
      pictures: kinds.flatMap(([kind, image]) =>
        slicesAtPlaces(image).map(([slice, picture]) => ({ kind, slice, picture })),
      ),
    };
  }

  private async read(domain: "a" | "b", index: number, { retry }: Control): Promise<Picture | Volume | FileProblem> {
    const { sources, leftOut } = this;
    try {
      const request = { sources, domain, index, place: null };
      return (await retry(() => readSource(this.decoder, request, this.settings))).picture;
    } catch (error) {
      const problem = problemIn(sources[domain][index]!.file, error);
      if (problem === null || leftOut === null) throw error;
      return problem;
    }
  }

  /** Translates a picture, and translates the result back if the network has the other direction. */
  private async roundTrip<P extends Picture | Volume>(
    input: P,
    domain: "a" | "b",
    { yieldToEventLoop }: Control,
  ): Promise<{ translated: P; cycled?: P }> {
    const ways = directionsOf(this.config.network);
    const there = ways.find((way) => inputDomain(way) === domain)!;
    const back = ways.find((way) => way !== there);
    const translate = async (image: P, way: TranslationDirection): Promise<P> => ({
      ...input,
      ...(await this.translator.translate(image, way, yieldToEventLoop)),
    });
    const translated = await translate(input, there);
    return back === undefined ? { translated } : { translated, cycled: await translate(translated, back) };
  }
}

function inputDomain(direction: TranslationDirection): "a" | "b" {
  return direction === "AtoB" ? "a" : "b";
}

/**
 * A picture and its translation. `cycled` is the translation translated back, for networks of both directions; `truth` is the picture's
 * partner, if it has one.
 */
export interface SamplePictures {
  readonly input: Picture | Volume;
  readonly translated: Picture | Volume;
  readonly cycled?: Picture | Volume;
  readonly truth?: Picture | Volume;
}

/**
 * The metrics of a translation against its true partner, if there is one, and the mean absolute error of the cycle. Errors of pictures are
 * on a scale of 0 to 255, those of volumes in the file's units.
 */
export function figuresOf({ input, translated, cycled, truth }: SamplePictures): SampleFigures[string] {
  return {
    ...(truth === undefined ? {} : imageMetrics(truth, onScaleOf(truth, translated))),
    ...(cycled === undefined ? {} : { cycleMae: cycleError(input, cycled) }),
  };
}

/** The width and height of a volume's first plane, which lies at right angles to its z axis; nothing for a picture. */
function planeOf(image: Picture | Volume): Pick<SampleFigures[string], "plane"> {
  return "bits" in image ? {} : { plane: { width: image.width, height: image.height } };
}

/** Puts a volume's translation on the intensity scale of its truth, on which the two are compared. */
function onScaleOf(truth: Picture | Volume, translated: Picture | Volume): Picture | Volume {
  return "window" in truth ? { ...translated, window: truth.window } : translated;
}
