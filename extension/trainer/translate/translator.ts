import { sideMultiple, smallestGeneratorSide } from "../../configuration/sizes";
import type { Config } from "../../configuration/config";
import type { TranslationDirection } from "../../protocol/lines";
import type { Kernels } from "../kernels/kernels";
import { channels, dispose } from "../kernels/tensor";
import type { Model } from "../models/model";
import { Mosaic } from "./tileBlender";
import { cut, imageOf, sidesOf, type HostImage } from "./raster";
import { SharedStatistics } from "./sharedStatistics";
import { patchesFor, tilesFor } from "./tiles";
import { translateTensor } from "./translateTensor";

/** Elements of the widest activation up to which a picture or volume is translated as a whole: 1024² or 101³ at width 64, 256 MiB. */
const wholeLimit = 1024 * 1024 * 64;

/** Side of a tile, and of a volume's block, at width 64; narrower networks take larger ones of as many numbers. */
const tileSides = { 2: 768, 3: 84 } as const;

/**
 * Statistics are taken from four squares of this side (or of a tile's) where these cover a picture, else from as many pixels in
 * patches of `patchSide`. What counts is how many places are seen: tiles of 1536² pictures came 1.3 times nearer to the whole's
 * translation with 144 patches of 64² than with 36 of 128², and 2.7 times nearer than with nine of 256².
 */
const statisticsSides = { 2: 384, 3: 64 } as const;
const patchSides = { 2: 64, 3: 24 } as const;

/** Translates pictures or volumes of any size with one network. The network stays its owner's. */
export class Translator {
  private readonly multiple: number;
  private readonly smallest: number;

  /** @param tile side of tiles, for pictures larger than a tile; null: whole pictures, and tiles where they would not fit */
  constructor(
    private readonly k: Kernels,
    private readonly model: Model,
    private readonly network: Config["network"],
    private readonly tile: number | null,
  ) {
    this.multiple = sideMultiple(network);
    this.smallest = smallestGeneratorSide(network);
  }

  /** Values in [−1, 1] to a picture or volume of the same size. Calls `breathe` between tiles. */
  async translate(
    picture: HostImage,
    direction: TranslationDirection,
    breathe: () => Promise<void>,
  ): Promise<HostImage> {
    const sides = sidesOf(picture);
    const side = this.sideOfTiles(sides);
    if (side !== null && sides.some((length) => length > side)) return this.inTiles(picture, direction, side, breathe);
    const start = sides.map(() => 0);
    const result = this.run(
      this.k,
      [cut(picture, { start, size: sides.map((length) => this.fitting(length)) })],
      direction,
    )[0]!;
    return cut(result, { start, size: sides });
  }

  private async inTiles(
    picture: HostImage,
    direction: TranslationDirection,
    side: number,
    breathe: () => Promise<void>,
  ): Promise<HostImage> {
    const statistics = new SharedStatistics(this.k);
    const sides = sidesOf(picture);
    const { dimensions } = this.network;
    const seen = this.fitting(Math.min(side, statisticsSides[dimensions]));
    const patches = patchesFor(sides, seen, this.fitting(Math.min(patchSides[dimensions], seen / 2)));
    this.run(
      statistics.gathering(),
      patches.map((patch) => cut(picture, patch)),
      direction,
    );
    const { windows, overlap } = tilesFor(sides, side, this.multiple, (length) => this.fitting(length));
    const mosaic = new Mosaic(
      picture,
      direction === "AtoB" ? this.network.outputChannels : this.network.inputChannels,
      overlap,
    );
    for (const window of windows) {
      await breathe();
      mosaic.add(this.run(statistics.sharing(), [cut(picture, window)], direction)[0]!, window);
    }
    return mosaic.finish();
  }

  private sideOfTiles(sides: readonly number[]): number | null {
    const { dimensions, width } = this.network;
    if (this.tile !== null) return this.fitting(this.tile);
    if (sides.reduce((product, side) => product * side, width) <= wholeLimit) return null;
    return this.fitting(Math.floor(tileSides[dimensions] * (64 / width) ** (1 / dimensions)));
  }

  /** Pictures of one size as one batch. */
  private run(k: Kernels, pictures: readonly HostImage[], direction: TranslationDirection): HostImage[] {
    const first = pictures[0]!;
    const sides = sidesOf(first);
    const size = first.data.length;
    const batch = new Float32Array(pictures.length * size);
    pictures.forEach(({ data }, i) => batch.set(data, i * size));
    const x = k.ledger.within("images", () => k.tensor(batch, [pictures.length, ...sides, first.channels]));
    const y = translateTensor(k, this.model, direction, x);
    const values = k.read(y);
    const outputs = channels(y.shape);
    dispose(x, y);
    const each = values.length / pictures.length;
    return pictures.map((_, i) => imageOf(values.slice(i * each, (i + 1) * each), sides, outputs));
  }

  /** The next side that the network takes. */
  private fitting(side: number): number {
    return Math.ceil(Math.max(side, this.smallest) / this.multiple) * this.multiple;
  }
}
