import type { HostTensor } from "../kernels/tensor";
import { seededRandom } from "../random";

/**
 * A pool of earlier fakes, so that a discriminator is trained on older fakes, too (Shrivastava 2017, as CycleGAN uses it). Once the pool is
 * full, with probability 1/2 the discriminator sees a random image of the pool, which the new fake replaces. Images are kept in host
 * memory, not in the engine's.
 */
export class ImagePool {
  readonly images: HostTensor[];

  /**
   * @param size fakes to keep; with 0 the new fake is always used
   * @param saved the images of a checkpoint, of which there may be more than `size`
   */
  constructor(
    private readonly size: number,
    saved: readonly HostTensor[],
  ) {
    this.images = saved.slice(0, size);
  }

  /**
   * Decides which image a discriminator sees. The choice depends on the seed, the stream and the step alone.
   *
   * @param copy copies the new fake to host memory; called only when the pool keeps it
   * @returns the older image to use instead of the new fake; null to use the new fake
   */
  exchange(copy: () => HostTensor, seed: number, stream: string, step: number): HostTensor | null {
    if (this.size === 0) return null;
    if (this.images.length < this.size) {
      this.images.push(copy());
      return null;
    }
    const draw = seededRandom(seed, stream, step);
    if (draw.uniform() < 0.5) return null;
    const place = draw.integer(this.size);
    const older = this.images[place]!;
    this.images[place] = copy();
    return older;
  }
}
