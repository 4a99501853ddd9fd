import type { Kernels } from "../kernels/kernels";
import { dispose, elements, type Tensor } from "../kernels/tensor";
import type { ForwardResult, Retention, Layer, ForwardContext, NeededGradients } from "./layer";

/** Draws dropout's masks, one after the other; the same ones for the same step. */
export interface MaskSource {
  /** Begins a training step, counted from 1, or, with 0, a translation. */
  begin(step: number): void;
  /** 0 or 2 for each of `count` elements, as a fair coin falls. */
  next(count: number): Float32Array;
}

/** Sets half of the elements to 0 and doubles the others (Srivastava 2014), in use as in training: it is pix2pix's only source of noise. */
export class Dropout implements Layer<Tensor | null> {
  readonly parameters = [];
  readonly backwardReads = { input: false, output: false };
  // Running it again would draw another mask.
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
