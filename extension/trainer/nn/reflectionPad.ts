import type { Kernels } from "../kernels/kernels";
import type { Tensor } from "../kernels/tensor";
import type { Forward, Layer, Past, Want } from "./layer";

/** Mirrors `width` elements over every edge of every spatial axis; the edge itself is not repeated. */
export class ReflectionPad implements Layer<null> {
  readonly parameters = [];
  readonly reads = { input: false, output: false };
  readonly cheap = true;

  constructor(private readonly width: number) {}

  forward(k: Kernels, x: Tensor): Forward<null> {
    return { y: k.reflectPad(x, this.width), kept: null };
  }

  backward(k: Kernels, dy: Tensor, _past: Past<null>, want: Want): Tensor | null {
    return want.input ? k.reflectPadGradient(dy, this.width) : null;
  }

  free(): void {
    // Nothing is kept.
  }
}
