import type { ConvolutionGeometry } from "./kernels";
import { channels, elements, type Shape, spatial } from "./tensor";
import type { Plain, PlainImage, Scope, Tfjs } from "./tfjs";

/**
 * Convolution of images and both its gradients as forward operations: the WASM backend has no filter gradient (tensorflow/tfjs#8474), and its
 * input gradient is a plain loop at a tenth of the speed.
 */
export class PortableConvolution {
  constructor(private readonly tf: Tfjs) {}

  /** `[n, h, w, in]` to `[n, h', w', out]`. */
  map(x: Plain, filter: Plain, { stride, pad }: ConvolutionGeometry): Plain {
    return this.tf.conv2d(x as PlainImage, filter as PlainImage, stride, pad === 0 ? "valid" : pad);
  }

  /** Each of the stride² phases of x sees its own part of the filter. They are then interleaved, so that no zeros are multiplied. */
  inputGradient(dy: Plain, filter: Plain, xShape: Shape, { stride, pad }: ConvolutionGeometry, scope: Scope): Plain {
    const { tf } = this;
    const size = filter.shape[0];
    // Phase r of an axis has x at stride·q + r; its tap first + stride·i goes from dy at q to x at q + i − shift.
    const along = (r: number, axis: number): AxisPhase => {
      const first = (r + pad) % stride;
      return {
        first,
        stride,
        taps: Math.ceil((size - first) / stride),
        shift: (r + pad - first) / stride,
        count: Math.ceil(spatial(xShape)[axis]! / stride),
      };
    };
    const part = this.phases(dy, filter, scope);
    if (stride === 1) return part(spatial(xShape).map((_, axis) => along(0, axis)));
    // Joined on an axis of its own behind the one it belongs to, each phase comes to lie between the others.
    const joined = (phase: readonly number[]): Plain =>
      scope(() => {
        if (phase.length < spatial(xShape).length)
          return tf.concat(
            axesOf(stride).map((r) => joined([...phase, r])),
            2 * phase.length + 2,
          );
        const plan = phase.map(along);
        const x = scope(() => part(plan));
        return tf.reshape(x, [x.shape[0], ...plan.flatMap(({ count }) => [count, 1]), channels(x.shape)]);
      });
    const whole = joined([]);
    return cropped(
      tf,
      tf.reshape(whole, [
        xShape[0]!,
        ...spatial(xShape).map((length) => stride * Math.ceil(length / stride)),
        channels(xShape),
      ]),
      xShape,
    );
  }

  /**
   * How to make a phase of x. To turn a large filter and to prepare it for one convolution costs several times that convolution, so
   * where dy has fewer places than channels, its product with the filter as it lies is taken apart instead.
   */
  private phases(dy: Plain, filter: Plain, scope: Scope): (plan: readonly AxisPhase[]) => Plain {
    const { tf } = this;
    const places = elements(dy.shape) / channels(dy.shape);
    if (places > channels(dy.shape)) return (plan) => this.phaseByConvolution(dy, filter, plan, scope);
    const columns = (): Plain => scope(() => tf.transpose(tf.reshape(dy, [places, channels(dy.shape)])));
    const products = scope(() =>
      tf.reshape(tf.matMul(tf.reshape(filter, [-1, channels(dy.shape)]), columns()), [
        ...filter.shape.slice(0, -1),
        places,
      ]),
    );
    return (plan) => this.phaseOfProducts(dy, products, plan, scope);
  }

  /** A convolution of dy with the phase's part of the filter turned round. */
  private phaseByConvolution(dy: Plain, filter: Plain, plan: readonly AxisPhase[], scope: Scope): Plain {
    const { tf } = this;
    // The backend copies what lies together fast, and is slow at `reverse` and `stridedSlice`.
    const taps = (): Plain =>
      scope(() =>
        tf.concat(
          tapsOf(plan)
            .toReversed()
            .map((place) => tap(tf, filter, place)),
          0,
        ),
      );
    const turned = scope(() =>
      tf.reshape(transposed(tf, taps()), [
        ...plan.map(({ taps: count }) => count),
        channels(dy.shape),
        filter.shape.at(-2)!,
      ]),
    );
    const borders = plan.map(({ taps, shift, count }, axis): [number, number] => [
      taps - 1 - shift,
      count + shift - dy.shape[axis + 1]!,
    ]);
    return tf.conv2d(this.fitted(dy, borders) as PlainImage, turned as PlainImage, 1, "valid");
  }

  /** The sum of what the phase's taps made of dy, `[...size, in, n·h'·w']`, each moved to its place. */
  private phaseOfProducts(dy: Plain, products: Plain, plan: readonly AxisPhase[], scope: Scope): Plain {
    const { tf } = this;
    const placed = (place: readonly number[]): Plain =>
      scope(() => {
        const picture = scope(() =>
          tf.reshape(transposed(tf, tap(tf, products, place)), [...dy.shape.slice(0, -1), products.shape.at(-2)!]),
        );
        const borders = plan.map(({ first, stride, shift, count }, axis): [number, number] => {
          const before = (place[axis]! - first) / stride - shift;
          return [before, count - before - dy.shape[axis + 1]!];
        });
        return this.fitted(picture, borders);
      });
    const [first, ...others] = tapsOf(plan);
    return others.reduce(
      (before, place) => () => scope(() => tf.add(before(), placed(place))),
      () => placed(first!),
    )();
  }

  /** x with images and channels exchanged, convolved by dy as the filter; the stride becomes the dilation. */
  filterGradient(x: Plain, dy: Plain, filterShape: Shape, { stride, pad }: ConvolutionGeometry, scope: Scope): Plain {
    const { tf } = this;
    const product = (): Plain => {
      const images = scope(() =>
        tf.transpose(
          this.fitted(
            x,
            spatial(x.shape).map(() => [pad, pad]),
          ),
          [3, 1, 2, 0],
        ),
      );
      const filter = tf.transpose(dy, [1, 2, 0, 3]);
      return tf.conv2d(images as PlainImage, filter as PlainImage, 1, "valid", "NHWC", stride);
    };
    // Steps that do not divide the input leave a few taps too many.
    const needed = [channels(x.shape), ...filterShape.slice(0, -2), channels(dy.shape)];
    return tf.transpose(
      scope(() => cropped(tf, scope(product), needed)),
      [1, 2, 0, 3],
    );
  }

  /** Zeros around the spatial axes; a negative border is cut off. */
  private fitted(x: Plain, borders: readonly [number, number][]): Plain {
    const { tf } = this;
    const begin = [0, ...borders.map(([before]) => Math.max(0, -before)), 0];
    const end = x.shape.map((size, axis) => size - Math.max(0, -(borders[axis - 1]?.[1] ?? 0)));
    const cut =
      begin.some((from) => from > 0) || end.some((to, axis) => to < x.shape[axis]!)
        ? tf.slice(
            x,
            begin,
            end.map((to, axis) => to - begin[axis]!),
          )
        : x;
    const pads = x.shape.map((_, axis): [number, number] => {
      const [before, after] = borders[axis - 1] ?? [0, 0];
      return [Math.max(0, before), Math.max(0, after)];
    });
    return pads.some(([before, after]) => before + after > 0) ? tf.pad(cut, pads) : cut;
  }
}

/** One tap of a filter `[...size, in, out]`: `[1, …, in, out]`. */
function tap(tf: Tfjs, filter: Plain, place: readonly number[]): Plain {
  return tf.slice(filter, [...place, 0, 0], [...place.map(() => 1), ...filter.shape.slice(-2)]);
}

/** The last two axes exchanged. */
function transposed(tf: Tfjs, x: Plain): Plain {
  const rank = x.shape.length;
  return tf.transpose(x, [...axesOf(rank - 2), rank - 1, rank - 2]);
}

/** The first elements along every axis. */
function cropped(tf: Tfjs, x: Plain, shape: Shape): Plain {
  return x.shape.join() === shape.join()
    ? x
    : tf.slice(
        x,
        shape.map(() => 0),
        [...shape],
      );
}

/** What a phase of x sees of the filter along one axis. */
interface AxisPhase {
  /** The first of its taps; the others follow at steps of the stride. */
  readonly first: number;
  readonly stride: number;
  readonly taps: number;
  readonly shift: number;
  /** Places of x. */
  readonly count: number;
}

/** The taps of a phase, in order. */
function tapsOf(plan: readonly AxisPhase[]): number[][] {
  return indices(plan.map(({ taps }) => taps)).map((place) =>
    place.map((i, axis) => plan[axis]!.first + i * plan[axis]!.stride),
  );
}

/** All `[i₁, …, iₙ]` with 0 ≤ iₖ < countₖ, the last axis fastest. */
function indices([count, ...rest]: readonly number[]): number[][] {
  if (count === undefined) return [[]];
  return axesOf(count).flatMap((i) => indices(rest).map((others) => [i, ...others]));
}

function axesOf(count: number): number[] {
  return Array.from({ length: count }, (_, axis) => axis);
}
