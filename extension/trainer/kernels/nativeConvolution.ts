import type { ConvolutionGeometry } from "./kernels";
import { convFilterGradientMethod, paddedShape, convInputGradientMethod, convMethod } from "./nativeScratch";
import { convOutputShape } from "./sliceStacking";
import { channels, type Shape } from "./tensor";
import type { Attribute, OpOutput, TensorFlow } from "./tensorflow";
import { winogradFilterGradientScratch, winogradScratch } from "./winogradScratch";

/** 2D convolutions and their gradients in TensorFlow, each by the method that is fastest (nativeScratch.ts). */
export class NativeConvolution {
  constructor(private readonly tf: TensorFlow) {}

  /** The convolution: `[n, h, w, in]` to `[n, h', w', out]`. */
  map(x: OpOutput, filter: OpOutput, geometry: ConvolutionGeometry): OpOutput {
    switch (convMethod(filter.shape, geometry, this.tf)) {
      case "winograd":
        return this.winograd(x, filter, convOutputShape(x.shape, filter.shape, geometry), geometry.pad, false);
      case "product":
        return this.product(x, filter, geometry);
      case "narrow":
        return this.narrow(x, filter, geometry.pad, false);
      case "direct":
        return this.forward(x, filter, geometry);
    }
  }

  /** The gradient by x: `[n, h', w', out]` to `xShape` = `[n, h, w, in]`. */
  inputGradient(dy: OpOutput, filter: OpOutput, xShape: Shape, geometry: ConvolutionGeometry): OpOutput {
    switch (convInputGradientMethod(filter.shape, geometry, this.tf)) {
      case "winograd":
        return this.winograd(dy, filter, xShape, filter.shape[0]! - 1 - geometry.pad, true);
      case "narrow":
        return this.narrow(dy, filter, filter.shape[0]! - 1 - geometry.pad, true);
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
      case "defined":
        return this.tf.run(
          "RevganFilterGradient",
          this.wholes({ size: filterShape[0]!, stride: geometry.stride, pad: geometry.pad }),
          [x.id, dy.id],
        );
      case "padded": {
        const padded = this.zeroPadded(x, geometry.pad);
        return this.without([padded], this.filterGradientOf(padded, dy, filterShape, { ...geometry, pad: 0 }));
      }
      case "direct":
        return this.filterGradientOf(x, dy, filterShape, geometry);
    }
  }

  /**
   * @param isTurned whether the filter is rotated by half a turn, and its inputs and outputs are exchanged, as the gradient by x needs it
   */
  private winograd(x: OpOutput, filter: OpOutput, yShape: Shape, pad: number, isTurned: boolean): OpOutput {
    const scratch = winogradScratch(filter.shape[0]!, channels(x.shape), yShape, isTurned);
    return this.tf.run(
      "RevganWinograd",
      [...this.wholes({ pad, scratch }), this.tf.bool("turned", isTurned)],
      [x.id, filter.id],
    );
  }

  /** @param isTurned as of {@link winograd} */
  private narrow(x: OpOutput, filter: OpOutput, pad: number, isTurned: boolean): OpOutput {
    const attributes = [...this.wholes({ pad }), this.tf.bool("turned", isTurned)];
    return this.tf.run("RevganNarrowConvolution", attributes, [x.id, filter.id]);
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
