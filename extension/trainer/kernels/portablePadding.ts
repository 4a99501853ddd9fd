import type { Border } from "./kernels";
import { elements } from "./tensor";
import type { TfjsTensor, Tidy, Tfjs } from "./tfjs";

/** Pads both ends of every spatial axis by `width` elements. */
export function padded(tf: Tfjs, tidy: Tidy, x: TfjsTensor, width: number, border: Border): TfjsTensor {
  const by = (given: TfjsTensor, wide: number, mode: "reflect" | "symmetric"): TfjsTensor => {
    const pads = x.shape.map((_, axis): [number, number] =>
      axis === 0 || axis === x.shape.length - 1 ? [0, 0] : [wide, wide],
    );
    return tf.mirrorPad(given, pads, mode);
  };
  if (border === "reflect") return by(x, width, "reflect");
  // tfjs has no replication. Its symmetric padding by 1 repeats the edge, so `width` such paddings replicate it.
  let result = (): TfjsTensor => x;
  for (let done = 0; done < width; done++) {
    const before = result;
    result = () => tidy(() => by(before(), 1, "symmetric"));
  }
  return result();
}

/**
 * Gradient of {@link padded}: adds the gradient of each padding element to that of the element that it was copied from. tfjs's own gradient
 * of mirrorPad drops the padding's gradient (its test asserts that).
 */
export function paddingGradient(tf: Tfjs, tidy: Tidy, dy: TfjsTensor, width: number, border: Border): TfjsTensor {
  const foldOne = border === "reflect" ? foldMirrored : foldEdges;
  const fold = (x: () => TfjsTensor, axis: number) => (): TfjsTensor => foldOne(tf, tidy, x, axis, width);
  return dy.shape
    .map((_, axis) => axis)
    .slice(1, -1)
    .reduce(fold, () => dy)();
}

/**
 * The gradient of replicated padding along one axis: adds the gradient of the padding to the gradient of the edge that it repeats, and
 * removes the padding.
 *
 * @param bordered makes the gradient of the padded tensor, which is freed here
 */
function foldEdges(tf: Tfjs, tidy: Tidy, bordered: () => TfjsTensor, axis: number, width: number): TfjsTensor {
  return tidy(() => {
    const x = bordered();
    const [before, size, after] = [
      elements(x.shape.slice(0, axis)),
      x.shape[axis]! - 2 * width,
      elements(x.shape.slice(axis + 1)),
    ];
    const flat = tf.reshape(x, [before, size + 2 * width, after]);
    const cut = (from: number, length: number): TfjsTensor => tf.slice(flat, [0, from, 0], [before, length, after]);
    const summed = (from: number, length: number): TfjsTensor => tidy(() => tf.sum(cut(from, length), 1, true));
    const edges =
      size === 1
        ? summed(0, 2 * width + 1)
        : tf.concat([summed(0, width + 1), cut(width + 1, size - 2), summed(size + width - 1, width + 1)], 1);
    return tf.reshape(edges, x.shape.with(axis, size));
  });
}

/**
 * The gradient of mirrored padding along one axis: adds the gradient of each padded element to that of the element that it mirrors, and
 * removes the padding.
 *
 * @param bordered makes the gradient of the padded tensor, which is freed here
 */
function foldMirrored(tf: Tfjs, tidy: Tidy, bordered: () => TfjsTensor, axis: number, width: number): TfjsTensor {
  const strips = (): TfjsTensor[] => {
    const x = bordered();
    const size = x.shape[axis]! - 2 * width;
    const cut = (from: number, length: number): TfjsTensor => {
      const begin = x.shape.map((_, i) => (i === axis ? from : 0));
      return tf.slice(
        x,
        begin,
        x.shape.map((full, i) => (i === axis ? length : full)),
      );
    };
    const mirrored = (from: number, length: number): TfjsTensor => tf.reverse(cut(from, length), axis);
    // Elements 1 … width were copied to the near padding, and the `width` elements before the last one to the far padding; the two ranges
    // may overlap.
    const [near, far] = [width + 1, size - 1 - width];
    const bounds = [...new Set([0, 1, near, far, size - 1, size])].sort((a, b) => a - b);
    return bounds.slice(1).map((to, i) => {
      const [from, length] = [bounds[i]!, to - bounds[i]!];
      return tidy(() => {
        let sum = cut(width + from, length);
        if (from >= 1 && from < near) sum = tf.add(sum, mirrored(near - to, length));
        if (from >= far && from < size - 1) sum = tf.add(sum, mirrored(width + 2 * size - 1 - to, length));
        return sum;
      });
    });
  };
  return tidy(() => tf.concat(tidy(strips), axis));
}
