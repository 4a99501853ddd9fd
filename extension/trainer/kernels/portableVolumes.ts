import type { ConvolutionGeometry } from "./kernels";
import type { PortableConvolution } from "./portableConvolution";
import {
  convOutputShape,
  type DepthGeometry,
  sliceSelection,
  type SliceStacking,
  sliceStacking,
} from "./sliceStacking";
import { elements, type Shape } from "./tensor";
import type { TfjsTensor, Tidy, Tfjs } from "./tfjs";

/** 3D convolutions and their gradients in tfjs, computed as 2D convolutions of stacked slices (sliceStacking.ts). */
export class PortableVolumes {
  constructor(
    private readonly tf: Tfjs,
    private readonly images: PortableConvolution,
  ) {}

  /** The convolution: `[n, d, h, w, in]` to `[n, d', h', w', out]`. */
  map(x: TfjsTensor, filter: TfjsTensor, geometry: ConvolutionGeometry, tidy: Tidy): TfjsTensor {
    const { tf } = this;
    const plan = sliceStacking(x.shape, filter.shape, geometry);
    const shape = convOutputShape(x.shape, filter.shape, geometry);
    if (plan.stacks === "input")
      return tf.reshape(
        this.images.map(
          tidy(() => this.stacked(x, plan, tidy)),
          tf.reshape(filter, [...plan.filter]),
          geometry,
        ),
        [...shape],
      );
    return this.unstacked(
      () => this.images.map(tf.reshape(x, [...plan.x]), this.spread(filter, plan), geometry),
      plan,
      shape,
      tidy,
    );
  }

  /** The gradient by x: `[n, d', h', w', out]` to `xShape` = `[n, d, h, w, in]`. */
  inputGradient(
    dy: TfjsTensor,
    filter: TfjsTensor,
    xShape: Shape,
    geometry: ConvolutionGeometry,
    tidy: Tidy,
  ): TfjsTensor {
    const { tf } = this;
    const plan = sliceStacking(xShape, filter.shape, geometry);
    if (plan.stacks === "input") {
      const [gradient, flat] = [tf.reshape(dy, [...plan.y]), tf.reshape(filter, [...plan.filter])];
      return this.unstacked(
        () => this.images.inputGradient(gradient, flat, plan.x, geometry, tidy),
        plan,
        xShape,
        tidy,
      );
    }
    const stack = tidy(() => this.stacked(dy, plan, tidy));
    return tf.reshape(this.images.inputGradient(stack, this.spread(filter, plan), plan.x, geometry, tidy), [...xShape]);
  }

  /** Gradient by the filter `[h, w, d, in, out]`. */
  filterGradient(
    x: TfjsTensor,
    dy: TfjsTensor,
    filterShape: Shape,
    geometry: ConvolutionGeometry,
    tidy: Tidy,
  ): TfjsTensor {
    const { tf } = this;
    const plan = sliceStacking(x.shape, filterShape, geometry);
    const stack = tidy(() => this.stacked(plan.stacks === "input" ? x : dy, plan, tidy));
    if (plan.stacks === "input")
      return tf.reshape(this.images.filterGradient(stack, tf.reshape(dy, [...plan.y]), plan.filter, geometry, tidy), [
        ...filterShape,
      ]);
    const [rows, columns, size, inputs, outputs] = filterShape as [number, number, number, number, number];
    const spread = this.images.filterGradient(tf.reshape(x, [...plan.x]), stack, plan.filter, geometry, tidy);
    return tf.reshape(tf.transpose(tf.reshape(spread, [rows * columns, inputs, size, outputs]), [0, 2, 1, 3]), [
      ...filterShape,
    ]);
  }

  /** Volumes `[n, d, h, w, c]` to a stack `[n · positions, h, w, size · c]`. */
  private stacked(volumes: TfjsTensor, { depth }: SliceStacking, tidy: Tidy): TfjsTensor {
    const { tf } = this;
    const [n, slices, h, w, c] = volumes.shape as [number, number, number, number, number];
    const selected = tidy(() => tf.matMul(this.selection(depth, slices), tf.reshape(volumes, [n, slices, h * w * c])));
    return tf.reshape(tf.transpose(tf.reshape(selected, [-1, depth.size, h * w, c]), [0, 2, 1, 3]), [
      -1,
      h,
      w,
      depth.size * c,
    ]);
  }

  /** The transpose of {@link stacked}: adds each slice of the stack onto its slice of volumes of this shape. */
  private unstacked(made: () => TfjsTensor, { depth, slices }: SliceStacking, shape: Shape, tidy: Tidy): TfjsTensor {
    const { tf } = this;
    const rows = tidy(() => {
      const stack = tidy(made);
      const [images, h, w, wide] = stack.shape as [number, number, number, number];
      const apart = tf.transpose(tf.reshape(stack, [images, h * w, depth.size, wide / depth.size]), [0, 2, 1, 3]);
      return tf.reshape(apart, [shape[0]!, -1, elements(shape.slice(2))]);
    });
    return tf.reshape(tf.matMul(this.selection(depth, slices), rows, true), [...shape]);
  }

  private selection(depth: DepthGeometry, slices: number): TfjsTensor {
    const { shape, fill } = sliceSelection(depth, slices);
    const values = new Float32Array(elements(shape));
    fill(values);
    return this.tf.tensor(values, [1, ...shape]);
  }

  /** A filter `[h, w, d, in, out]` as `[h, w, in, d · out]`. */
  private spread(filter: TfjsTensor, plan: SliceStacking): TfjsTensor {
    const [rows, columns, size, inputs, outputs] = filter.shape as [number, number, number, number, number];
    const { tf } = this;
    return tf.reshape(tf.transpose(tf.reshape(filter, [rows * columns, size, inputs, outputs]), [0, 2, 1, 3]), [
      ...plan.filter,
    ]);
  }
}
