import type { Border } from "../../kernels";
import type { RectifierKind } from "../values";
import { ofComponents, rectifierFunctions } from "./functions";
import { firstParameter, product } from "./product";
import { memoized, P, type Shader } from "./shader";

/*
 * Convolutions and their gradients as matrix products. The matrices are not stored: their elements are gathered from the tensors during the
 * product. A place is an index into `[n, d, h, w]`, where d is 1 for images; a tap is an index into the `[h, w, d]` of a filter
 * `[h, w, d, in, out]`.
 *
 * - Convolution: rows are places of y, columns are outputs, terms are pairs of a tap and an input.
 * - Gradient by x: rows are the places of x with the same remainders by the stride, columns are inputs, terms are pairs of an output and a
 *   tap that reaches these places, so that no zeros between the places of dy are multiplied. Each combination of remainders has its own
 *   index z of workgroups.
 * - Gradient by the filter: rows are pairs of a tap and an input, columns are outputs, terms are places of y. The workgroups of each index
 *   z add one part of the terms.
 */

/** How a convolution reads its input: as it is, or as if it had been rectified or padded before. */
export interface InputView {
  readonly border: Border | null;
  readonly rectifier: RectifierKind;
}

/** Names of a convolution's parameters, in the order in which they follow the parameters of a product. */
export const geometryNames = [
  // Sides and channels of x, without the border, and of y.
  "xDepth",
  "xHeight",
  "xWidth",
  "inputs",
  "yDepth",
  "yHeight",
  "yWidth",
  "outputs",
  // Sides of the filter.
  "tapRows",
  "tapColumns",
  "tapSlices",
  "stride",
  "pad",
  // The stride and padding along the depth; 1 and 0 for images.
  "sliceStride",
  "slicePad",
  "border",
  "sliceBorder",
  "rows",
  "columns",
  "terms",
  // Number of elements of a part's result.
  "partSize",
  // Slope of a leaky rectifier, as the bits of a float.
  "slope",
] as const;

/** The parameters' values by name. */
export type Geometry = Record<(typeof geometryNames)[number], number>;

/** WGSL expressions for the parameters, by name. */
const G = Object.fromEntries(geometryNames.map((name, i) => [name, P(firstParameter + i)])) as Record<
  (typeof geometryNames)[number],
  string
>;

const zero = "vec4<f32>()";

/**
 * The WGSL function `inputAt(image, z, y, x, c)`: channel c, or the vec4 of channels that begins with c, at a place of the padded x; 0
 * outside of it.
 */
function inputFunction({ border, rectifier }: InputView, isVector: boolean): string {
  const type = isVector ? "vec4<f32>" : "f32";
  // Coordinates are unsigned, so one before the first place wraps around to a number larger than any side.
  const along = (at: string, side: string, wide: string): string =>
    border === null
      ? `if (${at} >= ${side}) { return ${type}(); } let ${at}In = ${at};`
      : `if (${at} >= ${side} + 2u * ${wide}) { return ${type}(); } let ${at}In = inside(${at}, ${wide}, ${side});`;
  const inside =
    border === "reflect"
      ? `let place = abs(i32(at) - i32(wide)); let end = i32(side) - 1; return u32(select(place, 2 * end - place, place > end));`
      : `return u32(clamp(i32(at) - i32(wide), 0, i32(side) - 1));`;
  const place = `(((image * ${G.xDepth} + zIn) * ${G.xHeight} + yIn) * ${G.xWidth} + xIn) * ${G.inputs} + c`;
  const value = isVector ? `r0[(${place}) / 4u]` : `r0[${place}]`;
  const rectified = isVector ? ofComponents("rectified", "value") : "rectified(value)";
  return `${rectifier === "none" ? "" : rectifierFunctions(rectifier, `bitcast<f32>(${G.slope})`)}
${border === null ? "" : `fn inside(at: u32, wide: u32, side: u32) -> u32 { ${inside} }`}
fn inputAt(image: u32, z: u32, y: u32, x: u32, c: u32) -> ${type} {
  ${along("z", G.xDepth, G.sliceBorder)}
  ${along("y", G.xHeight, G.border)}
  ${along("x", G.xWidth, G.border)}
  let value = ${value};
  return ${rectifier === "none" ? "value" : rectified};
}`;
}

/**
 * The WGSL function `sourceAt(at, row)`: the element of x that a convolution, at place `at` of y, multiplies with row `row` of the filter
 * as a matrix `[taps · inputs, outputs]`.
 */
function sourceFunction(isVector: boolean): string {
  return `fn sourceAt(at: u32, row: u32) -> ${isVector ? "vec4<f32>" : "f32"} {
  let c = row % ${G.inputs};
  let tap = row / ${G.inputs};
  let slice = tap % ${G.tapSlices};
  let line = tap / ${G.tapSlices};
  let x = at % ${G.yWidth};
  let above = at / ${G.yWidth};
  let y = above % ${G.yHeight};
  let before = above / ${G.yHeight};
  return inputAt(before / ${G.yDepth}, (before % ${G.yDepth}) * ${G.sliceStride} + slice - ${G.slicePad},
    y * ${G.stride} + line / ${G.tapColumns} - ${G.pad}, x * ${G.stride} + line % ${G.tapColumns} - ${G.pad}, c);
}`;
}

/** WGSL statements that return the results of a call for `at`, at + 1, at + 2 and at + 3, with 0 for arguments of `end` or more. */
function four(call: (at: string) => string, at: string, end: string): string {
  return `var four = ${zero}; for (var i = 0u; i < 4u && ${at} + i < ${end}; i++) { four[i] = ${call(`${at} + i`)}; } return four;`;
}

/** The WGSL function `put(row, column, value)`: stores four columns of a row of a part of the product; with `onto`, their sum with r2. */
function putFunction(isVector: boolean, onto = false): string {
  const at = `partOf(group) * ${G.partSize} + row * ${G.columns} + column`;
  const store = isVector
    ? `if (column < ${G.columns}) { w0[(${at}) / 4u] = ${onto ? `r2[(${at}) / 4u] + ` : ""}value; }`
    : `for (var i = 0u; i < 4u && column + i < ${G.columns}; i++) { w0[${at} + i] = ${onto ? `r2[${at} + i] + ` : ""}value[i]; }`;
  return `fn put(row: u32, column: u32, value: vec4<f32>) { if (row < ${G.rows}) { ${store} } }`;
}

const sums = `fn prepare() {}
fn termsOf(z: u32) -> u32 { return ${G.terms}; }
fn partOf(z: u32) -> u32 { return z; }`;

/**
 * The WGSL function `rightAt(k, column, last)`: four columns of row k of the matrix r1, which has as many columns as the product; 0 for a k
 * of `last` or more.
 */
function rightMatrix(isVector: boolean): string {
  const body = isVector
    ? `if (column >= ${G.columns}) { return ${zero}; } return r1[(k * ${G.columns} + column) / 4u];`
    : four((at) => `r1[k * ${G.columns} + ${at}]`, "column", G.columns);
  return `fn rightAt(k: u32, column: u32, last: u32) -> vec4<f32> { if (k >= last) { return ${zero}; } ${body} }`;
}

const element = (isVector: boolean): "f32" | "vec4<f32>" => (isVector ? "vec4<f32>" : "f32");

/** The convolution of r0 by the filter r1. @param wholeInputs whether the number of inputs is a multiple of 4; wholeOutputs likewise */
export const convolutionShader = memoized(
  (
    rows: number,
    columns: number,
    border: Border | "none",
    rectifier: RectifierKind,
    wholeInputs: boolean,
    wholeOutputs: boolean,
  ): Shader => {
    const view = viewOf(border, rectifier);
    return product({
      tile: { rows, columns },
      left: "alongSum",
      right: "acrossSum",
      elements: [element(wholeInputs), element(wholeOutputs)],
      output: element(wholeOutputs),
      declarations: `${inputFunction(view, wholeInputs)}
${sourceFunction(wholeInputs)}
${sums}
fn leftAt(row: u32, k: u32, last: u32) -> vec4<f32> {
  if (row >= ${G.rows}) { return ${zero}; }
  ${wholeInputs ? `if (k >= last) { return ${zero}; } return sourceAt(row, k);` : four((at) => `sourceAt(row, ${at})`, "k", "last")}
}
${rightMatrix(wholeOutputs)}
${putFunction(wholeOutputs)}`,
    });
  },
);

export const filterGradientShader = memoized(
  (
    rows: number,
    columns: number,
    border: Border | "none",
    rectifier: RectifierKind,
    wholeInputs: boolean,
    wholeOutputs: boolean,
    onto: boolean,
  ): Shader => {
    const view = viewOf(border, rectifier);
    const source = wholeInputs
      ? `if (row >= ${G.rows}) { return ${zero}; } return sourceAt(k, row);`
      : four((at) => `sourceAt(k, ${at})`, "row", G.rows);
    return product({
      tile: { rows, columns },
      left: "acrossSum",
      right: "acrossSum",
      elements: [element(wholeInputs), element(wholeOutputs), ...(onto ? [element(wholeOutputs)] : [])],
      output: element(wholeOutputs),
      declarations: `${inputFunction(view, wholeInputs)}
${sourceFunction(wholeInputs)}
${sums}
fn leftAt(row: u32, k: u32, last: u32) -> vec4<f32> { if (k >= last) { return ${zero}; } ${source} }
${rightMatrix(wholeOutputs)}
${putFunction(wholeOutputs, onto)}`,
    });
  },
);

/**
 * The gradient by x, of dy (r0) and the filter (r1). Along an axis, x at stride · q + r is reached by the taps first, first + stride, …;
 * the i-th of these reaches it from y at q + shift − i. With a stride, the terms and rows are those of the remainders that belong to the
 * workgroup's index z.
 */
export const inputGradientShader = memoized((rows: number, columns: number, wholeOutputs: boolean): Shader =>
  product({
    tile: { rows, columns },
    left: "alongSum",
    right: "alongSum",
    elements: [element(wholeOutputs), element(wholeOutputs)],
    output: "f32",
    declarations: `struct Axis { remainder: u32, places: u32, first: u32, taps: u32, shift: u32 }
fn axisOf(remainder: u32, side: u32, taps: u32, stride: u32, pad: u32) -> Axis {
  let first = (remainder + pad) % stride;
  return Axis(remainder, (side + stride - 1u - remainder) / stride, first, (max(taps, first) - first + stride - 1u) / stride,
    (remainder + pad - first) / stride);
}
var<private> across: Axis;
var<private> down: Axis;
var<private> through: Axis;
fn prepare() {
  across = axisOf(group % ${G.stride}, ${G.xWidth}, ${G.tapColumns}, ${G.stride}, ${G.pad});
  down = axisOf((group / ${G.stride}) % ${G.stride}, ${G.xHeight}, ${G.tapRows}, ${G.stride}, ${G.pad});
  through = axisOf(group / (${G.stride} * ${G.stride}), ${G.xDepth}, ${G.tapSlices}, ${G.sliceStride}, ${G.slicePad});
}
fn termsOf(z: u32) -> u32 { return across.taps * down.taps * through.taps * ${G.outputs}; }
fn partOf(z: u32) -> u32 { return 0u; }
struct Place { image: u32, z: u32, y: u32, x: u32, isInside: bool }
fn placeOf(row: u32) -> Place {
  let line = row / across.places;
  let slice = line / down.places;
  let image = slice / through.places;
  return Place(image, slice % through.places, line % down.places, row % across.places, image < ${G.rows});
}
fn tapAt(k: u32) -> vec3<u32> {
  let tap = k / ${G.outputs};
  let line = tap / through.taps;
  return vec3<u32>(tap % through.taps, line / across.taps, line % across.taps);
}
fn gradientAt(at: Place, k: u32) -> ${element(wholeOutputs)} {
  let tap = tapAt(k);
  let z = at.z + through.shift - tap.x;
  let y = at.y + down.shift - tap.y;
  let x = at.x + across.shift - tap.z;
  if (z >= ${G.yDepth} || y >= ${G.yHeight} || x >= ${G.yWidth}) { return ${element(wholeOutputs)}(); }
  return r0[((((at.image * ${G.yDepth} + z) * ${G.yHeight} + y) * ${G.yWidth} + x) * ${G.outputs} + k % ${G.outputs})${wholeOutputs ? " / 4u" : ""}];
}
fn filterAt(k: u32, column: u32) -> ${element(wholeOutputs)} {
  let tap = tapAt(k);
  let slice = through.first + tap.x * ${G.sliceStride};
  let line = (down.first + tap.y * ${G.stride}) * ${G.tapColumns} + across.first + tap.z * ${G.stride};
  return r1[(((line * ${G.tapSlices} + slice) * ${G.inputs} + column) * ${G.outputs} + k % ${G.outputs})${wholeOutputs ? " / 4u" : ""}];
}
fn leftAt(row: u32, k: u32, last: u32) -> vec4<f32> {
  let at = placeOf(row);
  if (!at.isInside) { return ${zero}; }
  ${wholeOutputs ? `if (k >= last) { return ${zero}; } return gradientAt(at, k);` : four((each) => `gradientAt(at, ${each})`, "k", "last")}
}
fn rightAt(k: u32, column: u32, last: u32) -> vec4<f32> {
  if (column >= ${G.columns}) { return ${zero}; }
  ${wholeOutputs ? `if (k >= last) { return ${zero}; } return filterAt(k, column);` : four((each) => `filterAt(${each}, column)`, "k", "last")}
}
fn putOne(row: u32, column: u32, value: f32) {
  let at = placeOf(row);
  if (!at.isInside || column >= ${G.columns}) { return; }
  let z = at.z * ${G.sliceStride} + through.remainder;
  let y = at.y * ${G.stride} + down.remainder;
  let x = at.x * ${G.stride} + across.remainder;
  w0[(((at.image * ${G.xDepth} + z) * ${G.xHeight} + y) * ${G.xWidth} + x) * ${G.inputs} + column] = value;
}`,
  }),
);

function viewOf(border: Border | "none", rectifier: RectifierKind): InputView {
  return { border: border === "none" ? null : border, rectifier };
}
