import type { Kernels, ConvolutionGeometry } from "../kernels/kernels";
import { type Shape, spatial, type Tensor } from "../kernels/tensor";
import type { ForwardResult, Layer, ForwardContext, NeededGradients } from "./layer";
import type { Parameter, CreateParameter } from "./parameter";

/** Hyperparameters of a convolution. */
export interface ConvolutionPlan {
  /** PyTorch's name of the module, for example `G_A_enc.model.1`. */
  readonly name: string;
  /** Spatial axes: 2 for images, 3 for volumes. */
  readonly dimensions: number;
  /** Filter size along every axis. */
  readonly size: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly geometry: ConvolutionGeometry;
  /** `idle`: PyTorch's module has a bias that the norm behind it cancels, and ours has none; `none`: neither has one. */
  readonly bias: "used" | "idle" | "none";
  /** Initialisation of the filter; `normal` by default. */
  readonly initial?: "zero";
}

/**
 * Convolution with zero padding. It saves only the shape of its input; its backward pass reads the input itself, which the caller keeps.
 */
export class Convolution implements Layer<Shape> {
  readonly backwardReads = { input: true, output: false };
  readonly isCheap = false;
  readonly parameters: readonly Parameter[];
  protected readonly filter: Parameter;
  protected readonly bias: Parameter | null;

  constructor(
    protected readonly plan: ConvolutionPlan,
    createParameter: CreateParameter,
    filterShape: Shape = [...Array<number>(plan.dimensions).fill(plan.size), plan.inputs, plan.outputs],
  ) {
    this.filter = createParameter({
      name: `${plan.name}.weight`,
      shape: filterShape,
      initial: plan.initial ?? "normal",
      idleBias: plan.bias === "idle" ? plan.outputs : null,
    });
    this.bias =
      plan.bias === "used"
        ? createParameter({ name: `${plan.name}.bias`, shape: [plan.outputs], initial: "zero", idleBias: null })
        : null;
    this.parameters = this.bias === null ? [this.filter] : [this.filter, this.bias];
  }

  forward(k: Kernels, x: Tensor): ForwardResult<Shape> {
    const y = this.map(k, x);
    if (this.bias === null) return { y, saved: x.shape };
    const shifted = k.addBias(y, this.bias.value);
    y.dispose();
    return { y: shifted, saved: x.shape };
  }

  backward(k: Kernels, dy: Tensor, context: ForwardContext<Shape>, needs: NeededGradients): Tensor | null {
    if (needs.weights) {
      this.filter.accumulate(k, this.filterGradient(k, context.input(), dy));
      this.bias?.accumulate(k, k.biasGradient(dy));
    }
    return needs.input ? this.inputGradient(k, dy, context.saved) : null;
  }

  free(): void {
    // Only a shape was saved, which needs no freeing.
  }

  protected map(k: Kernels, x: Tensor): Tensor {
    return k.conv(x, this.filter.value, this.plan.geometry);
  }

  protected inputGradient(k: Kernels, dy: Tensor, xShape: Shape): Tensor {
    return k.convInputGradient(dy, this.filter.value, xShape, this.plan.geometry);
  }

  protected filterGradient(k: Kernels, x: Tensor, dy: Tensor): Tensor {
    return k.convFilterGradient(x, dy, this.filter.value.shape, this.plan.geometry);
  }
}

/**
 * Transposed convolution that multiplies every spatial size by its stride: the input gradient of a convolution that maps the larger image
 * to the smaller one, `ConvTranspose2d(3, stride=2, padding=1, output_padding=1)` or `(4, stride=2, padding=1)` in PyTorch. Its filter is
 * `[...size, out, in]`.
 */
export class TransposedConvolution extends Convolution {
  constructor(plan: ConvolutionPlan, createParameter: CreateParameter) {
    super(plan, createParameter, [...Array<number>(plan.dimensions).fill(plan.size), plan.outputs, plan.inputs]);
  }

  protected override map(k: Kernels, x: Tensor): Tensor {
    const { geometry, outputs } = this.plan;
    const larger = [x.shape[0]!, ...spatial(x.shape).map((size) => size * geometry.stride), outputs];
    return k.convInputGradient(x, this.filter.value, larger, geometry);
  }

  protected override inputGradient(k: Kernels, dy: Tensor): Tensor {
    return k.conv(dy, this.filter.value, this.plan.geometry);
  }

  protected override filterGradient(k: Kernels, x: Tensor, dy: Tensor): Tensor {
    return k.convFilterGradient(dy, x, this.filter.value.shape, this.plan.geometry);
  }
}
