import type { Kernels, NormScope } from "../kernels/kernels";
import { dispose, type Tensor } from "../kernels/tensor";
import type { ForwardResult, Retention, Layer, ForwardContext, NeededGradients } from "./layer";

/**
 * Instance norm without affine parameters, eps 1e-5; it uses the statistics of the current image, in training and at inference. Its
 * gradient is computed from its output, so its input is never saved: such inputs would be the largest share of most networks' activations.
 */
export class InstanceNorm implements Layer<Tensor | null> {
  readonly parameters = [];
  readonly backwardReads = { input: false, output: true };
  readonly isCheap = false;
  protected readonly over: NormScope = "image";

  forward(k: Kernels, x: Tensor, retention: Retention): ForwardResult<Tensor | null> {
    const { y, rstd } = k.normalize(x, this.over);
    if (retention !== "none") return { y, saved: rstd };
    rstd.dispose();
    return { y, saved: null };
  }

  backward(k: Kernels, dy: Tensor, context: ForwardContext<Tensor | null>, needs: NeededGradients): Tensor | null {
    return needs.input ? k.normalizeGradient(dy, context.output(), context.saved!) : null;
  }

  free(saved: Tensor | null): void {
    dispose(saved);
  }
}
