import type { Border, Kernels } from "../kernels/kernels";
import type { Tensor } from "../kernels/tensor";
import type { ForwardResult, Layer, ForwardContext, NeededGradients } from "./layer";

/** Pads both ends of every spatial axis by `width` elements, by reflection or replication. */
export class Pad implements Layer<null> {
  readonly parameters = [];
  readonly backwardReads = { input: false, output: false };
  readonly isCheap = true;

  constructor(
    private readonly width: number,
    private readonly border: Border,
  ) {}

  forward(k: Kernels, x: Tensor): ForwardResult<null> {
    return { y: k.pad(x, this.width, this.border), saved: null };
  }

  backward(k: Kernels, dy: Tensor, _past: ForwardContext<null>, needs: NeededGradients): Tensor | null {
    return needs.input ? k.padGradient(dy, this.width, this.border) : null;
  }

  free(): void {
    // Nothing is kept.
  }
}
