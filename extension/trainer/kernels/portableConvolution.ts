import type { ConvolutionGeometry } from "./kernels";
import { channels, elements, type Shape, spatial } from "./tensor";
import type { TfjsTensor, TfjsTensor4D, Tidy, Tfjs } from "./tfjs";

/**
 * 2D convolution and both its gradients, built from forward operations: the WASM backend has no filter gradient (tensorflow/tfjs#8474), and
 * its input gradient is a plain loop with a tenth of the speed of its convolution.
 */
export class PortableConvolution {
  constructor(private readonly tf: Tfjs) {}

  /** The convolution: `[n, h, w, in]` to `[n, h', w', out]`. */
  map(x: TfjsTensor, filter: TfjsTensor, { stride, pad }: ConvolutionGeometry): TfjsTensor {
    return this.tf.conv2d(x as TfjsTensor4D, filter as TfjsTensor4D, stride, pad === 0 ? "valid" : pad);
  }

  /**
   * The transposed convolution. It is computed for one of the stride² phases of x at a time, the elements whose position has the same
   * remainder by the stride along each axis: each phase uses its own taps of the filter, so no zeros are multiplied. The phases are then
   * interleaved.
   */
  inputGradient(
    dy: TfjsTensor,
    filter: TfjsTensor,
    xShape: Shape,
    { stride, pad }: ConvolutionGeometry,
    tidy: Tidy,
  ): TfjsTensor {
    const { tf } = this;
    const size = filter.shape[0];
    // For q = 0, 1, …, phase r of an axis is x at stride·q + r. Tap first + stride·i of the filter adds dy at q to element q + i − shift of
    // the phase.
    const along = (r: number, axis: number): AxisPhase => {
      const firstTap = (r + pad) % stride;
      return {
        firstTap,
        stride,
        taps: Math.ceil((size - firstTap) / stride),
        shift: (r + pad - firstTap) / stride,
        count: Math.ceil(spatial(xShape)[axis]! / stride),
      };
    };
    const part = this.phases(dy, filter, tidy);
    if (stride === 1) return part(spatial(xShape).map((_, axis) => along(0, axis)));
    // Concatenating the phases on an extra axis behind the axis that they belong to, and reshaping, interleaves them.
    const joined = (phase: readonly number[]): TfjsTensor =>
      tidy(() => {
        if (phase.length < spatial(xShape).length)
          return tf.concat(
            axesOf(stride).map((r) => joined([...phase, r])),
            2 * phase.length + 2,
          );
        const plan = phase.map(along);
        const x = tidy(() => part(plan));
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
   * Returns a function that computes one phase of x. Transposing a large filter for a single convolution takes several times as long as the
   * convolution. So if dy has at most as many positions as channels, all taps are computed by one matrix product with the filter as it is
   * stored.
   */
  private phases(dy: TfjsTensor, filter: TfjsTensor, tidy: Tidy): (plan: readonly AxisPhase[]) => TfjsTensor {
    const { tf } = this;
    const places = elements(dy.shape) / channels(dy.shape);
    if (places > channels(dy.shape)) return (plan) => this.phaseByConvolution(dy, filter, plan, tidy);
    const columns = (): TfjsTensor => tidy(() => tf.transpose(tf.reshape(dy, [places, channels(dy.shape)])));
    const products = tidy(() =>
      tf.reshape(tf.matMul(tf.reshape(filter, [-1, channels(dy.shape)]), columns()), [
        ...filter.shape.slice(0, -1),
        places,
      ]),
    );
    return (plan) => this.phaseOfProducts(dy, products, plan, tidy);
  }

  /** Convolves dy with the phase's taps, reversed and transposed. */
  private phaseByConvolution(dy: TfjsTensor, filter: TfjsTensor, plan: readonly AxisPhase[], tidy: Tidy): TfjsTensor {
    const { tf } = this;
    // The backend copies contiguous slices fast, and is slow at `reverse` and `stridedSlice`.
    const taps = (): TfjsTensor =>
      tidy(() =>
        tf.concat(
          tapsOf(plan)
            .toReversed()
            .map((place) => tap(tf, filter, place)),
          0,
        ),
      );
    const turned = tidy(() =>
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
    return tf.conv2d(this.fitted(dy, borders) as TfjsTensor4D, turned as TfjsTensor4D, 1, "valid");
  }

  /** Sums the phase's taps of `products`, `[...size, in, n·h'·w']`, each shifted to its position. */
  private phaseOfProducts(dy: TfjsTensor, products: TfjsTensor, plan: readonly AxisPhase[], tidy: Tidy): TfjsTensor {
    const { tf } = this;
    const placed = (place: readonly number[]): TfjsTensor =>
      tidy(() => {
        const picture = tidy(() =>
          tf.reshape(transposed(tf, tap(tf, products, place)), [...dy.shape.slice(0, -1), products.shape.at(-2)!]),
        );
        const borders = plan.map(({ firstTap, stride, shift, count }, axis): [number, number] => {
          const before = (place[axis]! - firstTap) / stride - shift;
          return [before, count - before - dy.shape[axis + 1]!];
        });
        return this.fitted(picture, borders);
      });
    const [first, ...others] = tapsOf(plan);
    return others.reduce(
      (before, place) => () => tidy(() => tf.add(before(), placed(place))),
      () => placed(first!),
    )();
  }

  /** Convolves x, with batch and channel axes exchanged, by dy as the filter; the stride becomes the dilation. */
  filterGradient(
    x: TfjsTensor,
    dy: TfjsTensor,
    filterShape: Shape,
    { stride, pad }: ConvolutionGeometry,
    tidy: Tidy,
  ): TfjsTensor {
    const { tf } = this;
    const product = (): TfjsTensor => {
      const images = tidy(() =>
        tf.transpose(
          this.fitted(
            x,
            spatial(x.shape).map(() => [pad, pad]),
          ),
          [3, 1, 2, 0],
        ),
      );
      const filter = tf.transpose(dy, [1, 2, 0, 3]);
      return tf.conv2d(images as TfjsTensor4D, filter as TfjsTensor4D, 1, "valid", "NHWC", stride);
    };
    // If the stride does not divide the padded input evenly, the dilated convolution has more positions than the filter has taps; the
    // surplus is cropped.
    const needed = [channels(x.shape), ...filterShape.slice(0, -2), channels(dy.shape)];
    return tf.transpose(
      tidy(() => cropped(tf, tidy(product), needed)),
      [1, 2, 0, 3],
    );
  }

  /** Pads the spatial axes with zeros; a negative border crops. */
  private fitted(x: TfjsTensor, borders: readonly [number, number][]): TfjsTensor {
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
function tap(tf: Tfjs, filter: TfjsTensor, place: readonly number[]): TfjsTensor {
  return tf.slice(filter, [...place, 0, 0], [...place.map(() => 1), ...filter.shape.slice(-2)]);
}

/** Transposes the last two axes. */
function transposed(tf: Tfjs, x: TfjsTensor): TfjsTensor {
  const rank = x.shape.length;
  return tf.transpose(x, [...axesOf(rank - 2), rank - 1, rank - 2]);
}

/** Crops x to `shape` by keeping the first elements of every axis. */
function cropped(tf: Tfjs, x: TfjsTensor, shape: Shape): TfjsTensor {
  return x.shape.join() === shape.join()
    ? x
    : tf.slice(
        x,
        shape.map(() => 0),
        [...shape],
      );
}

/** One phase of x along one axis: the elements of x at phase + stride · q, for q = 0, 1, …. */
interface AxisPhase {
  /** The first tap of the filter that the phase uses; its other taps follow at steps of the stride. */
  readonly firstTap: number;
  readonly stride: number;
  readonly taps: number;
  readonly shift: number;
  /** Number of elements of x in the phase. */
  readonly count: number;
}

/** The taps of a phase, in order. */
function tapsOf(plan: readonly AxisPhase[]): number[][] {
  return indices(plan.map(({ taps }) => taps)).map((place) =>
    place.map((i, axis) => plan[axis]!.firstTap + i * plan[axis]!.stride),
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
