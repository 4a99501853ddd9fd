import { seededRandom } from "../random";
import type { BatchShare } from "../data/sampler";
import type { MaskSource } from "../nn/dropout";

/**
 * Masks depend on the seed, the step, their order within it and the image's place in the batch alone, so that a resumed training draws the
 * same ones, and so does one of several processes, each of which has some of the images. A translation is a batch of its own, whichever
 * process makes it.
 */
export class DropoutMasks implements MaskSource {
  private step = 0;
  private drawn = 0;

  constructor(
    private readonly seed: number,
    private readonly share: BatchShare = { part: 0, parts: 1 },
  ) {}

  begin(step: number): void {
    this.step = step;
    this.drawn = 0;
  }

  next(count: number): Float32Array {
    const { word } = seededRandom(this.seed, "dropout", this.step, this.drawn++);
    // Each bit decides one element of the whole batch.
    const begin = this.step === 0 ? 0 : this.share.part * count;
    const mask = new Float32Array(count);
    for (let first = 0; first < begin + count; first += 32) {
      const bits = word();
      for (let i = Math.max(first, begin); i < Math.min(first + 32, begin + count); i++)
        mask[i - begin] = ((bits >>> (i - first)) & 1) * 2;
    }
    return mask;
  }
}
