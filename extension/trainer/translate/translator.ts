import { sideMultiple, smallestGeneratorSide } from "../../protocol/configSizes";
import type { Config } from "../../protocol/config";
import type { Direction } from "../../protocol/lines";
import type { Kernels } from "../kernels/kernels";
import type { Model } from "../models/model";
import { cut, type HostImage } from "./raster";
import { SharedStatistics } from "./sharedStatistics";
import { Mosaic, patchesFor, tilesFor } from "./tiles";
import { translateTensor } from "./translateTensor";

/** Elements of the widest activation up to which a picture is translated as a whole: 1024² at width 64, 256 MiB. */
const wholeLimit = 1024 * 1024 * 64;

/** Side of a tile at width 64; narrower networks take larger ones. */
const tileSide = 768;

/**
 * Statistics are taken from four squares of this side (or of a tile's) where these cover a picture, else from as many pixels in
 * patches of `patchSide`. What counts is how many places are seen: tiles of 1536² pictures came 1.3 times nearer to the whole's
 * translation with 144 patches of 64² than with 36 of 128², and 2.7 times nearer than with nine of 256².
 */
const statisticsSide = 384;
const patchSide = 64;

/** Translates pictures of any size with one network. The network stays its owner's. */
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

  /** Values in [−1, 1], `[height, width, channels]`, to a picture of the same size. Calls `breathe` between tiles. */
  async translate(picture: HostImage, direction: Direction, breathe: () => Promise<void>): Promise<HostImage> {
    const { height, width } = picture;
    const side = this.sideOfTiles(picture);
    if (side !== null && (height > side || width > side)) return this.inTiles(picture, direction, side, breathe);
    const padded = { top: 0, left: 0, height: this.fitting(height), width: this.fitting(width) };
    const result = this.run(this.k, [cut(picture, padded)], direction)[0]!;
    return cut(result, { top: 0, left: 0, height, width });
  }

  private async inTiles(picture: HostImage, direction: Direction, side: number, breathe: () => Promise<void>): Promise<HostImage> {
    const statistics = new SharedStatistics(this.k);
    const seen = this.fitting(Math.min(side, statisticsSide));
    const patches = patchesFor(picture, seen, this.fitting(Math.min(patchSide, seen / 2)));
    this.run(statistics.gathering(), patches.map((patch) => cut(picture, patch)), direction);
    const { windows, overlap } = tilesFor(picture, side, this.multiple, (length) => this.fitting(length));
    const channels = direction === "AtoB" ? this.network.outputChannels : this.network.inputChannels;
    const mosaic = new Mosaic({ ...picture, channels }, overlap);
    for (const window of windows) {
      await breathe();
      mosaic.add(this.run(statistics.sharing(), [cut(picture, window)], direction)[0]!, window);
    }
    return mosaic.finish();
  }

  private sideOfTiles({ height, width }: HostImage): number | null {
    if (this.tile !== null) return this.fitting(this.tile);
    if (height * width * this.network.width <= wholeLimit) return null;
    return this.fitting(Math.floor(tileSide * Math.sqrt(64 / this.network.width)));
  }

  /** Pictures of one size as one batch. */
  private run(k: Kernels, pictures: readonly HostImage[], direction: Direction): HostImage[] {
    const { height, width, channels } = pictures[0]!;
    const size = height * width * channels;
    const batch = new Float32Array(pictures.length * size);
    pictures.forEach(({ data }, i) => batch.set(data, i * size));
    const x = k.tensor(batch, [pictures.length, height, width, channels]);
    const y = translateTensor(k, this.model, direction, x);
    const values = k.read(y);
    const outputs = y.shape[3]!;
    x.dispose();
    y.dispose();
    const each = height * width * outputs;
    return pictures.map((_, i) => ({ data: values.slice(i * each, (i + 1) * each), height, width, channels: outputs }));
  }

  /** The next side that the network takes. */
  private fitting(side: number): number {
    return Math.ceil(Math.max(side, this.smallest) / this.multiple) * this.multiple;
  }
}
