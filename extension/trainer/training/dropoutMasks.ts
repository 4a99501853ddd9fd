import { random } from "../random";
import type { MaskSource } from "../nn/dropout";

/** Masks that depend on the seed, the step and their place in it alone, so that a training goes on after a stop as if there had been none. */
export class DropoutMasks implements MaskSource {
  private step = 0;
  private drawn = 0;

  constructor(private readonly seed: number) {}

  begin(step: number): void {
    this.step = step;
    this.drawn = 0;
  }

  next(count: number): Float32Array {
    const { word } = random(this.seed, "dropout", this.step, this.drawn++);
    const mask = new Float32Array(count);
    for (let first = 0; first < count; first += 32) {
      // A coin for each bit.
      const coins = word();
      for (let i = first; i < Math.min(first + 32, count); i++) mask[i] = ((coins >>> (i - first)) & 1) * 2;
    }
    return mask;
  }
}
