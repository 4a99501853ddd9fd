import type { ConvolutionGeometry } from "./kernels";
import type { NativeConvolution } from "./nativeConvolution";
import {
  convOutputShape,
  type DepthGeometry,
  sliceSelection,
  type SliceStacking,
  sliceStacking,
} from "./sliceStacking";
import { elements, type Shape } from "./tensor";
import type { Attribute, OpOutput, TensorFlow } from "./tensorflow";

/** 3D convolutions and their gradients in TensorFlow, computed as 2D convolutions of stacked slices (sliceStacking.ts). */
export class NativeVolumes {
  constructor(
    private readonly tf: TensorFlow,
    private readonly images: NativeConvolution,
  ) {}

  /** The convolution: `[n, d, h, w, in]` to `[n, d', h', w', out]`. */
  map(x: OpOutput, filter: OpOutput, geometry: ConvolutionGeometry): OpOutput {
    const plan = sliceStacking(x.shape, filter.shape, geometry);
    const shape = convOutputShape(x.shape, filter.shape, geometry);
    if (plan.stacks === "input") {
      const stack = this.stacked(x, plan);
      const y = this.withFilter(filter, plan, (flat) => this.images.map(stack, flat, geometry));
      return this.shaped(this.without([stack], y), shape);
    }
    const spread = this.spread(filter, plan);
    const outputs = this.withImages(x, plan.x, (each) => this.images.map(each, spread, geometry));
    return this.without([spread, outputs], this.unstacked(outputs, plan, shape));
  }

  /** The gradient by x: `[n, d', h', w', out]` to `xShape` = `[n, d, h, w, in]`. */
  inputGradient(dy: OpOutput, filter: OpOutput, xShape: Shape, geometry: ConvolutionGeometry): OpOutput {
    const plan = sliceStacking(xShape, filter.shape, geometry);
    if (plan.stacks === "input") {
      const stack = this.withFilter(filter, plan, (flat) =>
        this.withImages(dy, plan.y, (each) => this.images.inputGradient(each, flat, plan.x, geometry)),
      );
      return this.without([stack], this.unstacked(stack, plan, xShape));
    }
    const stack = this.stacked(dy, plan);
    const spread = this.spread(filter, plan);
    const dx = this.images.inputGradient(stack, spread, plan.x, geometry);
    return this.shaped(this.without([stack, spread], dx), xShape);
  }

  /** Gradient by the filter `[h, w, d, in, out]`. */
  filterGradient(x: OpOutput, dy: OpOutput, filterShape: Shape, geometry: ConvolutionGeometry): OpOutput {
    const plan = sliceStacking(x.shape, filterShape, geometry);
    if (plan.stacks === "input") {
      const stack = this.stacked(x, plan);
      const flat = this.withImages(dy, plan.y, (each) =>
        this.images.filterGradient(stack, each, plan.filter, geometry),
      );
      return this.shaped(this.without([stack], flat), filterShape);
    }
    const stack = this.stacked(dy, plan);
    const spread = this.withImages(x, plan.x, (each) => this.images.filterGradient(each, stack, plan.filter, geometry));
    return this.without([stack, spread], this.gathered(spread, filterShape));
  }

  /** Volumes `[n, d, h, w, c]` to a stack `[n · positions, h, w, size · c]`. */
  private stacked(volumes: OpOutput, plan: SliceStacking): OpOutput {
    const { tf } = this;
    const { depth } = plan;
    if (tf.hasOperations) return tf.run("RevganStack", this.attributes(depth), [volumes.id]);
    const [n, slices, h, w, c] = volumes.shape as [number, number, number, number, number];
    const matrix = this.selection(depth, slices);
    const rows = this.reshaped(volumes, [n, slices, h * w * c]);
    const selected = this.shaped(this.multiplied(matrix, rows, false), [-1, depth.size, h * w, c]);
    tf.free(rows.id);
    return this.shaped(this.exchanged(selected), [selected.shape[0]!, h, w, depth.size * c]);
  }

  /** The transpose of {@link stacked}: adds each slice of the stack onto its slice of the volume. Borrows the stack. */
  private unstacked(stack: OpOutput, { depth, slices }: SliceStacking, shape: Shape): OpOutput {
    const { tf } = this;
    if (tf.hasOperations)
      return tf.run("RevganStackGradient", [...this.attributes(depth), tf.int("slices", slices)], [stack.id]);
    const [images, h, w, wide] = stack.shape as [number, number, number, number];
    const apart = this.exchanged(this.reshaped(stack, [images, h * w, depth.size, wide / depth.size]));
    const rows = this.shaped(apart, [shape[0]!, -1, elements(shape.slice(2))]);
    const sums = this.multiplied(this.selection(depth, slices), rows, true);
    tf.free(rows.id);
    return this.shaped(sums, shape);
  }

  private attributes({ size, stride, pad, reversed }: DepthGeometry): Attribute[] {
    const { tf } = this;
    return [tf.int("size", size), tf.int("stride", stride), tf.int("pad", pad), tf.bool("reversed", reversed)];
  }

  private selection(depth: DepthGeometry, slices: number): OpOutput {
    const { shape, fill } = sliceSelection(depth, slices);
    return {
      id: this.tf.constantFloats(`selection:${Object.values(depth).join()}:${slices}`, [1, ...shape], fill),
      shape: [1, ...shape],
    };
  }

  /** A matrix `[1, a, b]`, or its transpose, times a batch of matrices. */
  private multiplied(matrix: OpOutput, batch: OpOutput, turned: boolean): OpOutput {
    return this.tf.run(
      "BatchMatMulV2",
      [this.tf.float, this.tf.bool("adj_x", turned), this.tf.bool("adj_y", false)],
      [matrix.id, batch.id],
    );
  }

  /** A filter `[h, w, d, in, out]` as `[h, w, in, d · out]`. */
  private spread(filter: OpOutput, plan: SliceStacking): OpOutput {
    const [rows, columns, size, inputs, outputs] = filter.shape as [number, number, number, number, number];
    return this.shaped(this.exchanged(this.reshaped(filter, [rows * columns, size, inputs, outputs])), plan.filter);
  }

  /** Undoes {@link spread}. */
  private gathered(spread: OpOutput, filterShape: Shape): OpOutput {
    const [rows, columns, size, inputs, outputs] = filterShape as [number, number, number, number, number];
    return this.shaped(this.exchanged(this.reshaped(spread, [rows * columns, inputs, size, outputs])), filterShape);
  }

  /** Transposes `[a, b, c, d]` to `[a, c, b, d]`; consumes x. */
  private exchanged(x: OpOutput): OpOutput {
    const turned = this.tf.run(
      "Transpose",
      [this.tf.float, this.tf.type("Tperm", "int")],
      [x.id, this.tf.ints([0, 2, 1, 3])],
    );
    this.tf.free(x.id);
    return turned;
  }

  /** Runs `work` with the 3D filter reshaped to the 2D filter of the plan. */
  private withFilter(filter: OpOutput, plan: SliceStacking, work: (flat: OpOutput) => OpOutput): OpOutput {
    return this.withImages(filter, plan.filter, work);
  }

  /** Runs `work` with a reshaped tensor, which it frees afterwards. */
  private withImages(volumes: OpOutput, shape: Shape, work: (images: OpOutput) => OpOutput): OpOutput {
    const images = this.reshaped(volumes, shape);
    const result = work(images);
    this.tf.free(images.id);
    return result;
  }

  /** Frees intermediate results and returns the result. */
  private without(steps: readonly OpOutput[], result: OpOutput): OpOutput {
    this.tf.free(...steps.map(({ id }) => id));
    return result;
  }

  private reshaped(x: OpOutput, shape: Shape): OpOutput {
    return this.tf.run("Reshape", [this.tf.float, this.tf.type("Tshape", "int")], [x.id, this.tf.ints(shape)]);
  }

  /** Reshapes x and frees it. */
  private shaped(x: OpOutput, shape: Shape): OpOutput {
    const result = this.reshaped(x, shape);
    this.tf.free(x.id);
    return result;
  }
}
