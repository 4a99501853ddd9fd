import { random } from "../random";
import type { HostTensor } from "../kernels/tensor";

/**
 * Remembers fakes of earlier steps, so that a discriminator is not only shown the newest (Shrivastava 2017, as CycleGAN uses it):
 * once full, half the time the new fake is exchanged for an older one. It lives in host memory, not among the tensors.
 */
export class ImagePool {
  readonly images: HostTensor[];

  /**
   * @param size fakes to remember; 0 passes every fake through
   * @param left what an earlier part of the training left in a pool, which may have been larger
   */
  constructor(
    private readonly size: number,
    left: readonly HostTensor[],
  ) {
    this.images = left.slice(0, size);
  }

  /** The image to show for `fresh`. The choice depends on the seed, the stream and the step alone. */
  exchange(fresh: HostTensor, seed: number, stream: string, step: number): HostTensor {
    if (this.size === 0) return fresh;
    if (this.images.length < this.size) {
      this.images.push(fresh);
      return fresh;
    }
    const draw = random(seed, stream, step);
    if (draw.uniform() < 0.5) return fresh;
    const place = draw.integer(this.size);
    const older = this.images[place]!;
    this.images[place] = fresh;
    return older;
  }
}
