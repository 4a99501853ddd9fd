/** A compute shader, and how many buffers it reads and writes. */
export interface Shader {
  readonly code: string;
  readonly reads: number;
  readonly writes: number;
}

/** WGSL types of a buffer's elements. */
export type Element = "f32" | "vec4<f32>" | "u32";

/** WGSL expression for parameter i as an unsigned integer. */
export const P = (i: number): string => `parameters[${i >> 2}][${i & 3}]`;
/** WGSL expression for parameter i as a float. */
export const F = (i: number): string => `bitcast<f32>(${P(i)})`;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The bits of a float as an unsigned integer, to pass it as a parameter that {@link F} reads. */
export function bitsOf(value: number): number {
  float[0] = value;
  return bits[0]!;
}

/**
 * A shader that reads buffers `r0`, `r1`, … and writes buffers `w0`, `w1`, …. The same buffer must not be bound to both kinds.
 * @param body WGSL declarations, and the function `main`
 */
export function shader(reads: readonly Element[], writes: readonly Element[], body: string): Shader {
  const buffer = (access: string, name: string, place: number, type: Element): string =>
    `@group(0) @binding(${place + 1}) var<storage, ${access}> ${name}: array<${type}>;\n`;
  const code = [
    "@group(0) @binding(0) var<uniform> parameters: array<vec4<u32>, 8>;\n",
    ...reads.map((type, i) => buffer("read", `r${i}`, i, type)),
    ...writes.map((type, i) => buffer("read_write", `w${i}`, reads.length + i, type)),
    body,
  ].join("");
  return { code, reads: reads.length, writes: writes.length };
}

/** Number of threads in a workgroup of {@link each}. */
export const threadsOfEach = 64;

/**
 * A shader with a thread for each of `P(0)` elements, laid out in rows of `P(1)` threads.
 * @param work WGSL statements that process the element with index `i`
 * @param declarations WGSL functions that `work` calls
 */
export function each(reads: readonly Element[], writes: readonly Element[], work: string, declarations = ""): Shader {
  return shader(
    reads,
    writes,
    `${declarations}
@compute @workgroup_size(${threadsOfEach}) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.y * ${P(1)} + id.x;
  if (i >= ${P(0)}) { return; }
  ${work}
}`,
  );
}

/** Wraps `make` so that it is called once for each list of arguments, and its result is reused. */
export function memoized<Args extends readonly (string | number | boolean)[], T>(
  make: (...args: Args) => T,
): (...args: Args) => T {
  const known = new Map<string, T>();
  return (...args) => {
    const key = args.join();
    let value = known.get(key);
    if (value === undefined) known.set(key, (value = make(...args)));
    return value;
  };
}
