import type { ConvolutionGeometry } from "./kernels";
import type { PortableConvolution } from "./portableConvolution";
import { convolvedShape, type Depth, selection, type Stacking, stackingOf } from "./sliceStacking";
import { elements, type Shape } from "./tensor";
import type { Plain, Scope, Tfjs } from "./tfjs";

/** Convolutions of volumes and their gradients, as those of images. */
export class PortableVolumes {
  constructor(
    private readonly tf: Tfjs,
    private readonly images: PortableConvolution,
  ) {}

  /** `[n, d, h, w, in]` to `[n, d', h', w', out]`. */
  map(x: Plain, filter: Plain, geometry: ConvolutionGeometry, scope: Scope): Plain {
    const { tf } = this;
    const plan = stackingOf(x.shape, filter.shape, geometry);
    const shape = convolvedShape(x.shape, filter.shape, geometry);
    if (plan.of === "input")
      return tf.reshape(
        this.images.map(
          scope(() => this.stacked(x, plan, scope)),
          tf.reshape(filter, [...plan.filter]),
          geometry,
        ),
        [...shape],
      );
    return this.unstacked(
      () => this.images.map(tf.reshape(x, [...plan.x]), this.spread(filter, plan), geometry),
      plan,
      shape,
      scope,
    );
  }

  /** `[n, d', h', w', out]` to `xShape` = `[n, d, h, w, in]`. */
  inputGradient(dy: Plain, filter: Plain, xShape: Shape, geometry: ConvolutionGeometry, scope: Scope): Plain {
    const { tf } = this;
    const plan = stackingOf(xShape, filter.shape, geometry);
    if (plan.of === "input") {
      const [gradient, flat] = [tf.reshape(dy, [...plan.y]), tf.reshape(filter, [...plan.filter])];
      return this.unstacked(
        () => this.images.inputGradient(gradient, flat, plan.x, geometry, scope),
        plan,
        xShape,
        scope,
      );
    }
    const stack = scope(() => this.stacked(dy, plan, scope));
    return tf.reshape(this.images.inputGradient(stack, this.spread(filter, plan), plan.x, geometry, scope), [
      ...xShape,
    ]);
  }

  /** Both sides of a convolution to its filter `[h, w, d, in, out]`. */
  filterGradient(x: Plain, dy: Plain, filterShape: Shape, geometry: ConvolutionGeometry, scope: Scope): Plain {
    const { tf } = this;
    const plan = stackingOf(x.shape, filterShape, geometry);
    const stack = scope(() => this.stacked(plan.of === "input" ? x : dy, plan, scope));
    if (plan.of === "input")
      return tf.reshape(this.images.filterGradient(stack, tf.reshape(dy, [...plan.y]), plan.filter, geometry, scope), [
        ...filterShape,
      ]);
    const [rows, columns, size, inputs, outputs] = filterShape as [number, number, number, number, number];
    const spread = this.images.filterGradient(tf.reshape(x, [...plan.x]), stack, plan.filter, geometry, scope);
    return tf.reshape(tf.transpose(tf.reshape(spread, [rows * columns, inputs, size, outputs]), [0, 2, 1, 3]), [
      ...filterShape,
    ]);
  }

  /** Volumes to a stack. */
  private stacked(volumes: Plain, { depth }: Stacking, scope: Scope): Plain {
    const { tf } = this;
    const [n, slices, h, w, c] = volumes.shape as [number, number, number, number, number];
    const selected = scope(() => tf.matMul(this.selection(depth, slices), tf.reshape(volumes, [n, slices, h * w * c])));
    return tf.reshape(tf.transpose(tf.reshape(selected, [-1, depth.size, h * w, c]), [0, 2, 1, 3]), [
      -1,
      h,
      w,
      depth.size * c,
    ]);
  }

  /** The gradient of {@link stacked}, whose shape is that of the volumes. */
  private unstacked(made: () => Plain, { depth, slices }: Stacking, shape: Shape, scope: Scope): Plain {
    const { tf } = this;
    const rows = scope(() => {
      const stack = scope(made);
      const [images, h, w, wide] = stack.shape as [number, number, number, number];
      const apart = tf.transpose(tf.reshape(stack, [images, h * w, depth.size, wide / depth.size]), [0, 2, 1, 3]);
      return tf.reshape(apart, [shape[0]!, -1, elements(shape.slice(2))]);
    });
    return tf.reshape(tf.matMul(this.selection(depth, slices), rows, true), [...shape]);
  }

  private selection(depth: Depth, slices: number): Plain {
    const { shape, fill } = selection(depth, slices);
    const values = new Float32Array(elements(shape));
    fill(values);
    return this.tf.tensor(values, [1, ...shape]);
  }

  /** A filter `[h, w, d, in, out]` with the outputs of each of its slices side by side. */
  private spread(filter: Plain, plan: Stacking): Plain {
    const [rows, columns, size, inputs, outputs] = filter.shape as [number, number, number, number, number];
    const { tf } = this;
    return tf.reshape(tf.transpose(tf.reshape(filter, [rows * columns, size, inputs, outputs]), [0, 2, 1, 3]), [
      ...plan.filter,
    ]);
  }
}
