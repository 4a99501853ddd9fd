import type { Kernels, NormScope } from "../kernels/kernels";
import { dispose, type Tensor } from "../kernels/tensor";
import type { Forward, Keep, Layer, Past, Want } from "./layer";

/**
 * Instance norm without affine parameters, eps 1e-5, with the statistics of the image at hand in training and in use. Its gradient
 * is written in terms of its output, so its input, the larger memory of most networks, is never kept.
 */
export class InstanceNorm implements Layer<Tensor | null> {
  readonly parameters = [];
  readonly reads = { input: false, output: true };
  readonly cheap = false;
  protected readonly over: NormScope = "image";

  forward(k: Kernels, x: Tensor, keep: Keep): Forward<Tensor | null> {
    const { y, rstd } = k.normalize(x, this.over);
    if (keep !== "nothing") return { y, kept: rstd };
    rstd.dispose();
    return { y, kept: null };
  }

  backward(k: Kernels, dy: Tensor, past: Past<Tensor | null>, want: Want): Tensor | null {
    return want.input ? k.normalizeGradient(dy, past.output(), past.kept!) : null;
  }

  free(kept: Tensor | null): void {
    dispose(kept);
  }
}
