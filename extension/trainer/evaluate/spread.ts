import { directions, type TranslationDirection, type ValidationLine } from "../../protocol/lines";
import type { Pixels } from "../data/picture";
import type { TranslatedImage } from "./setMetrics";

/**
 * How much the translations of a direction differ from each other, and how much real pictures of their domain differ from each other; both
 * absent for fewer than two translations or real pictures.
 */
export type SpreadFigures = Pick<NonNullable<ValidationLine["metrics"][TranslationDirection]>, "spread" | "realSpread">;

/** Measures how much pictures differ from each other, for a validation's translations and for its real pictures. */
export class Spreads {
  private readonly inputs = { AtoB: new Spread(), BtoA: new Spread() };
  private readonly translations = { AtoB: new Spread(), BtoA: new Spread() };
  private readonly truths = { AtoB: new Spread(), BtoA: new Spread() };

  add(direction: TranslationDirection, { input, translated, truth }: TranslatedImage): void {
    this.inputs[direction].add(input);
    this.translations[direction].add(translated);
    if (truth !== null) this.truths[direction].add(truth);
  }

  /**
   * A direction's figures, to be called after both directions' pictures were added. The real pictures are the truths, else the other
   * direction's inputs.
   */
  figures(direction: TranslationDirection): SpreadFigures {
    const back = directions.find((way) => way !== direction)!;
    const [spread, realSpread] = [
      this.translations[direction].value,
      this.truths[direction].value ?? this.inputs[back].value,
    ];
    return spread === null || realSpread === null ? {} : { spread, realSpread };
  }
}

/**
 * The mean absolute difference, on the scale of 0 to 255, between each picture and the one added before it, over the upper left part that
 * both have: near 0 where all pictures are the same.
 */
export class Spread {
  private before: Pixels | null = null;
  private sum = 0;
  private pairs = 0;

  add(image: Pixels): void {
    if (this.before !== null) {
      this.sum += meanAbsoluteDifference(this.before, image);
      this.pairs++;
    }
    this.before = image;
  }

  /** The mean difference; null for fewer than two pictures. */
  get value(): number | null {
    return this.pairs === 0 ? null : this.sum / this.pairs;
  }
}

/** The mean absolute difference over the two images' common part, on the scale of 0 to 255. */
function meanAbsoluteDifference(a: Pixels, b: Pixels): number {
  const [depth, height, width, channels] = [
    Math.min(a.depth ?? 1, b.depth ?? 1),
    Math.min(a.height, b.height),
    Math.min(a.width, b.width),
    Math.min(a.channels, b.channels),
  ];
  let sum = 0;
  for (let z = 0; z < depth; z++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < channels; c++)
          sum += Math.abs(a.data[indexIn(a, z, y, x, c)]! - b.data[indexIn(b, z, y, x, c)]!);
  return (sum * 127.5) / (depth * height * width * channels);
}

function indexIn({ height, width, channels }: Pixels, z: number, y: number, x: number, c: number): number {
  return ((z * height + y) * width + x) * channels + c;
}
