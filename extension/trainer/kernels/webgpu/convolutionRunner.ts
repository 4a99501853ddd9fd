import type { Border, ConvolutionGeometry } from "../kernels";
import { channels, elements, type Shape } from "../tensor";
import type { Stored } from "./bufferPool";
import { paddedShape } from "../nativeScratch";
import { type Gpu, mostGroups } from "./gpu";
import { type ProductPlan, sizesOf, tileFor } from "./plans";
import {
  convolutionShader,
  filterGradientShader,
  type Geometry,
  geometryNames,
  inputGradientShader,
} from "./shaders/convolution";
import { padGradientShader, padShader } from "./shaders/padding";
import { bitsOf, type Shader } from "./shaders/shader";
import { type Folded, type RectifierKind, rectifierKind, type View } from "./values";

/** Dispatches the shaders of convolutions, their gradients, and padding, for images and volumes. */
export class ConvolutionRunner {
  constructor(private readonly gpu: Gpu) {}

  /** Convolution. @param yShape shape of the result @param to gets the result or, if the plan has several parts, each part's sums */
  map(
    input: View,
    filter: Stored,
    filterShape: Shape,
    yShape: Shape,
    geometry: ConvolutionGeometry,
    plan: ProductPlan,
    to: Stored,
  ): void {
    const { tile } = plan;
    const { border, rectifier } = readingOf(input);
    const shader = convolutionShader(tile.rows, tile.columns, border, rectifier, ...wholeChannels(filterShape));
    const numbers = geometryOf(input, filterShape, yShape, geometry, plan);
    this.multiply(shader, [input.sources[0], filter, to], plan, numbers, plan.parts);
  }

  /** Gradient by the filter. @param base a tensor that is added to it; null for none, as a plan with several parts requires */
  filterGradient(
    input: View,
    gradient: Stored,
    dyShape: Shape,
    filterShape: Shape,
    geometry: ConvolutionGeometry,
    plan: ProductPlan,
    base: Stored | null,
    to: Stored,
  ): void {
    const { tile } = plan;
    const { border, rectifier } = readingOf(input);
    const whole = wholeChannels(filterShape);
    const shader = filterGradientShader(tile.rows, tile.columns, border, rectifier, ...whole, base !== null);
    const numbers = geometryOf(input, filterShape, dyShape, geometry, plan);
    const sources = [input.sources[0], gradient, ...(base === null ? [] : [base])];
    this.multiply(shader, [...sources, to], plan, numbers, plan.parts);
  }

  inputGradient(
    gradient: Stored,
    dyShape: Shape,
    filter: Stored,
    filterShape: Shape,
    xShape: Shape,
    geometry: ConvolutionGeometry,
    to: Stored,
  ): void {
    const x = sizesOf(xShape);
    const { stride } = geometry;
    const sides = x.isDeep ? [x.depth, x.height, x.width] : [x.height, x.width];
    // Positions of x with the same remainders by the stride are computed together. This is the size of the largest such class; the dispatch
    // covers as many for each class.
    const places = x.n * sides.reduce((product, side) => product * Math.ceil(side / stride), 1);
    const terms = elements(filterShape) / x.channels;
    const plan = {
      tile: tileFor(places, x.channels, stride ** sides.length),
      rows: places,
      columns: x.channels,
      terms,
      partTerms: terms,
      partSize: 0,
    };
    const shader = inputGradientShader(plan.tile.rows, plan.tile.columns, channels(filterShape) % 4 === 0);
    const view = { shape: xShape, padding: null, rectifier: null };
    // The shader computes its number of rows itself; its parameter `rows` is the number of images instead.
    const numbers = geometryOf(view, filterShape, dyShape, geometry, { ...plan, rows: x.n });
    this.multiply(shader, [gradient, filter, to], plan, numbers, stride ** sides.length);
  }

  /** Computes a padded picture, which may be rectified before. */
  pad({ sources, shape, rectifier }: View, { width, border }: NonNullable<View["padding"]>, to: Stored): void {
    const { isVector, numbers, count } = paddingOf(shape, width, width);
    this.gpu.runEach(padShader(border, rectifierKind(rectifier), isVector), [...sources, to], count, [
      ...numbers,
      bitsOf(rectifier?.slope ?? 0),
    ]);
  }

  /** The gradient of padding. @param base a tensor that is added to it; null for none */
  fold({ sources, shape, width, border, rectified }: Folded, base: Stored | null, to: Stored): void {
    const { isVector, numbers, count } = paddingOf(paddedShape(shape, -width), width, 0);
    const more = rectified ? "rectified" : base === null ? "none" : "added";
    const buffers = [...sources, ...(base === null ? [] : [base]), to];
    this.gpu.runEach(padGradientShader(border, more, isVector), buffers, count, numbers);
  }

  private multiply(
    shader: Shader,
    buffers: readonly Stored[],
    { tile, rows, columns, terms, partTerms }: Pick<ProductPlan, "tile" | "rows" | "columns" | "terms" | "partTerms">,
    numbers: readonly number[],
    depth: number,
  ): void {
    const across = Math.ceil(columns / tile.columns);
    const tiles = Math.ceil(rows / tile.rows) * across;
    const work = rows * columns * terms;
    // Large products are split into several dispatches, since a driver is reset if one takes too long. Tiles do not depend on each other,
    // so the result is the same.
    const pieces = Math.max(Math.ceil(tiles / mostGroups), Math.min(tiles, Math.ceil(work / this.gpu.mostWork)));
    const each = Math.ceil(tiles / pieces);
    for (let first = 0; first < tiles; first += each) {
      const count = Math.min(each, tiles - first);
      const share = (work * count) / tiles;
      this.gpu.run(shader, buffers, [partTerms, first, across, ...numbers], [count, 1, depth], share);
    }
  }
}

function readingOf({ padding, rectifier }: View): { border: Border | "none"; rectifier: RectifierKind } {
  return { border: padding?.border ?? "none", rectifier: rectifierKind(rectifier) };
}

function wholeChannels(filter: Shape): [inputs: boolean, outputs: boolean] {
  return [filter.at(-2)! % 4 === 0, filter.at(-1)! % 4 === 0];
}

/** The parameters of the convolution shaders, in their order. @param y shape of the convolution's output */
function geometryOf(
  { shape, padding, rectifier }: Pick<View, "shape" | "padding" | "rectifier">,
  filter: Shape,
  y: Shape,
  { stride, pad }: ConvolutionGeometry,
  { rows, columns, terms, partSize }: Pick<ProductPlan, "rows" | "columns" | "terms" | "partSize">,
): number[] {
  const [x, out] = [sizesOf(shape), sizesOf(y)];
  const border = padding?.width ?? 0;
  const numbers: Geometry = {
    xDepth: x.depth,
    xHeight: x.height,
    xWidth: x.width,
    inputs: filter.at(-2)!,
    yDepth: out.depth,
    yHeight: out.height,
    yWidth: out.width,
    outputs: filter.at(-1)!,
    tapRows: filter[0]!,
    tapColumns: filter[1]!,
    tapSlices: x.isDeep ? filter[2]! : 1,
    stride,
    pad,
    sliceStride: x.isDeep ? stride : 1,
    slicePad: x.isDeep ? pad : 0,
    border,
    sliceBorder: x.isDeep ? border : 0,
    rows,
    columns,
    terms,
    partSize,
    slope: bitsOf(rectifier?.slope ?? 0),
  };
  return geometryNames.map((name) => numbers[name]);
}

/**
 * The padding shaders' parameters, and the number of their threads.
 * @param small shape without the padding
 * @param width width of the padding
 * @param by width of the padding around the result: `width` to pad, 0 for the gradient
 */
export function paddingOf(
  small: Shape,
  width: number,
  by: number,
): { isVector: boolean; numbers: number[]; count: number } {
  const { n, depth, height, width: across, channels: c, isDeep } = sizesOf(small);
  const isVector = c % 4 === 0;
  const lanes = isVector ? c / 4 : c;
  const deep = isDeep ? width : 0;
  const count = n * (depth + (isDeep ? 2 * by : 0)) * (height + 2 * by) * (across + 2 * by) * lanes;
  return { isVector, numbers: [depth, height, across, lanes, width, deep], count };
}
