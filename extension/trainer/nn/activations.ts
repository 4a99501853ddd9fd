import type { Kernels } from "../kernels/kernels";
import type { Tensor } from "../kernels/tensor";
import type { ForwardResult, Layer, ForwardContext, NeededGradients } from "./layer";

/** An elementwise function whose gradient reads its input. Its output is cheap, so it is recomputed rather than saved. */
abstract class Rectifier implements Layer<null> {
  readonly parameters = [];
  readonly backwardReads = { input: true, output: false };
  readonly isCheap = true;

  abstract forward(k: Kernels, x: Tensor): ForwardResult<null>;
  protected abstract gradient(k: Kernels, dy: Tensor, x: Tensor): Tensor;

  backward(k: Kernels, dy: Tensor, context: ForwardContext<null>, needs: NeededGradients): Tensor | null {
    return needs.input ? this.gradient(k, dy, context.input()) : null;
  }

  free(): void {
    // The forward pass saves nothing that must be freed.
  }
}

/** max(x, 0). */
export class Relu extends Rectifier {
  forward(k: Kernels, x: Tensor): ForwardResult<null> {
    return { y: k.relu(x), saved: null };
  }

  protected gradient(k: Kernels, dy: Tensor, x: Tensor): Tensor {
    return k.reluGradient(dy, x);
  }
}

/** x where x > 0, else 0.2 x, as in the PatchGAN. */
export class LeakyRelu extends Rectifier {
  private readonly slope = 0.2;

  forward(k: Kernels, x: Tensor): ForwardResult<null> {
    return { y: k.leakyRelu(x, this.slope), saved: null };
  }

  protected gradient(k: Kernels, dy: Tensor, x: Tensor): Tensor {
    return k.leakyReluGradient(dy, x, this.slope);
  }
}

/** tanh x; its gradient reads its output. */
export class Tanh implements Layer<null> {
  readonly parameters = [];
  readonly backwardReads = { input: false, output: true };
  readonly isCheap = false;

  forward(k: Kernels, x: Tensor): ForwardResult<null> {
    return { y: k.unary("tanh", x), saved: null };
  }

  backward(k: Kernels, dy: Tensor, context: ForwardContext<null>, needs: NeededGradients): Tensor | null {
    return needs.input ? k.tanhGradient(dy, context.output()) : null;
  }

  free(): void {
    // The forward pass saves nothing that must be freed.
  }
}
