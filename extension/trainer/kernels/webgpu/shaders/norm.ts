import { type Border, normEpsilon } from "../../kernels";
import type { RectifierKind } from "../values";
import { ofComponents, rectifierFunctions } from "./functions";
import { foldedSum, foldFunctions } from "./padding";
import { each, F, memoized, P, shader, type Shader } from "./shader";

/*
 * Norms and sums by channel. A lane is a channel or, if the channels are multiples of 4, a vec4 of channels; x is
 * `[groups, places, lanes]`. The threads of a workgroup form rows, with a thread for each of its lanes; each thread adds up the places of
 * its row, then the rows are added up in the workgroup's memory. A norm of few places takes one dispatch, in which a workgroup reads all
 * places of its lanes. With many places, a first dispatch writes the sums of parts of the places, and every workgroup of a second one adds
 * these up again.
 *
 * P(0) is the number of places, P(1) of lanes, P(2) of parts, P(3) of places of a part.
 */

const threads = 256;

type Type = "f32" | "vec4<f32>";
const typeOf = (isVector: boolean): Type => (isVector ? "vec4<f32>" : "f32");

/**
 * The beginning of a shader's main function. It defines `lane`; `row`, of `rows`; `group`, the image or batch; `part`, of the group's
 * places, with the places from `first` to before `end`; and `base`, the index of the lane's first element in the group.
 * `added(value, thread)` is the sum of a value over the rows of a lane.
 */
function head(lanes: number, type: Type): { declarations: string; begin: string } {
  const rows = threads / lanes;
  return {
    declarations: `
const rows = ${rows}u;
const lanes = ${lanes}u;
var<workgroup> values: array<${type}, ${threads}>;
fn added(value: ${type}, thread: u32) -> ${type} {
  workgroupBarrier();
  values[thread] = value;
  for (var half = ${threads / 2}u; half >= lanes; half /= 2u) {
    workgroupBarrier();
    if (thread < half) { values[thread] += values[thread + half]; }
  }
  workgroupBarrier();
  return values[thread % lanes];
}`,
    begin: `
  let lane = place.x * lanes + thread % lanes;
  let row = thread / lanes;
  let part = place.y;
  let group = place.z;
  // All threads take part in adding up; those without a lane of their own see no places.
  let isUsed = lane < ${P(1)};
  let first = part * ${P(3)};
  let end = select(first, min(${P(0)}, first + ${P(3)}), isUsed);
  let base = group * ${P(0)} * ${P(1)} + lane;`,
  };
}

const main = `@compute @workgroup_size(${threads}) fn main(@builtin(workgroup_id) place: vec3<u32>, @builtin(local_invocation_index) thread: u32)`;

/** Runs a statement for every place of the thread's row. `at` is the index of the place's element. */
const eachPlace = (work: string): string =>
  `for (var q = first + row; q < end; q += rows) { let at = base + q * ${P(1)}; ${work} }`;

/** Statements that define `name` as the sum of a value over the places of the part. */
const sumOver = (name: string, type: Type, value: string): string =>
  `var ${name}Here = ${type}(); ${eachPlace(`${name}Here += ${value};`)} let ${name} = added(${name}Here, thread);`;

/** Statements that define `name` as the sum of `value`, an expression in the part's index s, over all parts. */
const sumOverParts = (name: string, type: Type, value: string): string =>
  `var ${name}Here = ${type}(); if (isUsed) { for (var s = row; s < ${P(2)}; s += rows) { ${name}Here += ${value}; } } let ${name} = added(${name}Here, thread);`;

/** Index of a lane's first or second number of part s. The first numbers of all lanes come before the second ones. */
const partial = (s: string, second: boolean): string =>
  `((group * ${P(2)} + ${s}) * 2u + ${second ? 1 : 0}u) * ${P(1)} + lane`;

const placesIn = (s: string): string => `f32(min(${P(0)}, (${s} + 1u) * ${P(3)}) - ${s} * ${P(3)})`;

/** Statements that define a lane's `mean` and `variance`, from the parts' means and sums of squared distances from these (Chan 1979). */
const momentsOfParts = (type: Type): string => `
  ${sumOverParts("total", type, `r1[${partial("s", false)}] * ${placesIn("s")}`)}
  let mean = total / f32(${P(0)});
  ${sumOverParts("squares", type, `r1[${partial("s", true)}] + ${placesIn("s")} * (r1[${partial("s", false)}] - mean) * (r1[${partial("s", false)}] - mean)`)}
  let variance = squares / f32(${P(0)});`;

const momentsHere = (type: Type): string => `
  ${sumOver("total", type, "r0[at]")}
  let mean = total / f32(max(1u, min(${P(0)}, first + ${P(3)}) - first));
  ${sumOver("squares", type, "(r0[at] - mean) * (r0[at] - mean)")}`;

const standardized = (rstd: string): string => `
  let rstd = 1.0 / sqrt(variance + ${normEpsilon});
  ${eachPlace(`w0[at] = (r0[at] - mean) * rstd;`)}
  ${rstd}`;

const putRstd = `if (isUsed && row == 0u && part == 0u) { w1[group * ${P(1)} + lane] = rstd; }`;

function normShader(
  reads: number,
  writes: number,
  lanes: number,
  isVector: boolean,
  work: string,
  functions = "",
): Shader {
  const type = typeOf(isVector);
  const { declarations, begin } = head(lanes, type);
  return shader(
    Array<Type>(reads).fill(type),
    Array<Type>(writes).fill(type),
    `${functions}${declarations}
${main} {${begin}
${work}
}`,
  );
}

/** Writes the mean of each part of x, and the sum of squared distances from it. */
export const partialMoments = memoized((lanes: number, isVector: boolean): Shader =>
  normShader(
    1,
    1,
    lanes,
    isVector,
    `${momentsHere(typeOf(isVector))}
  if (isUsed && row == 0u) { w0[${partial("part", false)}] = mean; w0[${partial("part", true)}] = squares; }`,
  ),
);

/** y and rstd from x (r0). With several parts, r1 contains the results of {@link partialMoments}. */
export const normalizeShader = memoized((hasParts: boolean, lanes: number, isVector: boolean): Shader =>
  normShader(
    hasParts ? 2 : 1,
    2,
    lanes,
    isVector,
    `${hasParts ? momentsOfParts(typeOf(isVector)) : `${momentsHere(typeOf(isVector))} let variance = squares / f32(${P(0)});`}
  ${standardized(putRstd)}`,
  ),
);

/** Statements that define `level` and `along`, the sums of dy and of dy · y over the places of the part. @param dy a WGSL expression */
const productsHere = (type: Type, dy: string): string => `
  var levelHere = ${type}();
  var alongHere = ${type}();
  ${eachPlace(`let dy = ${dy}; levelHere += dy; alongHere += dy * r1[at];`)}
  let level = added(levelHere, thread);
  let along = added(alongHere, thread);`;

/** Statements that write dx, given the sums `level` and `along` over all places. */
const gradientOf = (type: Type, dy: string): string => `
  let meanLevel = level / f32(${P(0)});
  let meanAlong = along / f32(${P(0)});
  var scale = ${type}();
  if (isUsed) { scale = r2[group * ${P(1)} + lane] * ${F(4)}; }
  ${eachPlace(`w0[at] = scale * ((${dy} - meanLevel) - r1[at] * meanAlong);`)}`;

/** An expression for dy: r0 or, if a rectifier with the slope F(5) follows the norm, the rectifier's gradient by y, from r0. */
const gradientHere = (rectifier: RectifierKind, isVector: boolean): string => {
  if (rectifier === "none") return "r0[at]";
  return isVector ? "passedAll(r0[at], r1[at])" : "passed(r0[at], r1[at])";
};

const gradientFunctions = (rectifier: RectifierKind): string =>
  rectifier === "none"
    ? ""
    : `${rectifierFunctions(rectifier, F(5))}
fn passedAll(dy: vec4<f32>, y: vec4<f32>) -> vec4<f32> { return ${ofComponents("passed", "dy", "y")}; }`;

/** Writes the sums of dy and of dy · y over each part. */
export const partialProducts = memoized((rectifier: RectifierKind, lanes: number, isVector: boolean): Shader =>
  normShader(
    2,
    1,
    lanes,
    isVector,
    `${productsHere(typeOf(isVector), gradientHere(rectifier, isVector))}
  if (isUsed && row == 0u) { w0[${partial("part", false)}] = level; w0[${partial("part", true)}] = along; }`,
    gradientFunctions(rectifier),
  ),
);

/** dx from dy, y and rstd (r0 to r2), times F(4). With several parts, r3 contains the results of {@link partialProducts}. */
export const normalizeGradientShader = memoized(
  (hasParts: boolean, rectifier: RectifierKind, lanes: number, isVector: boolean): Shader => {
    const type = typeOf(isVector);
    const dy = gradientHere(rectifier, isVector);
    const sums = hasParts
      ? `${sumOverParts("level", type, `r3[${partial("s", false)}]`)}
  ${sumOverParts("along", type, `r3[${partial("s", true)}]`)}`
      : productsHere(type, dy);
    const work = `${sums}${gradientOf(type, dy)}`;
    return normShader(hasParts ? 4 : 3, 1, lanes, isVector, work, gradientFunctions(rectifier));
  },
);

/**
 * dx of a norm whose output y was padded, or rectified and padded, from r0, the gradient by the padded tensor, y (r1) and rstd (r2), times
 * F(4). P(5) to P(7) are the sides of y, P(8) is the width of the padding, P(9) its width along the depth. Only for a plan of one part.
 */
export const foldedNormGradientShader = memoized(
  (border: Border, rectified: boolean, lanes: number, isVector: boolean): Shader => {
    const type = typeOf(isVector);
    const numbers = { depth: P(5), height: P(6), width: P(7), lanes: P(1), wide: P(8), deep: P(9) };
    const passed = isVector ? ofComponents("passed", "sum", "output") : "passed(sum, output)";
    const dy = `gradientAt(group * ${P(0)} + q, lane, r1[at])`;
    return normShader(
      3,
      1,
      lanes,
      isVector,
      `${productsHere(type, dy)}${gradientOf(type, dy)}`,
      `${foldFunctions(border)}
${rectifierFunctions("relu", "")}fn gradientAt(place: u32, c: u32, output: ${type}) -> ${type} {
  let x = place % ${P(7)};
  let plane = place / ${P(7)};
  let y = plane % ${P(6)};
  let rest = plane / ${P(6)};
  let z = rest % ${P(5)};
  let image = rest / ${P(5)};
  ${foldedSum(numbers, isVector)}
  return ${rectified ? passed : "sum"};
}
`,
    );
  },
);

/** Mean and variance over all parts, from the results of {@link partialMoments} in r0. A thread for each lane of each group. */
export const finishMoments = memoized((isVector: boolean): Shader => {
  const type = typeOf(isVector);
  const at = (second: number): string =>
    `r0[(((i / ${P(2)}) * ${P(3)} + s) * 2u + ${second}u) * ${P(2)} + i % ${P(2)}]`;
  // P(2) lanes, P(3) parts, P(4) places, P(5) places of a part.
  const count = `f32(min(${P(4)}, (s + 1u) * ${P(5)}) - s * ${P(5)})`;
  return each(
    [type],
    [type, type],
    `var total = ${type}();
  for (var s = 0u; s < ${P(3)}; s++) { total += ${at(0)} * ${count}; }
  let mean = total / f32(${P(4)});
  var squares = ${type}();
  for (var s = 0u; s < ${P(3)}; s++) { let away = ${at(0)} - mean; squares += ${at(1)} + ${count} * away * away; }
  w0[i] = mean;
  w1[i] = squares / f32(${P(4)});`,
  );
});

/** Normalises r0 by given means (r1) and variances (r2). P(2) is the number of lanes, P(3) of elements (or vec4s) of an image. */
export const standardizeShader = memoized((isVector: boolean): Shader => {
  const type = typeOf(isVector);
  return each(
    [type, type, type],
    [type],
    `let at = (i / ${P(3)}) * ${P(2)} + i % ${P(2)}; w0[i] = (r0[i] - r1[at]) / sqrt(r2[at] + ${normEpsilon});`,
  );
});

/** Writes the sum of each channel of x over each part. */
export const channelSums = memoized((lanes: number, isVector: boolean): Shader =>
  normShader(
    1,
    1,
    lanes,
    isVector,
    `${sumOver("total", typeOf(isVector), "r0[at]")}
  if (isUsed && row == 0u) { w0[(group * ${P(2)} + part) * ${P(1)} + lane] = total; }`,
  ),
);

/** The sum of P(2) parts in r0, each P(0) elements long. */
export const joinSums = memoized((isVector: boolean): Shader =>
  each(
    [typeOf(isVector)],
    [typeOf(isVector)],
    `var sum = r0[i]; for (var s = 1u; s < ${P(2)}; s++) { sum += r0[s * ${P(0)} + i]; } w0[i] = sum;`,
  ),
);
