import { sideMultiple, smallestGeneratorSide } from "../../configuration/sizes";
import type { Config } from "../../configuration/config";
import type { TranslationDirection } from "../../protocol/lines";
import type { Kernels } from "../kernels/kernels";
import { channels, dispose, type Tensor } from "../kernels/tensor";
import type { Model } from "../models/model";
import { TileBlender } from "./tileBlender";
import { pixelsOf, sidesOf, type Pixels } from "../data/picture";
import { cropReflected, patchesFor, tilesFor } from "./tiles";
import { SharedStatistics } from "./sharedStatistics";

/**
 * The most elements of the widest activation with which a picture or volume is translated as a whole: 1024² or 101³ at width 64, 256 MiB.
 */
const wholeLimit = 1024 * 1024 * 64;

/** Side of a tile, and of a volume's block, at width 64. For narrower networks it is larger, so that activations have as many elements. */
const tileSides = { 2: 768, 3: 84 } as const;

/** The most pixels that padding adds to a side of the widest activation. */
const border = 6;

/**
 * Sides for {@link patchesFor}. Many small patches are better than few large ones: on pictures of 1536², the error against the translation
 * of the whole picture was 1.3 times as large with 36 patches of 128² as with 144 of 64², and 2.7 times with nine of 256².
 */
const statisticsSides = { 2: 384, 3: 64 } as const;
const patchSides = { 2: 64, 3: 24 } as const;

/** Translates pictures or volumes of any size with one network. The caller owns the network. */
export class Translator {
  private readonly multiple: number;
  private readonly smallest: number;

  /**
   * @param tile side of the tiles into which larger pictures are cut; null: only pictures above `wholeLimit`, or too large for one tensor
   * of the engine, are cut into tiles
   */
  constructor(
    private readonly k: Kernels,
    private readonly model: Model,
    private readonly network: Config["network"],
    private readonly tile: number | null,
  ) {
    this.multiple = sideMultiple(network);
    this.smallest = smallestGeneratorSide(network);
  }

  /** Returns pixels of the same size. Awaits `yieldToEventLoop` before each tile. */
  async translate(
    picture: Pixels,
    direction: TranslationDirection,
    yieldToEventLoop: () => Promise<void>,
  ): Promise<Pixels> {
    const sides = sidesOf(picture);
    const side = this.sideOfTiles(sides);
    if (side !== null && sides.some((length) => length > side))
      return this.inTiles(picture, direction, side, yieldToEventLoop);
    const start = sides.map(() => 0);
    const result = this.run(
      this.k,
      [cropReflected(picture, { start, size: sides.map((length) => this.fitting(length)) })],
      direction,
    )[0]!;
    return cropReflected(result, { start, size: sides });
  }

  private async inTiles(
    picture: Pixels,
    direction: TranslationDirection,
    side: number,
    yieldToEventLoop: () => Promise<void>,
  ): Promise<Pixels> {
    const statistics = new SharedStatistics(this.k);
    const sides = sidesOf(picture);
    const { dimensions } = this.network;
    const seen = this.fitting(Math.min(side, statisticsSides[dimensions], this.mostSide(4)));
    const patches = patchesFor(sides, seen, this.fitting(Math.min(patchSides[dimensions], seen / 2)));
    this.run(
      statistics.gathering(),
      patches.map((patch) => cropReflected(picture, patch)),
      direction,
    );
    const { boxes, overlap } = tilesFor(sides, side, this.multiple, (length) => this.fitting(length));
    const blender = new TileBlender(
      picture,
      direction === "AtoB" ? this.network.outputChannels : this.network.inputChannels,
      overlap,
    );
    for (const box of boxes) {
      await yieldToEventLoop();
      blender.add(this.run(statistics.sharing(), [cropReflected(picture, box)], direction)[0]!, box);
    }
    return blender.finish();
  }

  private sideOfTiles(sides: readonly number[]): number | null {
    const { dimensions, width } = this.network;
    if (this.tile !== null) return this.fitting(this.tile);
    const elements = sides.reduce((product, side) => product * (side + border), width);
    const most = this.mostSide(1);
    if (sides.reduce((product, side) => product * side, width) <= wholeLimit && elements <= this.k.mostElements)
      return null;
    return this.fitting(Math.min(most, Math.floor(tileSides[dimensions] * (64 / width) ** (1 / dimensions))));
  }

  /**
   * The longest side that the network accepts and for which the widest activation of `squares` squares or cubes fits into one tensor of the
   * engine.
   */
  private mostSide(squares: number): number {
    const { dimensions, width } = this.network;
    const side = (this.k.mostElements / width / squares) ** (1 / dimensions) - border;
    return Math.max(this.smallest, Math.floor(side / this.multiple) * this.multiple);
  }

  /** Translates pictures of one size as one batch. */
  private run(k: Kernels, pictures: readonly Pixels[], direction: TranslationDirection): Pixels[] {
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
    return pictures.map((_, i) => pixelsOf(values.slice(i * each, (i + 1) * each), sides, outputs));
  }

  /** Rounds up to a side that the network accepts. */
  private fitting(side: number): number {
    return Math.ceil(Math.max(side, this.smallest) / this.multiple) * this.multiple;
  }
}

/**
 * Translates a tensor `[n, h, w, c]` or `[n, d, h, w, c]`, which stays the caller's. The network must have the direction. Returns a new
 * tensor.
 */
export function translateTensor(k: Kernels, model: Model, direction: TranslationDirection, x: Tensor): Tensor {
  const generator = direction === "AtoB" ? model.aToB : model.bToA;
  if (generator === null) throw new Error(`this network does not translate ${direction}`);
  model.masks?.begin(0);
  const { y, saved } = generator.forward(k, x, "none");
  generator.free(saved);
  return y;
}
