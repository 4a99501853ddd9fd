import type { Kernels } from "../kernels/kernels";
import { channels, dispose, type Tensor } from "../kernels/tensor";
import type { ForwardResult, Retention, Layer, ForwardContext, NeededGradients } from "./layer";
import type { Parameter } from "./parameter";

/** What a shortcut saves: the inner layer's output f(x), if that layer's backward pass reads it, and what the inner layer saves itself. */
export interface ShortcutSaved {
  readonly inside: Tensor | null;
  readonly inner: unknown;
}

/** A layer f with an identity shortcut around it. */
abstract class Shortcut implements Layer<ShortcutSaved> {
  readonly isCheap = false;
  readonly parameters: readonly Parameter[];
  readonly backwardReads: { readonly input: boolean; readonly output: boolean };

  constructor(private readonly inner: Layer) {
    this.parameters = inner.parameters;
    this.backwardReads = { input: inner.backwardReads.input, output: false };
  }

  forward(k: Kernels, x: Tensor, retention: Retention): ForwardResult<ShortcutSaved> {
    const { y: inside, saved: inner } = this.inner.forward(k, x, retention);
    const y = this.join(k, x, inside);
    if (retention !== "none" && this.inner.backwardReads.output) return { y, saved: { inside, inner } };
    inside.dispose();
    return { y, saved: { inside: null, inner } };
  }

  abstract backward(
    k: Kernels,
    dy: Tensor,
    context: ForwardContext<ShortcutSaved>,
    needs: NeededGradients,
  ): Tensor | null;

  free({ inside, inner }: ShortcutSaved): void {
    dispose(inside);
    this.inner.free(inner);
  }

  /** Combines x and f(x). Borrows both. */
  protected abstract join(k: Kernels, around: Tensor, inside: Tensor): Tensor;

  /**
   * The gradient by the input: `around`, the gradient through the shortcut, plus the gradient through f, given `dinside`, the gradient by
   * f(x). Null unless `needs.input`. Borrows both.
   */
  protected through(
    k: Kernels,
    around: Tensor,
    dinside: Tensor,
    context: ForwardContext<ShortcutSaved>,
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

/** y = (x, f(x)), concatenated along the channels; f(x) has as many channels as x. A level of a U-Net. */
export class SkipConnection extends Shortcut {
  protected join(k: Kernels, x: Tensor, inside: Tensor): Tensor {
    return k.concat([x, inside]);
  }

  backward(k: Kernels, dy: Tensor, context: ForwardContext<ShortcutSaved>, needs: NeededGradients): Tensor | null {
    const half = channels(dy.shape) / 2;
    const [around, inside] = k.split(dy, [half, half]) as [Tensor, Tensor];
    const dx = this.through(k, around, inside, context, needs);
    dispose(around, inside);
    return dx;
  }
}

/**
 * y = x + f(x) (He 2016): a block of CycleGAN's generator. Unlike a reversible block, it cannot recompute its input, so the input is saved.
 */
export class ResidualBlock extends Shortcut {
  protected join(k: Kernels, x: Tensor, inside: Tensor): Tensor {
    return k.binary("add", x, inside);
  }

  backward(k: Kernels, dy: Tensor, context: ForwardContext<ShortcutSaved>, needs: NeededGradients): Tensor | null {
    return this.through(k, dy, dy, context, needs);
  }
}
