import type { Border, Kernels } from "../kernels/kernels";
import type { Tensor } from "../kernels/tensor";
import type { ForwardResult, Layer, ForwardContext, NeededGradients } from "./layer";

/** Pads both ends of every spatial axis by `width` elements, by reflection or replication. */
export class Pad implements Layer<null> {
  readonly parameters = [];
  readonly backwardReads: Layer["backwardReads"] = { input: false, output: false };
  readonly isCheap = true;

  constructor(
    protected readonly width: number,
    protected readonly border: Border,
  ) {}

  forward(k: Kernels, x: Tensor): ForwardResult<null> {
    return { y: k.pad(x, this.width, this.border), saved: null };
  }

  backward(k: Kernels, dy: Tensor, _past: ForwardContext<null>, needs: NeededGradients): Tensor | null {
    return needs.input ? k.padGradient(dy, this.width, this.border) : null;
  }

  free(): void {
    // The forward pass saves nothing that must be freed.
  }
}

/** Pads max(x, 0) in one operation, without an intermediate tensor for max(x, 0). */
export class ReluPad extends Pad {
  override readonly backwardReads = { input: true, output: false };

  override forward(k: Kernels, x: Tensor): ForwardResult<null> {
    return { y: k.reluPad(x, this.width, this.border), saved: null };
  }

  override backward(k: Kernels, dy: Tensor, past: ForwardContext<null>, needs: NeededGradients): Tensor | null {
    return needs.input ? k.reluPadGradient(dy, past.input(), this.width, this.border) : null;
  }
}
