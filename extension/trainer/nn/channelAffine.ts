import type { Kernels } from "../kernels/kernels";
import type { Tensor } from "../kernels/tensor";
import type { ForwardResult, Layer, ForwardContext, NeededGradients } from "./layer";
import type { Parameter, CreateParameter } from "./parameter";

/** γ·x + β with γ and β `[c]`: the affine part of PyTorch's `BatchNorm2d`. */
export class ChannelAffine implements Layer<null> {
  readonly backwardReads = { input: true, output: false };
  readonly isCheap = true;
  readonly parameters: readonly Parameter[];
  private readonly scale: Parameter;
  private readonly shift: Parameter;

  /** @param name PyTorch's name of the norm's module */
  constructor(name: string, count: number, createParameter: CreateParameter) {
    this.scale = createParameter({ name: `${name}.weight`, shape: [count], initial: "aroundOne", idleBias: null });
    this.shift = createParameter({ name: `${name}.bias`, shape: [count], initial: "zero", idleBias: null });
    this.parameters = [this.scale, this.shift];
  }

  forward(k: Kernels, x: Tensor): ForwardResult<null> {
    const scaled = k.scaleChannels(x, this.scale.value);
    const y = k.addBias(scaled, this.shift.value);
    scaled.dispose();
    return { y, saved: null };
  }

  backward(k: Kernels, dy: Tensor, context: ForwardContext<null>, needs: NeededGradients): Tensor | null {
    if (needs.weights) {
      const product = k.binary("multiply", dy, context.input());
      this.scale.accumulate(k, k.biasGradient(product));
      product.dispose();
      this.shift.accumulate(k, k.biasGradient(dy));
    }
    return needs.input ? k.scaleChannels(dy, this.scale.value) : null;
  }

  free(): void {
    // The forward pass saves nothing that must be freed.
  }
}
