import { termsOfTile, type Tile } from "../plans";
import { P, shader, type Shader } from "./shader";

/** A thread computes 4 × 4 elements of the product. */
const side = 4;
const depth = termsOfTile;

/**
 * How a matrix product reads its factors, four numbers at a time, so that the four lie side by side in memory.
 * - `alongSum`: from one row of the left factor, or one column of the right one, the numbers at k, k + 1, k + 2 and k + 3;
 * - `acrossSum`: from four rows of the left factor, or four columns of the right one, the numbers at the same k.
 */
export type Lanes = "alongSum" | "acrossSum";

/** A matrix product whose factors are computed from buffers. */
export interface Product {
  readonly tile: Tile;
  readonly left: Lanes;
  readonly right: Lanes;
  /**
   * These WGSL functions: `leftAt(row, k, last)` and `rightAt(k, column, last)` return four numbers of a factor, with 0 for those outside
   * the matrix or with a k of `last` or more; `prepare()` is called before them; `termsOf(z)` and `partOf(z)` return the number of terms of
   * the sums, and the index of the part of them that a workgroup adds, by the workgroup's index z; `put(row, column, four: vec4<f32>)` or,
   * if `right` is `alongSum`, `putOne(row, column, one: f32)` stores results that lie inside the product. They can read the variable
   * `group`, the workgroup's index z.
   */
  readonly declarations: string;
  readonly elements: readonly ("f32" | "vec4<f32>")[];
  readonly output: "f32" | "vec4<f32>";
}

/** Index of the first parameter that is free for the declarations. */
export const firstParameter = 3;

/**
 * The shader of a matrix product. A workgroup adds at most P(0) terms of each sum, its part. The first workgroup computes tile P(1); there
 * are P(2) tiles side by side, and tiles are numbered along the rows of tiles, so that neighbouring workgroups read the same rows. Terms
 * are added in a fixed order, so results are reproducible.
 */
export function product({ tile, left, right, declarations, elements, output }: Product): Shader {
  const [threadRows, threadColumns] = [tile.rows / side, tile.columns / side];
  const threads = threadRows * threadColumns;
  const quads = depth / 4;
  // Rows along the sum are one vec4 longer than needed, so that they begin in different banks of the shared memory.
  const leftRow = left === "alongSum" ? quads + 1 : tile.rows / 4;
  const rightRow = right === "alongSum" ? quads + 1 : tile.columns / 4;
  const leftSize = left === "alongSum" ? tile.rows * leftRow : depth * leftRow;
  const rightSize = right === "alongSum" ? tile.columns * rightRow : depth * rightRow;
  const load = (factor: "left" | "right", lanes: Lanes, across: number): string => {
    const count = (across * depth) / 4;
    const first = factor === "left" ? "firstRow" : "firstColumn";
    const row = factor === "left" ? leftRow : rightRow;
    const place =
      lanes === "alongSum"
        ? `let line = ${first} + at / ${quads}u; let k = first + 4u * (at % ${quads}u); let to = (at / ${quads}u) * ${row}u + at % ${quads}u;`
        : `let line = ${first} + 4u * (at % ${across / 4}u); let k = first + at / ${across / 4}u; let to = at;`;
    const value = factor === "left" ? "leftAt(line, k, last)" : "rightAt(k, line, last)";
    return `for (var at = thread; at < ${count}u; at += ${threads}u) { ${place} ${factor}[to] = ${value}; }`;
  };
  const rows = Array.from({ length: side }, (_, i) => i);
  const component = (i: number): string => "xyzw"[i]!;
  // A thread's four rows lie apart (`threadRows` rows between them) if the left factor is read along the sum; otherwise they lie side by
  // side.
  const rowOf = (i: number): string => (left === "alongSum" ? `row + ${i * threadRows}u` : `4u * row + ${i}u`);
  const columnOf = (i: number): string =>
    right === "alongSum" ? `column + ${i * threadColumns}u` : `4u * column + ${i}u`;
  const leftVectors = (q: string): string =>
    rows.map((i) => `let a${i} = left[(row + ${i * threadRows}u) * ${leftRow}u + ${q}];`).join(" ");
  const rightVectors = (q: string): string =>
    rows.map((i) => `let b${i} = right[(column + ${i * threadColumns}u) * ${rightRow}u + ${q}];`).join(" ");
  const inner = {
    "alongSum,alongSum": `for (var q = 0u; q < ${quads}u; q++) { ${leftVectors("q")} ${rightVectors("q")}
      ${rows.map((i) => `sum${i} += vec4<f32>(${rows.map((j) => `dot(a${i}, b${j})`).join(", ")});`).join(" ")} }`,
    "alongSum,acrossSum": `for (var q = 0u; q < ${quads}u; q++) { ${leftVectors("q")}
      ${rows
        .map(
          (t) =>
            `{ let b = right[(4u * q + ${t}u) * ${rightRow}u + column]; ${rows.map((i) => `sum${i} += a${i}.${component(t)} * b;`).join(" ")} }`,
        )
        .join("\n      ")} }`,
    "acrossSum,acrossSum": `for (var k = 0u; k < ${depth}u; k++) { let a = left[k * ${leftRow}u + row]; let b = right[k * ${rightRow}u + column];
      ${rows.map((i) => `sum${i} += a.${component(i)} * b;`).join(" ")} }`,
    "acrossSum,alongSum": "",
  }[`${left},${right}` as const];
  const store = rows
    .map((i) =>
      right === "acrossSum"
        ? `put(firstRow + ${rowOf(i)}, firstColumn + 4u * column, sum${i});`
        : rows
            .map((j) => `putOne(firstRow + ${rowOf(i)}, firstColumn + ${columnOf(j)}, sum${i}.${component(j)});`)
            .join(" "),
    )
    .join("\n  ");
  return shader(
    elements,
    [output],
    `var<private> group: u32;
${declarations}
var<workgroup> left: array<vec4<f32>, ${leftSize}>;
var<workgroup> right: array<vec4<f32>, ${rightSize}>;
@compute @workgroup_size(${threads}) fn main(@builtin(workgroup_id) place: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  group = place.z;
  prepare();
  let tile = ${P(1)} + place.x;
  let firstRow = (tile / ${P(2)}) * ${tile.rows}u;
  let firstColumn = (tile % ${P(2)}) * ${tile.columns}u;
  let terms = termsOf(place.z);
  let begin = partOf(place.z) * ${P(0)};
  let last = min(terms, begin + ${P(0)});
  let row = thread / ${threadColumns}u;
  let column = thread % ${threadColumns}u;
  ${rows.map((i) => `var sum${i} = vec4<f32>();`).join(" ")}
  for (var first = begin; first < last; first += ${depth}u) {
    ${load("left", left, tile.rows)}
    ${load("right", right, tile.columns)}
    workgroupBarrier();
    ${inner}
    workgroupBarrier();
  }
  ${store}
}`,
  );
}
