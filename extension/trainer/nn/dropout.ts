import type { Kernels } from "../kernels/kernels";
import { dispose, elements, type Tensor } from "../kernels/tensor";
import type { ForwardResult, Retention, Layer, ForwardContext, NeededGradients } from "./layer";

/** Draws dropout's masks in a fixed order that depends on the seed and the step alone. */
export interface MaskSource {
  /** Starts the masks of a training step, counted from 1, or those of a translation with step 0. */
  begin(step: number): void;
  /** Draws a mask of `count` elements, each 0 or 2 with equal probability. */
  next(count: number): Float32Array;
}

/** Sets half of the elements to 0 and doubles the others (Srivastava 2014), at inference too: it is pix2pix's only source of noise. */
export class Dropout implements Layer<Tensor | null> {
  readonly parameters = [];
  readonly backwardReads = { input: false, output: false };
  // Not cheap in the sense of {@link Layer.isCheap}: recomputing the output would draw another mask.
  readonly isCheap = false;

  constructor(private readonly masks: MaskSource) {}

  forward(k: Kernels, x: Tensor, retention: Retention): ForwardResult<Tensor | null> {
    const mask = k.tensor(this.masks.next(elements(x.shape)), x.shape);
    const y = k.binary("multiply", x, mask);
    if (retention !== "none") return { y, saved: mask };
    mask.dispose();
    return { y, saved: null };
  }

  backward(k: Kernels, dy: Tensor, context: ForwardContext<Tensor | null>, needs: NeededGradients): Tensor | null {
    return needs.input ? k.binary("multiply", dy, context.saved!) : null;
  }

  free(saved: Tensor | null): void {
    dispose(saved);
  }
}
