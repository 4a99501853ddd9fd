import type { Kernels } from "../kernels/kernels";
import { channels, dispose, type Tensor } from "../kernels/tensor";
import type { ForwardResult, Retention, Layer, ForwardContext, NeededGradients } from "./layer";
import type { Parameter } from "./parameter";

/** What is kept of the chain inside: its output, if its last layer reads that, and its intermediates. */
export interface BypassSaved {
  readonly inside: Tensor | null;
  readonly inner: unknown;
}

/** A chain with a way around it, on which its input goes on as it is. */
abstract class Bypass implements Layer<BypassSaved> {
  readonly isCheap = false;
  readonly parameters: readonly Parameter[];
  readonly backwardReads: { readonly input: boolean; readonly output: boolean };

  constructor(private readonly inner: Layer) {
    this.parameters = inner.parameters;
    this.backwardReads = { input: inner.backwardReads.input, output: false };
  }

  forward(k: Kernels, x: Tensor, retention: Retention): ForwardResult<BypassSaved> {
    const { y: inside, saved: inner } = this.inner.forward(k, x, retention);
    const y = this.join(k, x, inside);
    if (retention !== "none" && this.inner.backwardReads.output) return { y, saved: { inside, inner } };
    inside.dispose();
    return { y, saved: { inside: null, inner } };
  }

  abstract backward(
    k: Kernels,
    dy: Tensor,
    context: ForwardContext<BypassSaved>,
    needs: NeededGradients,
  ): Tensor | null;

  free({ inside, inner }: BypassSaved): void {
    dispose(inside);
    this.inner.free(inner);
  }

  /** Both ways as one. Borrows both. */
  protected abstract join(k: Kernels, around: Tensor, inside: Tensor): Tensor;

  /** Both ways' gradients by the input as one. Borrows both. */
  protected through(
    k: Kernels,
    around: Tensor,
    dinside: Tensor,
    context: ForwardContext<BypassSaved>,
    needs: NeededGradients,
  ): Tensor | null {
    const { inside, inner: saved } = context.saved;
    const inner = this.inner.backward(
      k,
      dinside,
      { saved, input: () => context.input(), output: () => inside! },
      needs,
    );
    if (inner === null) return null;
    const dx = k.binary("add", around, inner);
    inner.dispose();
    return dx;
  }
}

/** y = (x, f(x)) along the channels, of which f(x) has as many as x: a level of a U-Net. */
export class SkipConnection extends Bypass {
  protected join(k: Kernels, x: Tensor, inside: Tensor): Tensor {
    return k.concat([x, inside]);
  }

  backward(k: Kernels, dy: Tensor, context: ForwardContext<BypassSaved>, needs: NeededGradients): Tensor | null {
    const half = channels(dy.shape) / 2;
    const [around, inside] = k.split(dy, [half, half]) as [Tensor, Tensor];
    const dx = this.through(k, around, inside, context, needs);
    dispose(around, inside);
    return dx;
  }
}

/** y = x + f(x) (He 2016): a block of CycleGAN's generator. Unlike a reversible block it has to remember its input. */
export class ResidualBlock extends Bypass {
  protected join(k: Kernels, x: Tensor, inside: Tensor): Tensor {
    return k.binary("add", x, inside);
  }

  backward(k: Kernels, dy: Tensor, context: ForwardContext<BypassSaved>, needs: NeededGradients): Tensor | null {
    return this.through(k, dy, dy, context, needs);
  }
}
