import type { Border } from "./kernels";
import { elements } from "./tensor";
import type { Plain, Scope, Tfjs } from "./tfjs";

/** `width` more elements on both sides of every spatial axis. */
export function padded(tf: Tfjs, scope: Scope, x: Plain, width: number, border: Border): Plain {
  const by = (given: Plain, wide: number, mode: "reflect" | "symmetric"): Plain => {
    const pads = x.shape.map((_, axis): [number, number] =>
      axis === 0 || axis === x.shape.length - 1 ? [0, 0] : [wide, wide],
    );
    return tf.mirrorPad(given, pads, mode);
  };
  if (border === "reflect") return by(x, width, "reflect");
  // Mirrored by one with the edge repeated: the edge. So a border comes about element by element.
  let result = (): Plain => x;
  for (let done = 0; done < width; done++) {
    const before = result;
    result = () => scope(() => by(before(), 1, "symmetric"));
  }
  return result();
}

/** Adds the borders of dy back onto what they were copied from: tfjs's own gradient of mirrorPad cuts them off (its test asserts that). */
export function folded(tf: Tfjs, scope: Scope, dy: Plain, width: number, border: Border): Plain {
  const foldOne = border === "reflect" ? foldMirrored : foldEdges;
  const fold = (x: () => Plain, axis: number) => (): Plain => foldOne(tf, scope, x, axis, width);
  return dy.shape
    .map((_, axis) => axis)
    .slice(1, -1)
    .reduce(fold, () => dy)();
}

/** Adds the borders of one axis onto its edges. What `bordered` makes is freed before the end. */
function foldEdges(tf: Tfjs, scope: Scope, bordered: () => Plain, axis: number, width: number): Plain {
  return scope(() => {
    const x = bordered();
    const [before, size, after] = [
      elements(x.shape.slice(0, axis)),
      x.shape[axis]! - 2 * width,
      elements(x.shape.slice(axis + 1)),
    ];
    const flat = tf.reshape(x, [before, size + 2 * width, after]);
    const cut = (from: number, length: number): Plain => tf.slice(flat, [0, from, 0], [before, length, after]);
    const summed = (from: number, length: number): Plain => scope(() => tf.sum(cut(from, length), 1, true));
    const edges =
      size === 1
        ? summed(0, 2 * width + 1)
        : tf.concat([summed(0, width + 1), cut(width + 1, size - 2), summed(size + width - 1, width + 1)], 1);
    return tf.reshape(edges, x.shape.with(axis, size));
  });
}

/** Adds the mirrored borders of one axis back onto what they were copied from. What `bordered` makes is freed before the end. */
function foldMirrored(tf: Tfjs, scope: Scope, bordered: () => Plain, axis: number, width: number): Plain {
  const strips = (): Plain[] => {
    const x = bordered();
    const size = x.shape[axis]! - 2 * width;
    const cut = (from: number, length: number): Plain => {
      const begin = x.shape.map((_, i) => (i === axis ? from : 0));
      return tf.slice(
        x,
        begin,
        x.shape.map((full, i) => (i === axis ? length : full)),
      );
    };
    const mirrored = (from: number, length: number): Plain => tf.reverse(cut(from, length), axis);
    // Places 1 … width were copied to the near border, and as many before the last one to the far border; they may overlap.
    const [near, far] = [width + 1, size - 1 - width];
    const bounds = [...new Set([0, 1, near, far, size - 1, size])].sort((a, b) => a - b);
    return bounds.slice(1).map((to, i) => {
      const [from, length] = [bounds[i]!, to - bounds[i]!];
      return scope(() => {
        let sum = cut(width + from, length);
        if (from >= 1 && from < near) sum = tf.add(sum, mirrored(near - to, length));
        if (from >= far && from < size - 1) sum = tf.add(sum, mirrored(width + 2 * size - 1 - to, length));
        return sum;
      });
    });
  };
  return scope(() => tf.concat(scope(strips), axis));
}
