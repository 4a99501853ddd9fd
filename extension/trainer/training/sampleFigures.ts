import type { SampleFigures } from "../../protocol/panel";
import { type Picture, toSamples, white } from "../data/picture";

/** What a network made of a picture; `truth` is its partner, where there is one. */
export interface SamplePictures {
  readonly input: Picture;
  readonly translated: Picture;
  readonly cycled: Picture;
  readonly truth?: Picture;
}

/**
 * How far a sample is from what it should be, measured on the pictures as they are written: the mean absolute error of the
 * translation (of 255), its peak signal-to-noise ratio (dB; null for equal pictures), and the mean absolute error of the way there
 * and back (of 255).
 */
export function figuresOf({ input, translated, cycled, truth }: SamplePictures): SampleFigures[string] {
  const cycleMae = errors(input, cycled).absolute;
  if (truth === undefined) return { cycleMae };
  const { absolute, squared } = errors(truth, translated);
  return { mae: absolute, psnr: squared === 0 ? null : 10 * Math.log10(255 ** 2 / squared), cycleMae };
}

/** Mean absolute and mean squared difference of two pictures of one size, on the scale of 0 to 255. */
function errors(a: Picture, b: Picture): { absolute: number; squared: number } {
  const [x, y] = [toSamples(a.data, a.bits), toSamples(b.data, b.bits)];
  const scale = 255 / white(a.bits);
  let [absolute, squared] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    const difference = (x[i]! - y[i]!) * scale;
    absolute += Math.abs(difference);
    squared += difference ** 2;
  }
  return { absolute: absolute / x.length, squared: squared / x.length };
}
