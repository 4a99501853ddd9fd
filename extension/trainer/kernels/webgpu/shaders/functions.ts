import type { RectifierKind } from "../values";

/*
 * WGSL functions on single floats. A compiler may assume that there are no NaNs, so that `max(NaN, 0)` is 0; functions that must keep NaNs
 * test the bits instead. WGSL bounds only the absolute errors of `tanh` and `log`, and lets the relative error of `exp` grow with x; the
 * functions here are exact to a few units in the last place everywhere.
 */

/** `isPositive` (x > 0) and `isNegative` (x < 0), both false for NaN; and `isNan`. */
export const signFunctions = `
fn isPositive(x: f32) -> bool { return bitcast<u32>(x) - 1u < 0x7f800000u; }
fn isNegative(x: f32) -> bool { return bitcast<u32>(x) - 0x80000001u < 0x7f800000u; }
fn isNan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }
`;

/**
 * The exponential, by reduction to |r| ≤ ln 2 / 2 (with the constants of the Cephes library), and sigmoid, softplus and tanh, which use it.
 */
export const transcendentalFunctions = `
fn exponential(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  let bounded = clamp(x, -104.0, 89.0);
  let n = round(bounded * 1.44269504);
  let r = (bounded - n * 0.693359375) + n * 2.12194440e-4;
  let tail = 0.5 + r * (0.16666665459 + r * (4.1665795894e-2 + r * (8.3334519073e-3 + r * (1.3981999507e-3 + r * 1.9875691500e-4))));
  let mantissa = 1.0 + (r + r * r * tail);
  let half = i32(n) / 2;
  let scale = bitcast<f32>(u32(half + 127) << 23u) * bitcast<f32>(u32(i32(n) - half + 127) << 23u);
  return mantissa * scale;
}
fn sigmoidOf(x: f32) -> f32 { return 1.0 / (1.0 + exponential(-x)); }
// log(1 + e) = 2 atanh(e / (2 + e)).
fn softplusOf(x: f32) -> f32 {
  let e = exponential(-abs(x));
  let z = e / (2.0 + e);
  let q = z * z;
  return max(x, 0.0) + 2.0 * z * (1.0 + q * (0.33333333 + q * (0.2 + q * (0.14285715 + q * (0.11111111 + q * (0.09090909 + q * 0.07692308))))));
}
fn tanhOf(x: f32) -> f32 {
  let q = x * x;
  if (q < 0.09) { return x * (1.0 + q * (-0.33333333 + q * (0.13333334 + q * (-0.05396825 + q * (0.02186949 - q * 0.00886324))))); }
  let e = exponential(-2.0 * abs(x));
  return select(1.0, -1.0, isNegative(x)) * ((1.0 - e) / (1.0 + e));
}
`;

/**
 * The WGSL functions `rectified(x)` and `passed(dy, x)`: a rectifier and its gradient. They keep NaNs.
 * @param slope a WGSL expression, for a leaky rectifier
 */
export function rectifierFunctions(kind: RectifierKind, slope: string): string {
  const [low, lowGradient] = { none: ["x", "dy"], relu: ["0.0", "0.0"], leaky: [`x * ${slope}`, `dy * ${slope}`] }[
    kind
  ];
  return `${signFunctions}
fn rectified(x: f32) -> f32 { return select(x, ${low}, isNegative(x)); }
fn passed(dy: f32, x: f32) -> f32 { return select(${lowGradient}, dy, isPositive(x)); }
`;
}

/** A WGSL expression that applies a function of single floats to each component of vec4s. */
export function ofComponents(name: string, ...arguments_: readonly string[]): string {
  const at = (part: string): string => `${name}(${arguments_.map((each) => `${each}.${part}`).join(", ")})`;
  return `vec4<f32>(${["x", "y", "z", "w"].map(at).join(", ")})`;
}
