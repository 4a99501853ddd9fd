import { RevganError } from "../../protocol/errors";
import type { DecoderClient } from "../data/decoder/decoderClient";
import type { Picture } from "../data/picture";
import { wholePicture } from "../data/readSource";
import type { Source, Sources } from "../data/dataset/dataset";
import { PaletteSearch, distanceFrom, type Palette } from "./palette";
import { paletteFor, readPalette } from "./paletteFile";
import { writtenAs255 } from "./pictureMetrics";

/** The palettes of the domains whose pictures are label maps. */
export interface Palettes {
  readonly a: Palette | null;
  readonly b: Palette | null;
}

/** The most pictures of each domain whose colours are compared with a palette file, to tell which domain it belongs to. */
const mostComparedPictures = 8;

/** Looks for palettes in the pictures of a split. */
export class PaletteFinder {
  constructor(
    private readonly decoder: DecoderClient,
    private readonly sources: Sources,
    private readonly channels: { readonly a: number; readonly b: number },
    private readonly signal: AbortSignal,
  ) {}

  /** The palettes of the domains whose pictures have few exact colours. Stops reading a domain once it has too many colours. */
  async find(): Promise<Palettes> {
    return { a: await this.findPalette("a"), b: await this.findPalette("b") };
  }

  /** The palette of a file, for the domain whose pictures are nearer to its colours. @throws RevganError `input` naming the file */
  async assign(file: string): Promise<Palettes> {
    const palette = await readPalette(file);
    const [a, b] = [await this.distance("a", palette), await this.distance("b", palette)];
    const domain = a < b ? "a" : "b";
    return { a: null, b: null, [domain]: paletteFor(palette, this.channels[domain], file) };
  }

  private async findPalette(domain: "a" | "b"): Promise<Palette | null> {
    const search = new PaletteSearch();
    for (const source of this.sources[domain]) {
      const picture = await this.read(source, this.channels[domain]);
      if (picture !== null && !search.add(picture)) break;
    }
    return search.palette;
  }

  private async distance(domain: "a" | "b", palette: Palette): Promise<number> {
    const pictures = await Promise.all(
      this.sources[domain].slice(0, mostComparedPictures).map((source) => this.read(source, 3)),
    );
    const distances = pictures
      .filter((picture) => picture !== null)
      .map((picture) => distanceFrom(palette, writtenAs255(picture)));
    return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
  }

  /** Null for an unreadable file. It is not reported here, but by the evaluation if it is among the evaluated files. */
  private async read(source: Source, channels: number): Promise<Picture | null> {
    try {
      return (await this.decoder.decode(wholePicture(source, channels), this.signal)).picture;
    } catch (error) {
      if (error instanceof RevganError && error.code === "data") return null;
      throw error;
    }
  }
}
