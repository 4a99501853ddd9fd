import { join } from "node:path";
import type { Config } from "../../configuration/config";
import type { TranslationDirection } from "../../protocol/lines";
import type { SampleFigures } from "../../protocol/panel";
import { type SampleKind, sampleName } from "../../protocol/runFileNames";
import { stepFolder } from "../../runFolder/paths";
import { writeFigures } from "../../runFolder/samples";
import { readSource } from "../data/readSource";
import type { DecoderClient } from "../data/decoder/decoderClient";
import type { ImageSettings } from "../data/dataset/imageSettings";
import { type LeftOut, problemIn } from "../data/leftOut";
import type { Picture } from "../data/picture";
import type { Sources } from "../data/dataset/dataset";
import type { Kernels } from "../kernels/kernels";
import type { Model } from "../models/model";
import { Translator } from "../translate/translator";
import { slicesAtPlaces } from "../volumes/slices";
import type { Volume } from "../volumes/volume";
import { cycleError, imageMetrics } from "../evaluate/imageMetrics";

/** Pictures of each domain, the same at every step. */
const picturesPerDomain = 4;

/** Writes translations of a few fixed pictures, and their translations back, so that a run's progress can be seen. */
export class SampleWriter {
  private readonly settings: ImageSettings;

  /** @param sources of the validation split, else the test split, else the training split */
  constructor(
    private readonly decoder: DecoderClient,
    private readonly sources: Sources,
    private readonly network: Config["network"],
    settings: ImageSettings,
    private readonly leftOut: LeftOut | null,
  ) {
    // Whole pictures, resized to the size of a crop; volumes keep their size.
    this.settings =
      settings.volumes === null ? { ...settings, loadSize: settings.cropSize ?? settings.loadSize } : settings;
  }

  /**
   * Writes `samples/NNNNNN/{a,b}-{input,translated,cycled}-I.png`, paired also `{a,b}-truth-I.png`, and their metrics into
   * `samples/NNNNNN.json`, under `a-I` and `b-I`. A network that translates A to B alone has `a-{input,translated,truth}-I.png`. Volumes
   * are pictures of three slices, outside the middle `…-I.SLICE.png`.
   *
   * @returns the folder
   */
  async write(
    k: Kernels,
    model: Model,
    run: string,
    step: number,
    yieldToEventLoop: () => Promise<void>,
  ): Promise<string> {
    const translator = new Translator(k, model, this.network, null);
    const folder = stepFolder(run, "samples", step);
    const figures: SampleFigures = {};
    for (let i = 0; i < picturesPerDomain; i++) {
      const pictures = await this.pictures(i);
      if (pictures.a === null && pictures.b === null) break;
      const ways =
        model.bToA === null
          ? ([["a", "AtoB", null]] as const)
          : ([
              ["a", "AtoB", "BtoA"],
              ["b", "BtoA", "AtoB"],
            ] as const);
      for (const [domain, there, back] of ways) {
        const input = pictures[domain];
        if (input === null) continue;
        const truth = this.settings.paired ? pictures[domain === "a" ? "b" : "a"] : null;
        const images = {
          input,
          ...(await roundTrip(translator, input, there, back, yieldToEventLoop)),
          ...(truth === null ? {} : { truth }),
        };
        figures[`${domain}-${i}`] = { ...figuresOf(images), ...planeOf(input) };
        for (const [kind, image] of Object.entries(images) as [SampleKind, Picture | Volume][]) {
          for (const [slice, picture] of slicesAtPlaces(image))
            await this.decoder.encode(picture, join(folder, sampleName({ domain, kind, index: i, slice })), {
              overwrite: true,
            });
        }
      }
    }
    await writeFigures(run, step, figures);
    return folder;
  }

  /** The i-th picture of each domain that can be used; null where a domain has fewer. */
  private async pictures(i: number): Promise<Record<"a" | "b", Picture | Volume | null>> {
    for (;;) {
      const [a, b] = [await this.read("a", i), await this.read("b", i)];
      if (a !== "left out" && b !== "left out") return { a, b };
    }
  }

  private async read(domain: "a" | "b", i: number): Promise<Picture | Volume | null | "left out"> {
    const index = this.indexOf(domain, i);
    if (index === null) return null;
    const { sources, leftOut } = this;
    try {
      return (await readSource(this.decoder, { sources, domain, index, place: null }, this.settings)).picture;
    } catch (error) {
      const problem = problemIn(sources[domain][index]!.file, error);
      if (problem === null || leftOut === null) throw error;
      await leftOut.add(problem);
      return "left out";
    }
  }

  /** The index of the i-th picture that is not left out. */
  private indexOf(domain: "a" | "b", i: number): number | null {
    const { sources, settings, leftOut } = this;
    const usable = leftOut?.usableOf(sources);
    const isUsable = (index: number): boolean =>
      usable === undefined || (settings.paired ? usable.a(index) && usable.b(index) : usable[domain](index));
    let before = 0;
    for (let index = 0; index < sources[domain].length; index++) if (isUsable(index) && before++ === i) return index;
    return null;
  }
}

/** Translates, and translates back where the network can. */
async function roundTrip<P extends Picture | Volume>(
  translator: Translator,
  input: P,
  there: TranslationDirection,
  back: TranslationDirection | null,
  yieldToEventLoop: () => Promise<void>,
): Promise<{ translated: P; cycled?: P }> {
  const translated = { ...input, ...(await translator.translate(input, there, yieldToEventLoop)) };
  if (back === null) return { translated };
  return { translated, cycled: { ...input, ...(await translator.translate(translated, back, yieldToEventLoop)) } };
}

/** A picture and its translation; `cycled` where the network translates back; `truth` is the picture's partner, where it has one. */
export interface SamplePictures {
  readonly input: Picture | Volume;
  readonly translated: Picture | Volume;
  readonly cycled?: Picture | Volume;
  readonly truth?: Picture | Volume;
}

/**
 * The metrics of a translation, where its partner is known, and the mean absolute error of the cycle; on a scale of 255, of volumes in
 * units of the file.
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

/** A volume's translation is compared on the intensity scale of its truth. */
function onScaleOf(truth: Picture | Volume, translated: Picture | Volume): Picture | Volume {
  return "window" in truth ? { ...translated, window: truth.window } : translated;
}
