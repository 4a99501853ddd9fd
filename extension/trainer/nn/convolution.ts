import type { Kernels, Window } from "../kernels/kernels";
import { type Shape, spatial, type Tensor } from "../kernels/tensor";
import type { Forward, Layer, Past, Want } from "./layer";
import type { Parameter, ParameterSource } from "./parameter";

/** What a convolution is made of. */
export interface ConvolutionPlan {
  /** PyTorch's name of the module, for example `G_A_enc.model.1`. */
  readonly name: string;
  /** Spatial axes: 2 for images, 3 for volumes. */
  readonly dimensions: number;
  /** Filter size along every axis. */
  readonly size: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly window: Window;
  /** `idle`: PyTorch's module has one that the norm behind takes away again; `none`: it has none. */
  readonly bias: "used" | "idle" | "none";
  /** How the filter begins; by default `normal`. */
  readonly initial?: "zero";
}

/** Convolution with zero padding; keeps only the shape of its input. */
export class Convolution implements Layer<Shape> {
  readonly reads = { input: true, output: false };
  readonly cheap = false;
  readonly parameters: readonly Parameter[];
  protected readonly filter: Parameter;
  protected readonly bias: Parameter | null;

  constructor(
    protected readonly plan: ConvolutionPlan,
    source: ParameterSource,
    filterShape: Shape = [...Array<number>(plan.dimensions).fill(plan.size), plan.inputs, plan.outputs],
  ) {
    this.filter = source({
      name: `${plan.name}.weight`,
      shape: filterShape,
      initial: plan.initial ?? "normal",
      idleBias: plan.bias === "idle" ? plan.outputs : null,
    });
    this.bias =
      plan.bias === "used"
        ? source({ name: `${plan.name}.bias`, shape: [plan.outputs], initial: "zero", idleBias: null })
        : null;
    this.parameters = this.bias === null ? [this.filter] : [this.filter, this.bias];
  }

  forward(k: Kernels, x: Tensor): Forward<Shape> {
    const y = this.map(k, x);
    if (this.bias === null) return { y, kept: x.shape };
    const shifted = k.addBias(y, this.bias.value);
    y.dispose();
    return { y: shifted, kept: x.shape };
  }

  backward(k: Kernels, dy: Tensor, past: Past<Shape>, want: Want): Tensor | null {
    if (want.weights) {
      this.filter.accumulate(k, this.filterGradient(k, past.input(), dy));
      this.bias?.accumulate(k, k.biasGradient(dy));
    }
    return want.input ? this.inputGradient(k, dy, past.kept) : null;
  }

  free(): void {
    // A shape takes no memory.
  }

  protected map(k: Kernels, x: Tensor): Tensor {
    return k.conv(x, this.filter.value, this.plan.window);
  }

  protected inputGradient(k: Kernels, dy: Tensor, xShape: Shape): Tensor {
    return k.convInputGradient(dy, this.filter.value, xShape, this.plan.window);
  }

  protected filterGradient(k: Kernels, x: Tensor, dy: Tensor): Tensor {
    return k.convFilterGradient(x, dy, this.filter.value.shape, this.plan.window);
  }
}

/**
 * Transposed convolution that multiplies every spatial size by its stride: the input gradient of a convolution from the larger to
 * the smaller image, `ConvTranspose2d(3, stride=2, padding=1, output_padding=1)` or `(4, stride=2, padding=1)` in PyTorch. Its filter is `[...size, out, in]`.
 */
export class TransposedConvolution extends Convolution {
  constructor(plan: ConvolutionPlan, source: ParameterSource) {
    super(plan, source, [...Array<number>(plan.dimensions).fill(plan.size), plan.outputs, plan.inputs]);
  }

  protected override map(k: Kernels, x: Tensor): Tensor {
    const { window, outputs } = this.plan;
    const larger = [x.shape[0]!, ...spatial(x.shape).map((size) => size * window.stride), outputs];
    return k.convInputGradient(x, this.filter.value, larger, window);
  }

  protected override inputGradient(k: Kernels, dy: Tensor): Tensor {
    return k.conv(dy, this.filter.value, this.plan.window);
  }

  protected override filterGradient(k: Kernels, x: Tensor, dy: Tensor): Tensor {
    return k.convFilterGradient(dy, x, this.filter.value.shape, this.plan.window);
  }
}
