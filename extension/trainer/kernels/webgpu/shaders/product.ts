import { termsOfTile, type Tile } from "../plans";
import { P, shader, type Shader } from "./shader";

/** Columns of four and rows of four are a thread's. */
const side = 4;
const depth = termsOfTile;

/**
 * How a product of matrices reads its factors, four numbers at a time: those that lie side by side in memory.
 * - `alongSum`: of one row of the left factor, or one column of the right one, at k, k + 1, k + 2 and k + 3;
 * - `acrossSum`: of four rows or columns at the same k.
 */
export type Lanes = "alongSum" | "acrossSum";

/** A product of matrices whose factors are computed from buffers. */
export interface Product {
  readonly tile: Tile;
  readonly left: Lanes;
  readonly right: Lanes;
  /**
   * The functions `leftAt(row, k, last)` and `rightAt(k, column, last)`, which return four numbers, 0 for those outside the matrices or with a
   * k of `last` or more; `prepare()`, called before them; `termsOf(z)` and `partOf(z)`, the terms of the sums and the part of them that a workgroup adds, by its index
   * along z; and `put(row, column, four: vec4<f32>)` or, with the right factor's numbers along the sum, `putOne(row, column, one: f32)`,
   * which store what is inside the product. `group` is the index along z.
   */
  readonly declarations: string;
  readonly elements: readonly ("f32" | "vec4<f32>")[];
  readonly output: "f32" | "vec4<f32>";
}

/** Number of the first parameter that is the declarations' own. */
export const firstParameter = 3;

/**
 * A product of matrices. Of the terms of its sums a workgroup adds P(0) at most, its part. The first workgroup computes tile P(1); tiles
 * follow each other along the columns first, of which there are P(2) tiles, so that neighbours read the same rows. Terms are added
 * in their order: the result depends on nothing else.
 */
export function product({ tile, left, right, declarations, elements, output }: Product): Shader {
  const [threadRows, threadColumns] = [tile.rows / side, tile.columns / side];
  const threads = threadRows * threadColumns;
  const quads = depth / 4;
  // One vec4 more than a row needs, so that rows begin in different banks of the shared memory.
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
  // Threads' rows lie apart where a tile's row is one in memory, else side by side.
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
