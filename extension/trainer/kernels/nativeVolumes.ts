import type { ConvolutionGeometry } from "./kernels";
import type { NativeConvolution } from "./nativeConvolution";
import { convolvedShape, type Depth, selection, type Stacking, stackingOf } from "./sliceStacking";
import { elements, type Shape } from "./tensor";
import type { Attribute, Output, TensorFlow } from "./tensorflow";

/** Convolutions of volumes and their gradients in TensorFlow, as those of images. */
export class NativeVolumes {
  constructor(
    private readonly tf: TensorFlow,
    private readonly images: NativeConvolution,
  ) {}

  /** `[n, d, h, w, in]` to `[n, d', h', w', out]`. */
  map(x: Output, filter: Output, geometry: ConvolutionGeometry): Output {
    const plan = stackingOf(x.shape, filter.shape, geometry);
    const shape = convolvedShape(x.shape, filter.shape, geometry);
    if (plan.of === "input") {
      const stack = this.stacked(x, plan);
      const y = this.withFilter(filter, plan, (flat) => this.images.map(stack, flat, geometry));
      return this.shaped(this.without([stack], y), shape);
    }
    const spread = this.spread(filter, plan);
    const outputs = this.withImages(x, plan.x, (each) => this.images.map(each, spread, geometry));
    return this.without([spread, outputs], this.unstacked(outputs, plan, shape));
  }

  /** `[n, d', h', w', out]` to `xShape` = `[n, d, h, w, in]`. */
  inputGradient(dy: Output, filter: Output, xShape: Shape, geometry: ConvolutionGeometry): Output {
    const plan = stackingOf(xShape, filter.shape, geometry);
    if (plan.of === "input") {
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

  /** Both sides of a convolution to its filter `[h, w, d, in, out]`. */
  filterGradient(x: Output, dy: Output, filterShape: Shape, geometry: ConvolutionGeometry): Output {
    const plan = stackingOf(x.shape, filterShape, geometry);
    if (plan.of === "input") {
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

  /** Volumes to a stack. */
  private stacked(volumes: Output, plan: Stacking): Output {
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

  /** The gradient of {@link stacked}: consumes nothing. */
  private unstacked(stack: Output, { depth, slices }: Stacking, shape: Shape): Output {
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

  private attributes({ size, stride, pad, reversed }: Depth): Attribute[] {
    const { tf } = this;
    return [tf.int("size", size), tf.int("stride", stride), tf.int("pad", pad), tf.bool("reversed", reversed)];
  }

  private selection(depth: Depth, slices: number): Output {
    const { shape, fill } = selection(depth, slices);
    return {
      id: this.tf.constantFloats(`selection:${Object.values(depth).join()}:${slices}`, [1, ...shape], fill),
      shape: [1, ...shape],
    };
  }

  /** A matrix `[1, a, b]` by a batch of them, or turned round. */
  private multiplied(matrix: Output, batch: Output, turned: boolean): Output {
    return this.tf.run(
      "BatchMatMulV2",
      [this.tf.float, this.tf.bool("adj_x", turned), this.tf.bool("adj_y", false)],
      [matrix.id, batch.id],
    );
  }

  /** A filter `[h, w, d, in, out]` with the outputs of each of its slices side by side. */
  private spread(filter: Output, plan: Stacking): Output {
    const [rows, columns, size, inputs, outputs] = filter.shape as [number, number, number, number, number];
    return this.shaped(this.exchanged(this.reshaped(filter, [rows * columns, size, inputs, outputs])), plan.filter);
  }

  /** Undoes {@link spread}. */
  private gathered(spread: Output, filterShape: Shape): Output {
    const [rows, columns, size, inputs, outputs] = filterShape as [number, number, number, number, number];
    return this.shaped(this.exchanged(this.reshaped(spread, [rows * columns, inputs, size, outputs])), filterShape);
  }

  /** `[a, b, c, d]` to `[a, c, b, d]`; consumes it. */
  private exchanged(x: Output): Output {
    const turned = this.tf.run(
      "Transpose",
      [this.tf.float, this.tf.type("Tperm", "int")],
      [x.id, this.tf.ints([0, 2, 1, 3])],
    );
    this.tf.free(x.id);
    return turned;
  }

  /** A filter read as that of the stacked images, for as long as `work` takes. */
  private withFilter(filter: Output, plan: Stacking, work: (flat: Output) => Output): Output {
    return this.withImages(filter, plan.filter, work);
  }

  /** The same numbers in another shape, for as long as `work` takes. */
  private withImages(volumes: Output, shape: Shape, work: (images: Output) => Output): Output {
    const images = this.reshaped(volumes, shape);
    const result = work(images);
    this.tf.free(images.id);
    return result;
  }

  /** A result, without what was made on the way to it. */
  private without(steps: readonly Output[], result: Output): Output {
    this.tf.free(...steps.map(({ id }) => id));
    return result;
  }

  private reshaped(x: Output, shape: Shape): Output {
    return this.tf.run("Reshape", [this.tf.float, this.tf.type("Tshape", "int")], [x.id, this.tf.ints(shape)]);
  }

  /** The same numbers in another shape, in place of x. */
  private shaped(x: Output, shape: Shape): Output {
    const result = this.reshaped(x, shape);
    this.tf.free(x.id);
    return result;
  }
}
