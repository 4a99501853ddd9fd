import type { Kernels } from "../kernels/kernels";
import type { Tensor } from "../kernels/tensor";
import type { Forward, Layer, Past, Want } from "./layer";
import type { Parameter, ParameterSource } from "./parameter";

/** γ·x + β with a γ and a β for each channel: the second half of PyTorch's `BatchNorm2d`. */
export class ChannelAffine implements Layer<null> {
  readonly reads = { input: true, output: false };
  readonly cheap = true;
  readonly parameters: readonly Parameter[];
  private readonly scale: Parameter;
  private readonly shift: Parameter;

  /** @param name PyTorch's of the norm's module */
  constructor(name: string, count: number, source: ParameterSource) {
    this.scale = source({ name: `${name}.weight`, shape: [count], initial: "aroundOne", idleBias: null });
    this.shift = source({ name: `${name}.bias`, shape: [count], initial: "zero", idleBias: null });
    this.parameters = [this.scale, this.shift];
  }

  forward(k: Kernels, x: Tensor): Forward<null> {
    const scaled = k.scaleChannels(x, this.scale.value);
    const y = k.addBias(scaled, this.shift.value);
    scaled.dispose();
    return { y, kept: null };
  }

  backward(k: Kernels, dy: Tensor, past: Past<null>, want: Want): Tensor | null {
    if (want.weights) {
      const product = k.binary("multiply", dy, past.input());
      this.scale.accumulate(k, k.biasGradient(product));
      product.dispose();
      this.shift.accumulate(k, k.biasGradient(dy));
    }
    return want.input ? k.scaleChannels(dy, this.scale.value) : null;
  }

  free(): void {
    // Nothing is kept.
  }
}
