import type { BinaryOp, UnaryOp } from "../../kernels";
import type { RectifierKind } from "../values";
import { ofComponents, rectifierFunctions, signFunctions, transcendentalFunctions } from "./functions";
import { largestOf } from "./reductions";
import { each, F, P, type Shader } from "./shader";

/*
 * Shaders with a thread for every four elements; P(0) is the number of vec4s. Buffers consist of whole vec4s, so the last vec4 may contain
 * numbers that belong to no element; shaders may change these.
 */

const one = ["vec4<f32>"] as const;
const two = ["vec4<f32>", "vec4<f32>"] as const;

const expressions: Record<UnaryOp, string> = {
  abs: "bitcast<f32>(bitcast<u32>(x) & 0x7fffffffu)",
  exp: "exponential(x)",
  sigmoid: "sigmoidOf(x)",
  sign: "select(select(select(0.0, x, isNan(x)), -1.0, isNegative(x)), 1.0, isPositive(x))",
  softplus: "softplusOf(x)",
  square: "x * x",
  tanh: "tanhOf(x)",
};

export const unary = mapped(expressions, (expression) =>
  each(
    one,
    one,
    `let x = r0[i]; w0[i] = ${ofComponents("compute", "x")};`,
    `${signFunctions}${transcendentalFunctions}fn compute(x: f32) -> f32 { return ${expression}; }`,
  ),
);

const binaryExpressions: Record<BinaryOp, string> = {
  add: "a + b",
  subtract: "a - b",
  multiply: "a * b",
  maximum: ofComponents("larger", "a", "b"),
};

const larger = `${signFunctions}fn larger(a: f32, b: f32) -> f32 {
  if (isNan(a)) { return a; }
  if (isNan(b)) { return b; }
  return max(a, b);
}`;

export const binary = mapped(binaryExpressions, (expression) =>
  each(two, one, `let a = r0[i]; let b = r1[i]; w0[i] = ${expression};`, larger),
);

/** Operations on a tensor and the number F(2). */
export const withNumber = mapped(binaryExpressions, (expression) =>
  each(one, one, `let a = r0[i]; let b = vec4<f32>(${F(2)}); w0[i] = ${expression};`, larger),
);

/** Fills a tensor with the number F(2). */
export const fill = each([], one, `w0[i] = vec4<f32>(${F(2)});`);

/** Rectifiers, and their gradients by dy and x, with the slope F(2). */
export const rectify = {
  relu: rectifier("relu"),
  leaky: rectifier("leaky"),
};
export const rectifyGradient = {
  relu: rectifierGradient("relu"),
  leaky: rectifierGradient("leaky"),
};

function rectifier(kind: RectifierKind): Shader {
  return each(one, one, `let x = r0[i]; w0[i] = ${ofComponents("rectified", "x")};`, rectifierFunctions(kind, F(2)));
}

function rectifierGradient(kind: RectifierKind): Shader {
  const work = `let dy = r0[i]; let x = r1[i]; w0[i] = ${ofComponents("passed", "dy", "x")};`;
  return each(two, one, work, rectifierFunctions(kind, F(2)));
}

export const tanhGradient = each(two, one, `let y = r1[i]; w0[i] = r0[i] * (1.0 - y * y);`);

/** Rounds to multiples of F(3) = 1 / F(2). Both are powers of two, so the products with them are exact. */
export const snap = each(one, one, `w0[i] = ${snapped("r0[i]")};`);

/** Rounds as {@link snap} and adds F(4). */
export const snapAndAdd = each(one, one, `w0[i] = ${snapped("r0[i]")} + ${F(4)};`);

/** r0 plus or minus r1, which is first rounded as in {@link snap}. */
export const addSnapped = {
  add: each(two, one, `w0[i] = r0[i] + ${snapped("r1[i]")};`),
  subtract: each(two, one, `w0[i] = r0[i] - ${snapped("r1[i]")};`),
};

/** As {@link addSnapped}; also writes each workgroup's largest magnitude of the results, which the host compares (reductions.ts). */
export const addSnappedAndCompare = {
  add: comparedSum("+"),
  subtract: comparedSum("-"),
};

function comparedSum(operator: "+" | "-"): Shader {
  return largestOf(two, one, (i) => {
    const shift = `round(r1[${i}] * ${F(3)}) * ${F(4)}`;
    return `let value = r0[${i}] ${operator} ${shift}; w0[${i}] = value;`;
  });
}

function snapped(x: string): string {
  return `round(${x} * ${F(2)}) * ${F(3)}`;
}

/** The sum of P(2) parts in r0, each P(0) vec4s long; `onto` also adds r1. */
export const sumParts = { alone: partSum(false), onto: partSum(true) };

function partSum(onto: boolean): Shader {
  const rest = `for (var part = 1u; part < ${P(2)}; part++) { sum += r0[part * ${P(0)} + i]; }`;
  return each(onto ? two : one, one, `var sum = r0[i]; ${rest} w0[i] = ${onto ? "r1[i] + sum" : "sum"};`);
}

/**
 * One step of Adam on a value and its moments m and v (w0 to w2), by the gradient r0. F(2) and F(3) are β₁ and 1 − β₁, F(4) and F(5) β₂ and
 * 1 − β₂, F(6) the learning rate and F(7) epsilon, both with bias correction.
 */
export const adam = each(
  one,
  ["vec4<f32>", "vec4<f32>", "vec4<f32>"],
  `let g = r0[i];
  let m = w1[i] * ${F(2)} + g * ${F(3)};
  let v = w2[i] * ${F(4)} + g * g * ${F(5)};
  w1[i] = m;
  w2[i] = v;
  w0[i] = w0[i] - ${F(6)} * (m / (sqrt(v) + ${F(7)}));`,
);

function mapped<Key extends string>(from: Record<Key, string>, make: (text: string) => Shader): Record<Key, Shader> {
  return Object.fromEntries(Object.entries<string>(from).map(([key, text]) => [key, make(text)])) as Record<
    Key,
    Shader
  >;
}
