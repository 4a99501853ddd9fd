import { seededRandom } from "../random";
import type { MaskSource } from "../nn/dropout";

/** Masks depend on the seed, the step and their order within it alone, so that a resumed training draws the same ones. */
export class DropoutMasks implements MaskSource {
  private step = 0;
  private drawn = 0;

  constructor(private readonly seed: number) {}

  begin(step: number): void {
    this.step = step;
    this.drawn = 0;
  }

  next(count: number): Float32Array {
    const { word } = seededRandom(this.seed, "dropout", this.step, this.drawn++);
    const mask = new Float32Array(count);
    for (let first = 0; first < count; first += 32) {
      // Each bit decides one element.
      const bits = word();
      for (let i = first; i < Math.min(first + 32, count); i++) mask[i] = ((bits >>> (i - first)) & 1) * 2;
    }
    return mask;
  }
}
