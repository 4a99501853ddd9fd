import type { ConvolutionGeometry } from "./kernels";
import {
  convFilterGradientMethod,
  paddedShape,
  convInputGradientMethod,
  convMethod,
  rowConvolvedShape,
} from "./nativeScratch";
import { convOutputShape } from "./sliceStacking";
import { channels, type Shape } from "./tensor";
import type { Attribute, OpOutput, TensorFlow } from "./tensorflow";
import { winogradFilterGradientScratch, winogradScratch } from "./winogradScratch";

/** 2D convolutions and their gradients in TensorFlow, each by the method that is fastest (nativeScratch.ts). */
export class NativeConvolution {
  constructor(private readonly tf: TensorFlow) {}

  /** `[n, h, w, in]` to `[n, h', w', out]`. */
  map(x: OpOutput, filter: OpOutput, geometry: ConvolutionGeometry): OpOutput {
    switch (convMethod(filter.shape, geometry, this.tf)) {
      case "winograd":
        return this.winograd(x, filter, convOutputShape(x.shape, filter.shape, geometry), geometry.pad, false);
      case "product":
        return this.product(x, filter, geometry);
      case "split": {
        const columns = this.columns(filter);
        const shifted = this.forward(x, columns, geometry);
        return this.without([columns, shifted], this.forward(shifted, this.shifts(filter.shape, "outputs"), geometry));
      }
      case "direct":
        return this.forward(x, filter, geometry);
    }
  }

  /** `[n, h', w', out]` to `xShape` = `[n, h, w, in]`. */
  inputGradient(dy: OpOutput, filter: OpOutput, xShape: Shape, geometry: ConvolutionGeometry): OpOutput {
    switch (convInputGradientMethod(filter.shape, geometry, this.tf)) {
      case "winograd":
        return this.winograd(dy, filter, xShape, filter.shape[0]! - 1 - geometry.pad, true);
      case "split": {
        const [size, , c, outputs] = filter.shape as [number, number, number, number];
        const rows = this.reshaped(filter, [size, 1, size * c, outputs]);
        const shifted = this.inputGradientOf(dy, rows, rowConvolvedShape(xShape, dy.shape, size * c), geometry);
        const shifts = this.shifts(filter.shape, "inputs");
        return this.without([rows, shifted], this.inputGradientOf(shifted, shifts, xShape, geometry));
      }
      case "padded": {
        const padded = this.inputGradientOf(dy, filter, paddedShape(xShape, geometry.pad), { ...geometry, pad: 0 });
        return this.without([padded], this.inner(padded, xShape, geometry.pad));
      }
      case "direct":
        return this.inputGradientOf(dy, filter, xShape, geometry);
    }
  }

  /** Gradient by the filter `[size, size, in, out]`. */
  filterGradient(x: OpOutput, dy: OpOutput, filterShape: Shape, geometry: ConvolutionGeometry): OpOutput {
    switch (convFilterGradientMethod(filterShape, geometry, this.tf)) {
      case "winograd": {
        const scratch = winogradFilterGradientScratch(filterShape, dy.shape);
        const attributes = { size: filterShape[0]!, pad: geometry.pad, scratch };
        return this.tf.run("RevganWinogradFilterGradient", this.wholes(attributes), [x.id, dy.id]);
      }
      case "rows":
        return this.tf.run(
          "RevganFilterGradient",
          this.wholes({ size: filterShape[0]!, stride: geometry.stride, pad: geometry.pad }),
          [x.id, dy.id],
        );
      case "split": {
        const [size, , c, outputs] = filterShape as [number, number, number, number];
        const shape = rowConvolvedShape(dy.shape, x.shape, size * outputs);
        const shifted = this.inputGradientOf(dy, this.shifts(filterShape, "outputs"), shape, geometry);
        const columns = this.filterGradientOf(x, shifted, [size, 1, c, size * outputs], geometry);
        return this.without([shifted, columns], this.exchanged(columns, [size, c, size, outputs]));
      }
      case "padded": {
        const padded = this.zeroPadded(x, geometry.pad);
        return this.without([padded], this.filterGradientOf(padded, dy, filterShape, { ...geometry, pad: 0 }));
      }
      case "direct":
        return this.filterGradientOf(x, dy, filterShape, geometry);
    }
  }

  /** @param isTurned whether the filter's inputs and outputs change roles and it is rotated by half a turn: a gradient by x */
  private winograd(x: OpOutput, filter: OpOutput, yShape: Shape, pad: number, isTurned: boolean): OpOutput {
    const scratch = winogradScratch(filter.shape[0]!, channels(x.shape), yShape, isTurned);
    return this.tf.run(
      "RevganWinograd",
      [...this.wholes({ pad, scratch }), this.tf.bool("turned", isTurned)],
      [x.id, filter.id],
    );
  }

  /** Convolution as a matrix product (im2col). */
  private product(x: OpOutput, filter: OpOutput, geometry: ConvolutionGeometry): OpOutput {
    const { stride, pad } = geometry;
    const [size, outputs] = [filter.shape[0]!, channels(filter.shape)];
    const places = this.tf.run("RevganColumns", this.wholes({ size, stride, pad }), [x.id]);
    const matrix = this.reshaped(filter, [places.shape[1]!, outputs]);
    const product = this.tf.run(
      "MatMul",
      [this.tf.float, this.tf.bool("transpose_a", false), this.tf.bool("transpose_b", false)],
      [places.id, matrix.id],
    );
    const y = this.reshaped(product, convOutputShape(x.shape, filter.shape, geometry));
    return this.without([places, matrix, product], y);
  }

  /** A filter `[size, size, in, out]` as one along the rows, with outputs for each of its columns: `[size, 1, in, size · out]`. */
  private columns(filter: OpOutput): OpOutput {
    const [size, , c, outputs] = filter.shape as [number, number, number, number];
    const turned = this.exchanged(filter, [size, size, c, outputs]);
    const columns = this.reshaped(turned, [size, 1, c, size * outputs]);
    this.tf.free(turned.id);
    return columns;
  }

  /**
   * The constant filter along the columns that shifts the result of each column to its position and sums them. The `size · few` channels
   * are ordered by column; they are its inputs when the outputs are few, else its outputs.
   */
  private shifts(filterShape: Shape, few: "inputs" | "outputs"): OpOutput {
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

  /** Reshapes x to `[a, b, c, d]` and transposes it to `[a, c, b, d]`. */
  private exchanged(x: OpOutput, shape: Shape): OpOutput {
    const read = this.reshaped(x, shape);
    const turned = this.tf.run(
      "Transpose",
      [this.tf.float, this.tf.type("Tperm", "int")],
      [read.id, this.tf.ints([0, 2, 1, 3])],
    );
    this.tf.free(read.id);
    return turned;
  }

  private reshaped(x: OpOutput, shape: Shape): OpOutput {
    return this.tf.run("Reshape", [this.tf.float, this.tf.type("Tshape", "int")], [x.id, this.tf.ints(shape)]);
  }

  private zeroPadded(x: OpOutput, pad: number): OpOutput {
    const borders = this.tf.ints([0, 0, pad, pad, pad, pad, 0, 0], [4, 2]);
    return this.tf.run("Pad", [this.tf.float, this.tf.type("Tpaddings", "int")], [x.id, borders]);
  }

  private inner(padded: OpOutput, shape: Shape, pad: number): OpOutput {
    return this.tf.run(
      "Slice",
      [this.tf.float, this.tf.type("Index", "int")],
      [padded.id, this.tf.ints([0, pad, pad, 0]), this.tf.ints(shape)],
    );
  }

  private forward(x: OpOutput, filter: OpOutput, geometry: ConvolutionGeometry): OpOutput {
    return this.tf.run("Conv2D", this.attributes(geometry), [x.id, filter.id]);
  }

  private inputGradientOf(dy: OpOutput, filter: OpOutput, xShape: Shape, geometry: ConvolutionGeometry): OpOutput {
    return this.tf.run("Conv2DBackpropInput", this.attributes(geometry), [this.tf.ints(xShape), filter.id, dy.id]);
  }

  private filterGradientOf(x: OpOutput, dy: OpOutput, filterShape: Shape, geometry: ConvolutionGeometry): OpOutput {
    return this.tf.run("Conv2DBackpropFilter", this.attributes(geometry), [x.id, this.tf.ints(filterShape), dy.id]);
  }

  /** Frees intermediate results and returns the result. */
  private without(steps: readonly OpOutput[], result: OpOutput): OpOutput {
    this.tf.free(...steps.map(({ id }) => id));
    return result;
  }

  private wholes(values: Readonly<Record<string, number>>): Attribute[] {
    return Object.entries(values).map(([name, value]) => this.tf.int(name, value));
  }

  private attributes({ stride, pad }: ConvolutionGeometry): Attribute[] {
    return [
      this.tf.float,
      this.tf.int("strides", [1, stride, stride, 1]),
      this.tf.text("padding", pad === 0 ? "VALID" : "EXPLICIT"),
      this.tf.int("explicit_paddings", pad === 0 ? [] : [0, 0, pad, pad, pad, pad, 0, 0]),
      this.tf.text("data_format", "NHWC"),
      this.tf.int("dilations", [1, 1, 1, 1]),
    ];
  }
}
