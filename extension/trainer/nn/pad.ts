import type { Border, Kernels } from "../kernels/kernels";
import type { Tensor } from "../kernels/tensor";
import type { Forward, Layer, Past, Want } from "./layer";

/** `width` more elements over every edge of every spatial axis, copied from what is there. */
export class Pad implements Layer<null> {
  readonly parameters = [];
  readonly reads = { input: false, output: false };
  readonly cheap = true;

  constructor(
    private readonly width: number,
    private readonly border: Border,
  ) {}

  forward(k: Kernels, x: Tensor): Forward<null> {
    return { y: k.pad(x, this.width, this.border), kept: null };
  }

  backward(k: Kernels, dy: Tensor, _past: Past<null>, want: Want): Tensor | null {
    return want.input ? k.padGradient(dy, this.width, this.border) : null;
  }

  free(): void {
    // Nothing is kept.
  }
}
