import type { Window } from "./kernels";
import { channels, type Shape, spatial } from "./tensor";
import type { Plain, PlainImage, Scope, Tfjs } from "./tfjs";

/**
 * Convolution and both its gradients as forward convolutions: the WASM backend has no filter gradient (tensorflow/tfjs#8474), and
 * its input gradient is a plain loop at a tenth of the speed.
 */
export class PortableConvolution {
  constructor(private readonly tf: Tfjs) {}

  /** `[n, h, w, in]` to `[n, h', w', out]`. */
  map(x: Plain, filter: Plain, { stride, pad }: Window): Plain {
    return this.tf.conv2d(x as PlainImage, filter as PlainImage, stride, pad === 0 ? "valid" : pad);
  }

  /**
   * Each of the stride² phases of x sees its own part of the filter: a convolution of dy with that part turned round. The phases
   * are then interleaved, so that no zeros are multiplied.
   */
  inputGradient(dy: Plain, filter: Plain, xShape: Shape, { stride, pad }: Window, scope: Scope): Plain {
    const { tf } = this;
    const size = filter.shape[0];
    const phases = spatialIndices(spatial(xShape).length, stride);
    // Phase r of an axis has x at stride·q + r; it reads taps first, first + stride, … and dy from q + shift downwards.
    const along = (r: number): { first: number; taps: number; shift: number } => {
      const first = (r + pad) % stride;
      return { first, taps: Math.ceil((size - first) / stride), shift: (r + pad - first) / stride };
    };
    const counts = spatial(xShape).map((length) => Math.ceil(length / stride));
    const part = (phase: number[]): Plain => {
      const plan = phase.map(along);
      const begin = [...plan.map(({ first }) => first), 0, 0];
      const taps = (): Plain => tf.stridedSlice(filter, begin, filter.shape, [...plan.map(() => stride), 1, 1]);
      const reversed = (): Plain => scope(() => tf.reverse(taps(), axesOf(plan.length)));
      const turned = scope(() => tf.transpose(reversed(), [...axesOf(plan.length), plan.length + 1, plan.length]));
      const borders = plan.map(({ taps, shift }, axis): [number, number] => {
        const before = taps - 1 - shift;
        return [before, counts[axis]! + taps - 1 - before - dy.shape[axis + 1]!];
      });
      const padded = this.fitted(dy, borders);
      return tf.conv2d(padded as PlainImage, turned as PlainImage, 1, "valid");
    };
    if (stride === 1) return part(phases[0]!);
    const joined = scope(() => tf.concat(phases.map((phase) => scope(() => part(phase))), -1));
    return cropped(tf, tf.depthToSpace(joined as PlainImage, stride), xShape);
  }

  /** x with images and channels exchanged, convolved by dy as the filter; the stride becomes the dilation. */
  filterGradient(x: Plain, dy: Plain, filterShape: Shape, { stride, pad }: Window, scope: Scope): Plain {
    const { tf } = this;
    const product = (): Plain => {
      const images = scope(() => tf.transpose(this.fitted(x, spatial(x.shape).map(() => [pad, pad])), [3, 1, 2, 0]));
      const filter = tf.transpose(dy, [1, 2, 0, 3]);
      return tf.conv2d(images as PlainImage, filter as PlainImage, 1, "valid", "NHWC", stride);
    };
    // Steps that do not divide the input leave a few taps too many.
    const needed = [channels(x.shape), ...filterShape.slice(0, -2), channels(dy.shape)];
    return tf.transpose(scope(() => cropped(tf, scope(product), needed)), [1, 2, 0, 3]);
  }

  /** Zeros around the spatial axes; a negative border is cut off. */
  private fitted(x: Plain, borders: readonly [number, number][]): Plain {
    const { tf } = this;
    const begin = [0, ...borders.map(([before]) => Math.max(0, -before)), 0];
    const end = x.shape.map((size, axis) => size - Math.max(0, -(borders[axis - 1]?.[1] ?? 0)));
    const cut = begin.some((from) => from > 0) || end.some((to, axis) => to < x.shape[axis]!) ? tf.slice(x, begin, end.map((to, axis) => to - begin[axis]!)) : x;
    const pads = x.shape.map((_, axis): [number, number] => {
      const [before, after] = borders[axis - 1] ?? [0, 0];
      return [Math.max(0, before), Math.max(0, after)];
    });
    return pads.some(([before, after]) => before + after > 0) ? tf.pad(cut, pads) : cut;
  }
}

/** The first elements along every axis. */
function cropped(tf: Tfjs, x: Plain, shape: Shape): Plain {
  return x.shape.join() === shape.join() ? x : tf.slice(x, shape.map(() => 0), [...shape]);
}

/** All `[r₁, …, rₙ]` with 0 ≤ r < stride, the last axis fastest. */
function spatialIndices(dimensions: number, stride: number): number[][] {
  if (dimensions === 0) return [[]];
  return axesOf(stride).flatMap((r) => spatialIndices(dimensions - 1, stride).map((rest) => [r, ...rest]));
}

function axesOf(count: number): number[] {
  return Array.from({ length: count }, (_, axis) => axis);
}
