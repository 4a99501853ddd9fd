import { directions, type TranslationDirection, type ValidationLine } from "../../protocol/lines";
import type { Pixels } from "../data/picture";
import type { TranslatedImage } from "./setMetrics";

/**
 * How different the translations of a direction are from each other, and how different real pictures of their domain are from each other;
 * both absent for fewer than two of either.
 */
export type SpreadFigures = Pick<NonNullable<ValidationLine["metrics"][TranslationDirection]>, "spread" | "realSpread">;

/** Collects how different pictures are from each other, of the translations and of the real pictures of a validation. */
export class Spreads {
  private readonly inputs = { AtoB: new Spread(), BtoA: new Spread() };
  private readonly translations = { AtoB: new Spread(), BtoA: new Spread() };
  private readonly truths = { AtoB: new Spread(), BtoA: new Spread() };

  add(direction: TranslationDirection, { input, translated, truth }: TranslatedImage): void {
    this.inputs[direction].add(input);
    this.translations[direction].add(translated);
    if (truth !== null) this.truths[direction].add(truth);
  }

  /** The figures of a direction, after both directions' pictures. The real ones are the truths, else the other direction's inputs. */
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
 * The mean absolute difference, of 255, of each picture and the one added before it, over the part that both have from their first
 * pixel on: near 0 where all pictures are the same.
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

  /** Null for fewer than two pictures. */
  get value(): number | null {
    return this.pairs === 0 ? null : this.sum / this.pairs;
  }
}

/** The mean absolute difference over their common part, of 255. */
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
