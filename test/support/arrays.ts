import { createHash } from "node:crypto";
import { seededRandom } from "../../extension/trainer/random";
import type { Kernels } from "../../extension/trainer/kernels/kernels";
import { elements, type Shape, type Tensor } from "../../extension/trainer/kernels/tensor";

/** Seeded random values from N(0, 1), as many as a tensor of this shape has. */
export function gaussian(shape: Shape, seed: number): Float32Array {
  const draw = seededRandom(seed, "test");
  return Float32Array.from({ length: elements(shape) }, () => draw.normal());
}

/** A seeded tensor from N(0, 1). */
export function gaussianTensor(k: Kernels, shape: Shape, seed: number): Tensor {
  return k.tensor(gaussian(shape, seed), shape);
}

/** Σ aᵢbᵢ in double precision. */
export function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

/** SHA-256 of an array's bytes. Equal digests mean equal bits, also of −0 and NaN; comparing element by element would take seconds. */
export function bits(values: Float32Array): string {
  return createHash("sha256")
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest("hex");
}

/** ‖a − b‖ / ‖b‖. */
export function relativeDifference(a: Float32Array, b: Float32Array): number {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < a.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    norm += b[i]! ** 2;
  }
  return Math.sqrt(difference / norm);
}

/** max |aᵢ − bᵢ|; NaN if any difference is NaN. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}
