import { type Element, P, shader, type Shader } from "./shader";

/** Number of threads in a workgroup of {@link partialSum} and {@link partialLargest}. */
const threads = 256;

/** The most workgroups of a reduction. Each leaves one number, and the host adds these up or compares them. */
export const mostPartials = 64;

/** Number of vec4s for which another workgroup is worthwhile. */
const vectorsAGroup = 4 * threads;

/** How many numbers a reduction of `count` elements leaves. */
export function partialsOf(count: number): number {
  return Math.min(mostPartials, Math.max(1, Math.ceil(count / 4 / vectorsAGroup)));
}

/**
 * Reduces P(0) elements to one number for each of P(1) workgroups, and writes these numbers to the last written buffer from index P(2) on.
 * @param value returns WGSL statements that define `value`, the vec4 with this index
 * @param add WGSL statements that add a vec4 named `x` to `total`
 * @param join WGSL expression that combines two totals, `a` and `b`
 */
function reduction(
  type: "f32" | "u32",
  reads: readonly Element[],
  writes: readonly Element[],
  value: (index: string) => string,
  add: string,
  join: string,
): Shader {
  return shader(
    reads,
    [...writes, type],
    `var<workgroup> totals: array<${type}, ${threads}>;
@compute @workgroup_size(${threads}) fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  var total = ${type}();
  for (var i = group.x * ${threads}u + thread; 4u * i < ${P(0)}; i += ${P(1)} * ${threads}u) {
    ${value("i")}
    var x = value;
    // The last vec4 may be filled up with numbers that are nobody's.
    for (var rest = min(4u, ${P(0)} - 4u * i); rest < 4u; rest++) { x[rest] = 0.0; }
    ${add}
  }
  totals[thread] = total;
  for (var half = ${threads / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) { let a = totals[thread]; let b = totals[thread + half]; totals[thread] = ${join}; }
  }
  if (thread == 0u) { w${writes.length}[${P(2)} + group.x] = totals[0]; }
}`,
  );
}

const given = (i: string): string => `let value = r0[${i}];`;

export const partialSum = reduction("f32", ["vec4<f32>"], [], given, "total += (x.x + x.y) + (x.z + x.w);", "a + b");

/**
 * The largest magnitude. Magnitudes are compared by their bits as unsigned integers, which have the same order and put NaN above infinity.
 */
export function largestOf(
  reads: readonly Element[],
  writes: readonly Element[],
  value: (index: string) => string,
): Shader {
  const add = `let bits = bitcast<vec4<u32>>(x) & vec4<u32>(0x7fffffffu); total = max(max(total, max(bits.x, bits.y)), max(bits.z, bits.w));`;
  return reduction("u32", reads, writes, value, add, "max(a, b)");
}

export const partialLargest = largestOf(["vec4<f32>"], [], given);
