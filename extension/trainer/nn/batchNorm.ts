import type { Kernels } from "../kernels/kernels";
import type { Tensor } from "../kernels/tensor";
import { InstanceNorm } from "./instanceNorm";
import type { ForwardResult, Retention } from "./layer";
import type { RunningStatistics } from "./runningStatistics";

/**
 * Batch norm (Ioffe and Szegedy 2015) without affine parameters, eps 1e-5. It normalises by the statistics of the current batch at
 * inference too, as pix2pix does (Isola 2017, section 3.3); the running statistics are only exported.
 */
export class BatchNorm extends InstanceNorm {
  protected override readonly over = "batch";

  constructor(private readonly statistics: RunningStatistics) {
    super();
  }

  override forward(k: Kernels, x: Tensor, retention: Retention): ForwardResult<Tensor | null> {
    const { y, saved: rstd } = super.forward(k, x, retention);
    if (rstd !== null) this.statistics.observe(k, x, rstd);
    return { y, saved: rstd };
  }
}
