import { join } from "node:path";
import type { Direction } from "../../protocol/lines";
import type { SampleFigures } from "../../protocol/panel";
import type { DecoderClient } from "../data/decoderClient";
import type { ImageSettings } from "../data/imageSettings";
import type { Picture } from "../data/picture";
import { requestFor } from "../data/reader";
import type { Sources } from "../data/source";
import type { Kernels } from "../kernels/kernels";
import { dispose, type Tensor } from "../kernels/tensor";
import type { Model } from "../models/model";
import { writeFileAtomic } from "../runs/atomic";
import { checkpointName } from "../runs/checkpointFolders";
import { translateTensor } from "../translate/translateTensor";
import { figuresOf } from "./sampleFigures";

/** Pictures of each domain that a run shows again and again. */
const count = 4;

/** Writes what the network makes of a few fixed pictures, there and back, so that a run's progress can be seen. */
export class SampleWriter {
  private readonly settings: ImageSettings;

  /** @param sources of the validation split, else the test split, else the training split */
  constructor(
    private readonly decoder: DecoderClient,
    private readonly sources: Sources,
    settings: ImageSettings,
  ) {
    // Whole pictures at the size that the network is trained on.
    this.settings = { ...settings, loadSize: settings.cropSize ?? settings.loadSize };
  }

  /**
   * Writes `samples/NNNNNN/{a,b}-{input,translated,cycled}-I.png`, paired also `{a,b}-truth-I.png`, and how good they are into
   * `samples/NNNNNN.json`, by `a-I` and `b-I`. A network that translates A to B alone has `a-{input,translated,truth}-I.png`.
   *
   * @returns the folder
   */
  async write(k: Kernels, model: Model, run: string, step: number): Promise<string> {
    const folder = join(run, "samples", checkpointName(step));
    const { a, b } = this.sources;
    const figures: SampleFigures = {};
    for (let i = 0; i < Math.min(count, Math.max(a.length, b.length)); i++) {
      const pictures = { a: await this.picture("a", i), b: await this.picture("b", i) };
      const ways = model.bToA === null ? ([["a", "AtoB", null]] as const) : ([["a", "AtoB", "BtoA"], ["b", "BtoA", "AtoB"]] as const);
      for (const [domain, there, back] of ways) {
        const input = pictures[domain];
        if (input === null) continue;
        const truth = this.settings.paired ? pictures[domain === "a" ? "b" : "a"] : null;
        const images = { input, ...roundTrip(k, model, input, there, back), ...(truth === null ? {} : { truth }) };
        figures[`${domain}-${i}`] = figuresOf(images);
        for (const [kind, image] of Object.entries(images)) await this.decoder.encode(image, join(folder, `${domain}-${kind}-${i}.png`), { overwrite: true });
      }
    }
    await writeFileAtomic(`${folder}.json`, `${JSON.stringify(figures)}\n`, { run });
    return folder;
  }

  private async picture(domain: "a" | "b", i: number): Promise<Picture | null> {
    const source = this.sources[domain][i];
    if (source === undefined) return null;
    const { picture } = await this.decoder.decode(requestFor(source, this.settings, this.settings.channels[domain], null));
    return picture;
  }
}

/** There, and back where there is a way. */
function roundTrip(k: Kernels, model: Model, input: Picture, there: Direction, back: Direction | null): { translated: Picture; cycled?: Picture } {
  return k.ledger.within("images", () => {
    const x = k.tensor(input.data, [1, input.height, input.width, input.channels]);
    const translated = translateTensor(k, model, there, x);
    const cycled = back === null ? null : translateTensor(k, model, back, translated);
    const result = { translated: pictureOf(k, translated, input.bits), ...(cycled === null ? {} : { cycled: pictureOf(k, cycled, input.bits) }) };
    dispose(x, translated, cycled);
    return result;
  });
}

function pictureOf(k: Kernels, image: Tensor, bits: 8 | 16): Picture {
  const [, height, width, channels] = image.shape as [number, number, number, number];
  return { data: k.read(image), height, width, channels, bits, alpha: null };
}
