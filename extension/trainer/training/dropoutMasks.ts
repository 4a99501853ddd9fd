import { seededRandom } from "../random";
import type { BatchShare } from "../data/sampler";
import type { MaskSource } from "../nn/dropout";

/**
 * A mask depends only on the seed, the step, how many masks the step drew before it, and the image's place in the batch. So a resumed
 * training draws the same masks, and so does a training of several processes, each of which has some rows of the batch. In a translation
 * (step 0), every process draws its masks from the first row on, so any process translates an image alike.
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
    // Each random bit decides one element of the whole batch; `begin` is the first element of this process's rows.
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
