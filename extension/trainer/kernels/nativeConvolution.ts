import type { Window } from "./kernels";
import type { Ledger } from "./ledger";
import { bytesOf, channels, type Shape, spatial } from "./tensor";
import type { Attribute, Output, TensorFlow } from "./tensorflow";

/**
 * Convolutions of images and their gradients in TensorFlow, each in the form in which its kernels are fast. What a form makes on
 * the way is noted in the ledger, beside the result.
 */
export class NativeConvolution {
  constructor(
    private readonly tf: TensorFlow,
    private readonly ledger: Ledger,
  ) {}

  /** `[n, h, w, in]` to `[n, h', w', out]`. */
  map(x: Output, filter: Output, window: Window): Output {
    if (this.tf.hasOperations && isWide(filter.shape)) return this.product(x, filter, window);
    if (!this.narrow(filter.shape, channels(filter.shape), window)) return this.forward(x, filter, window);
    const columns = this.columns(filter);
    const shifted = this.forward(x, columns, window);
    const y = this.forward(shifted, this.shifts(filter.shape, "outputs"), window);
    return this.without([columns, shifted], y);
  }

  /** `[n, h', w', out]` to `xShape` = `[n, h, w, in]`. */
  inputGradient(dy: Output, filter: Output, xShape: Shape, window: Window): Output {
    const [n, h, , c] = xShape as [number, number, number, number];
    if (this.narrow(filter.shape, c, window)) {
      const [size, , , outputs] = filter.shape as [number, number, number, number];
      const rows = this.reshaped(filter, [size, 1, size * c, outputs]);
      const shifted = this.inputGradientOf(dy, rows, [n, h, dy.shape[2]!, size * c], window);
      this.tf.free(rows.id);
      return this.without(
        [shifted],
        this.inputGradientOf(shifted, this.shifts(filter.shape, "inputs"), xShape, window),
      );
    }
    if (!this.isCopied(window)) return this.inputGradientOf(dy, filter, xShape, window);
    const padded = this.inputGradientOf(dy, filter, grown(xShape, window.pad), { ...window, pad: 0 });
    return this.without([padded], this.inner(padded, xShape, window.pad));
  }

  /** Both sides of a convolution to its filter `[size, size, in, out]`. */
  filterGradient(x: Output, dy: Output, filterShape: Shape, window: Window): Output {
    const [size, , c, outputs] = filterShape as [number, number, number, number];
    if (this.narrow(filterShape, outputs, window)) {
      const [n, h] = dy.shape as [number, number];
      const shifted = this.inputGradientOf(
        dy,
        this.shifts(filterShape, "outputs"),
        [n, h, x.shape[2]!, size * outputs],
        window,
      );
      const columns = this.filterGradientOf(x, shifted, [size, 1, c, size * outputs], window);
      const turned = this.exchanged(columns, [size, c, size, outputs]);
      return this.without([shifted, columns], turned);
    }
    if (!this.isCopied(window)) return this.filterGradientOf(x, dy, filterShape, window);
    const padded = this.zeroPadded(x, window.pad);
    return this.without([padded], this.filterGradientOf(padded, dy, filterShape, { ...window, pad: 0 }));
  }

  /** A convolution as a product of matrices: what lies under the filter at each place, and the filter as it lies. */
  private product(x: Output, filter: Output, { stride, pad }: Window): Output {
    const [n, ...space] = x.shape.slice(0, -1) as [number, ...number[]];
    const [size, outputs] = [filter.shape[0]!, channels(filter.shape)];
    const places = this.tf.run(
      "RevganColumns",
      [this.tf.int("size", size), this.tf.int("stride", stride), this.tf.int("pad", pad)],
      [x.id],
    );
    const matrix = this.reshaped(filter, [places.shape[1]!, outputs]);
    const product = this.tf.run(
      "MatMul",
      [this.tf.float, this.tf.bool("transpose_a", false), this.tf.bool("transpose_b", false)],
      [places.id, matrix.id],
    );
    const y = this.reshaped(product, [
      n,
      ...space.map((side) => Math.floor((side + 2 * pad - size) / stride) + 1),
      outputs,
    ]);
    this.tf.free(matrix.id, product.id);
    return this.without([places], y);
  }

  /** A filter of few outputs as one along the rows alone, with outputs for each of its columns: `[size, 1, in, size · out]`. */
  private columns(filter: Output): Output {
    const [size, , c, outputs] = filter.shape as [number, number, number, number];
    const turned = this.exchanged(filter, [size, size, c, outputs]);
    const columns = this.reshaped(turned, [size, 1, c, size * outputs]);
    this.tf.free(turned.id);
    return columns;
  }

  /**
   * The constant filter along the columns that sums what belongs to each column, moved to its place. Channels `size · few` are
   * column by column; they are what goes in when the few are the outputs, else what comes out.
   */
  private shifts(filterShape: Shape, few: "inputs" | "outputs"): Output {
    const [size, , inputs, outputs] = filterShape as [number, number, number, number];
    const count = few === "outputs" ? outputs : inputs;
    const many = size * count;
    const shape = few === "outputs" ? [1, size, many, count] : [1, size, count, many];
    const id = this.tf.constantFloats(`shifts:${few}:${shape.join("x")}`, shape, (values) => {
      for (let channel = 0; channel < many; channel++) {
        const [column, one] = [Math.floor(channel / count), channel % count];
        values[few === "outputs" ? (column * many + channel) * count + one : (column * count + one) * many + channel] =
          1;
      }
    });
    return { id, shape };
  }

  /** `[a, b, c, d]`, which may be a reading of another shape of as many numbers, to `[a, c, b, d]`. */
  private exchanged(x: Output, shape: Shape): Output {
    const read = this.reshaped(x, shape);
    const turned = this.tf.run(
      "Transpose",
      [this.tf.float, this.tf.type("Tperm", "int")],
      [read.id, this.tf.ints([0, 2, 1, 3])],
    );
    this.tf.free(read.id);
    return turned;
  }

  private reshaped(x: Output, shape: Shape): Output {
    return this.tf.run("Reshape", [this.tf.float, this.tf.type("Tshape", "int")], [x.id, this.tf.ints(shape)]);
  }

  private zeroPadded(x: Output, pad: number): Output {
    const borders = this.tf.ints([0, 0, pad, pad, pad, pad, 0, 0], [4, 2]);
    return this.tf.run("Pad", [this.tf.float, this.tf.type("Tpaddings", "int")], [x.id, borders]);
  }

  private inner(padded: Output, shape: Shape, pad: number): Output {
    return this.tf.run(
      "Slice",
      [this.tf.float, this.tf.type("Index", "int")],
      [padded.id, this.tf.ints([0, pad, pad, 0]), this.tf.ints(shape)],
    );
  }

  private forward(x: Output, filter: Output, window: Window): Output {
    return this.tf.run("Conv2D", this.attributes(window), [x.id, filter.id]);
  }

  private inputGradientOf(dy: Output, filter: Output, xShape: Shape, window: Window): Output {
    return this.tf.run("Conv2DBackpropInput", this.attributes(window), [this.tf.ints(xShape), filter.id, dy.id]);
  }

  private filterGradientOf(x: Output, dy: Output, filterShape: Shape, window: Window): Output {
    return this.tf.run("Conv2DBackpropFilter", this.attributes(window), [x.id, this.tf.ints(filterShape), dy.id]);
  }

  /** A result, without what was made on the way to it. */
  private without(steps: readonly Output[], result: Output): Output {
    const bytes = steps.reduce((sum, { shape }) => sum + bytesOf(shape), bytesOf(result.shape));
    this.ledger.passing(bytes);
    this.tf.free(...steps.map(({ id }) => id));
    return result;
  }

  private attributes({ stride, pad }: Window): Attribute[] {
    return [
      this.tf.float,
      this.tf.int("strides", [1, stride, stride, 1]),
      this.tf.text("padding", pad === 0 ? "VALID" : "EXPLICIT"),
      this.tf.int("explicit_paddings", pad === 0 ? [] : [0, 0, pad, pad, pad, pad, 0, 0]),
      this.tf.text("data_format", "NHWC"),
      this.tf.int("dilations", [1, 1, 1, 1]),
    ];
  }

  /**
   * Whether a wide filter has so few inputs or outputs that it is better split: first along the rows, with a channel for each of its
   * columns, and then along the columns, which only moves and sums them. TensorFlow computes 16 channels where there are 3: of 7×7
   * filters from 64 channels to 3 at 256², that is 30 ms instead of 11, and so for their gradient. On processors; so is the next.
   */
  private narrow(filterShape: Shape, few: number, { stride, pad }: Window): boolean {
    return !this.tf.onGpu && few <= 4 && filterShape[0]! > 4 && stride === 1 && pad === 0;
  }

  /**
   * Whether the gradients are taken on copies that have the zeros: TensorFlow's fast kernels of them take none, and those that do need
   * up to twice the time of a copy and a fast one.
   */
  private isCopied({ pad }: Window): boolean {
    return !this.tf.onGpu && pad > 0;
  }
}

/**
 * Whether a filter has so many outputs that a product of matrices is faster. TensorFlow's convolution reads filters as they lie, where
 * each input of these is a multiple of 2 KB from the next: from 256 channels to 512 at 15², 4 wide, that is 5.7 ms instead of 2.9.
 */
function isWide(filterShape: Shape): boolean {
  return channels(filterShape) % 512 === 0;
}

function grown(shape: Shape, pad: number): Shape {
  return [shape[0]!, ...spatial(shape).map((side) => side + 2 * pad), channels(shape)];
}
