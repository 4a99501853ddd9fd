import type { Border } from "../../kernels";
import type { RectifierKind } from "../values";
import { ofComponents, rectifierFunctions } from "./functions";
import { firstParameter, product } from "./product";
import { memoized, P, type Shader } from "./shader";

/*
 * Convolutions and their gradients as products of matrices whose factors are gathered while they are multiplied. A place is an element of
 * `[n, d, h, w]`; of images d is 1. A tap is a place of the filter, whose layout is `[h, w, d, in, out]`.
 *
 * - convolution: rows are places of y, columns outputs, terms taps and inputs;
 * - gradient by x: rows are places of x that have the same remainder by the stride, a z of workgroups for each remainder, columns
 *   inputs, terms outputs and those taps that meet these places: so no zeros between the places of dy are multiplied;
 * - gradient by the filter: rows are taps and inputs, columns outputs, terms places of y, of which a z of workgroups adds a part.
 */

/** How the input of a convolution is read: as it is, or as if it had been rectified and padded before. */
export interface InputView {
  readonly border: Border | null;
  readonly rectifier: RectifierKind;
}

/** Names of the parameters of a convolution, in their order behind those of a product. */
export const geometryNames = [
  // Sides of x, without the border, and of y.
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
  // Along the depth, where images have none.
  "sliceStride",
  "slicePad",
  "border",
  "sliceBorder",
  "rows",
  "columns",
  "terms",
  // Elements of a part of the sums.
  "partSize",
  // Of a leaky rectifier, a float's bits.
  "slope",
] as const;

/** Numbers by their names. */
export type Geometry = Record<(typeof geometryNames)[number], number>;

/** `parameter(name)` of a shader. */
const G = Object.fromEntries(geometryNames.map((name, i) => [name, P(firstParameter + i)])) as Record<
  (typeof geometryNames)[number],
  string
>;

const zero = "vec4<f32>()";

/** `inputAt(image, z, y, x, c)`: channel c, or the vec4 of channels that begins with c, at a place of the padded x. */
function inputFunction({ border, rectifier }: InputView, isVector: boolean): string {
  const type = isVector ? "vec4<f32>" : "f32";
  // The parameters are unsigned: what lies before the first place is larger than any side.
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

/** `sourceAt(at, row, from)`: what a convolution multiplies at a place of y with a row of the filter as a matrix `[taps · inputs, outputs]`. */
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

/** Four numbers of a function of one, `at` being the last argument; 0 where it is `end` or more. */
function four(call: (at: string) => string, at: string, end: string): string {
  return `var four = ${zero}; for (var i = 0u; i < 4u && ${at} + i < ${end}; i++) { four[i] = ${call(`${at} + i`)}; } return four;`;
}

/** Stores four columns of a row of a part of the product, or their sum with r2. */
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

/** `rowOfRight(k, column)`: four columns of a row of a matrix r1 of as many columns as the product. */
function rightMatrix(isVector: boolean): string {
  const body = isVector
    ? `if (column >= ${G.columns}) { return ${zero}; } return r1[(k * ${G.columns} + column) / 4u];`
    : four((at) => `r1[k * ${G.columns} + ${at}]`, "column", G.columns);
  return `fn rightAt(k: u32, column: u32, last: u32) -> vec4<f32> { if (k >= last) { return ${zero}; } ${body} }`;
}

const element = (isVector: boolean): "f32" | "vec4<f32>" => (isVector ? "vec4<f32>" : "f32");

/** @param wholeInputs and wholeOutputs: whether the channels are multiples of 4 */
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
 * Along an axis, x at stride · q + r meets the taps first, first + stride, …; the i-th of them with y at q + shift − i. With a stride, K, rows and
 * columns are those of the workgroup's remainders; r0 is dy and r1 the filter.
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
