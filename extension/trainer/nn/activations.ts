import type { Kernels } from "../kernels/kernels";
import type { Tensor } from "../kernels/tensor";
import type { Forward, Layer, Past, Want } from "./layer";

/** A pointwise function that reads its input in the backward pass and is cheaper to run again than to remember. */
abstract class Rectifier implements Layer<null> {
  readonly parameters = [];
  readonly reads = { input: true, output: false };
  readonly cheap = true;

  abstract forward(k: Kernels, x: Tensor): Forward<null>;
  protected abstract gradient(k: Kernels, dy: Tensor, x: Tensor): Tensor;

  backward(k: Kernels, dy: Tensor, past: Past<null>, want: Want): Tensor | null {
    return want.input ? this.gradient(k, dy, past.input()) : null;
  }

  free(): void {
    // Nothing is kept.
  }
}

/** max(x, 0). */
export class Relu extends Rectifier {
  forward(k: Kernels, x: Tensor): Forward<null> {
    return { y: k.relu(x), kept: null };
  }

  protected gradient(k: Kernels, dy: Tensor, x: Tensor): Tensor {
    return k.reluGradient(dy, x);
  }
}

/** x where positive, else 0.2 x, as in the PatchGAN. */
export class LeakyRelu extends Rectifier {
  private readonly slope = 0.2;

  forward(k: Kernels, x: Tensor): Forward<null> {
    return { y: k.leakyRelu(x, this.slope), kept: null };
  }

  protected gradient(k: Kernels, dy: Tensor, x: Tensor): Tensor {
    return k.leakyReluGradient(dy, x, this.slope);
  }
}

/** tanh x; its gradient reads its output. */
export class Tanh implements Layer<null> {
  readonly parameters = [];
  readonly reads = { input: false, output: true };
  readonly cheap = false;

  forward(k: Kernels, x: Tensor): Forward<null> {
    return { y: k.unary("tanh", x), kept: null };
  }

  backward(k: Kernels, dy: Tensor, past: Past<null>, want: Want): Tensor | null {
    return want.input ? k.tanhGradient(dy, past.output()) : null;
  }

  free(): void {
    // Nothing is kept.
  }
}
