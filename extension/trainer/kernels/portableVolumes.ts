import type { Window } from "./kernels";
import { PortableConvolution } from "./portableConvolution";
import { channels, elements, type Shape } from "./tensor";
import type { Plain, Scope, Tfjs } from "./tfjs";

/**
 * Convolutions of volumes and their gradients as those of images: the WASM backend has none of the former. A slice of the filter sees,
 * of every place along the depth, one slice of the volume, and all of these are a batch of images.
 */
export class PortableVolumes {
  private readonly images: PortableConvolution;

  constructor(private readonly tf: Tfjs) {
    this.images = new PortableConvolution(tf);
  }

  /** `[n, d, h, w, in]` to `[n, d', h', w', out]`: the sum of what the filter's slices make. */
  map(x: Plain, filter: Plain, window: Window, scope: Scope): Plain {
    const { tf } = this;
    const depth = depthOf(x.shape, filter.shape, window);
    const one = (slice: number): Plain => scope(() => this.images.map(this.seen(x, slice, depth), sliceOf(tf, filter, slice), window));
    const y = this.summed(depth.size, one, scope);
    return tf.reshape(y, [x.shape[0], depth.places, ...y.shape.slice(1)]);
  }

  /** Each slice of the filter gives back to those slices of the volume that it has seen. */
  inputGradient(dy: Plain, filter: Plain, xShape: Shape, window: Window, scope: Scope): Plain {
    const { tf } = this;
    const depth = depthOf(xShape, filter.shape, window);
    const images = asImages(tf, dy);
    const seen = [images.shape[0], ...xShape.slice(2)];
    const one = (slice: number): Plain => scope(() => this.placed(this.images.inputGradient(images, sliceOf(tf, filter, slice), seen, window, scope), xShape, slice, depth));
    return tf.reshape(this.summed(depth.size, one, scope), [...xShape]);
  }

  /** A slice of the filter after the other. */
  filterGradient(x: Plain, dy: Plain, filterShape: Shape, window: Window, scope: Scope): Plain {
    const { tf } = this;
    const depth = depthOf(x.shape, filterShape, window);
    const one = (slice: number): Plain => scope(() => this.images.filterGradient(this.seen(x, slice, depth), asImages(tf, dy), filterShape.slice(1), window, scope));
    return tf.reshape(tf.concat(Array.from({ length: depth.size }, (_, slice) => one(slice)), 0), [...filterShape]);
  }

  /** The slices of x `[n, d, h, w, c]` that a slice of the filter sees, as images `[n · d', h, w, c]`. */
  private seen(x: Plain, slice: number, { stride, pad, places, reach }: Depth): Plain {
    const { tf } = this;
    const [n, d] = x.shape as [number, number];
    const size = elements(x.shape.slice(2));
    const run = this.images.fitted(tf.reshape(x, [n, d, size]), [[pad - slice, reach - (pad - slice) - d]]);
    const steps = tf.reshape(run, [n, places, stride, size]);
    const first = stride === 1 ? steps : tf.slice(steps, [0, 0, 0, 0], [n, places, 1, size]);
    return tf.reshape(first, [n * places, ...x.shape.slice(2)]);
  }

  /** Images `[n · d', h, w, c]` where {@link seen} had them from, between zeros: `[n, d, h · w · c]`. */
  private placed(images: Plain, [n, d]: Shape, slice: number, { stride, pad, places, reach }: Depth): Plain {
    const { tf } = this;
    const size = elements(images.shape.slice(1));
    const steps = tf.pad(tf.reshape(images, [n!, places, 1, size]), [[0, 0], [0, 0], [0, stride - 1], [0, 0]]);
    return this.images.fitted(tf.reshape(steps, [n!, reach, size]), [[slice - pad, d! - (slice - pad) - reach]]);
  }

  private summed(count: number, one: (slice: number) => Plain, scope: Scope): Plain {
    let sum = (): Plain => one(0);
    for (let slice = 1; slice < count; slice++) {
      const before = sum;
      sum = () => scope(() => this.tf.add(before(), one(slice)));
    }
    return sum();
  }
}

/** How a filter goes along the depth: it stops at `places`, which are `reach` slices of the volume. */
interface Depth extends Window {
  readonly size: number;
  readonly places: number;
  readonly reach: number;
}

function depthOf(xShape: Shape, filterShape: Shape, { stride, pad }: Window): Depth {
  const size = filterShape[0]!;
  const places = Math.floor((xShape[1]! + 2 * pad - size) / stride) + 1;
  return { size, stride, pad, places, reach: stride * places };
}

/** All slices of a volume's batch. */
function asImages(tf: Tfjs, volumes: Plain): Plain {
  const [n, d, h, w] = volumes.shape as [number, number, number, number];
  return tf.reshape(volumes, [n * d, h, w, channels(volumes.shape)]);
}

/** A slice of a filter `[size, …, in, out]`: a filter of images. */
function sliceOf(tf: Tfjs, filter: Plain, slice: number): Plain {
  const [size, ...shape] = filter.shape as [number, ...number[]];
  return tf.reshape(tf.slice(tf.reshape(filter, [size, elements(shape)]), [slice, 0], [1, elements(shape)]), shape);
}
