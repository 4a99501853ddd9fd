import { bitsOf } from "./shaders/shader";
import * as elementwise from "./shaders/elementwise";
import { normalizeShader } from "./shaders/norm";
import { partialLargest, partialSum } from "./shaders/reductions";
import type { Shader } from "./shaders/shader";

/** A dispatch whose result is known, to test a device. */
export interface SelfTest {
  /** What is wrong with a device that fails the test, as the end of a sentence "it …". */
  readonly fault: string;
  readonly code: string;
  readonly reads: number;
  readonly writes: number;
  /** Contents of the buffers that the shader reads, as bits of floats. */
  readonly inputs: readonly (readonly number[])[];
  /** Number of floats in each buffer that the shader writes. */
  readonly outputs: readonly number[];
  readonly parameters: readonly number[];
  readonly groups: number;
  /** The expected content of the first written buffer, as bits of floats. */
  readonly expected: readonly number[];
  /** The largest allowed error, as a fraction of the expected magnitude or of `floor`, whichever is larger. 0: the bits must be equal. */
  readonly tolerance: number;
  readonly floor: number;
}

const grid = 18;

/**
 * Dispatches of the kernels' own shaders that show whether a device computes as training needs it: additions on a grid, and their inverses,
 * are exact; NaN stays NaN; functions and sums are as exact as those of other engines; two runs give the same result. The tests are plain
 * data, so that a process that has loaded only the addon can run them.
 */
export function selfTests(): SelfTest[] {
  const states = spread(64, (i) => (((i * 2_654_435_761) % 2 ** 21) - 2 ** 20) / 2 ** grid);
  const shifts = spread(64, (i) => (((i * 40_503) % 65_536) - 32_768) / 7000);
  const onGrid = (value: number): number => roundedToEven(Math.fround(value) * 2 ** grid) / 2 ** grid;
  const forward = states.map((state, i) => Math.fround(state + onGrid(shifts[i]!)));
  const gridNumbers = [bitsOf(2 ** grid), bitsOf(2 ** -grid)];
  const small = spread(64, (i) => (i - 31.5) / 4);
  const flat = spread(256, (i) => Math.fround(1 + ((i * 37) % 101) / 101));
  const sum = flat.reduce((total, value) => total + value, 0);
  return [
    test("does not add exactly", elementwise.addSnapped.add, [states, shifts], gridNumbers, forward),
    test(
      "does not take back exactly what it added",
      elementwise.addSnapped.subtract,
      [forward, shifts],
      gridNumbers,
      states,
    ),
    test(
      "does not round to even",
      elementwise.snap,
      [[0.5, 1.5, 2.5, -0.5, -1.5, 1e7, -3, 0.25]],
      [bitsOf(1), bitsOf(1)],
      [0, 2, 2, -0, -2, 1e7, -3, 0],
    ),
    test(
      "does not multiply exactly",
      elementwise.binary.multiply,
      [small, shifts],
      [],
      small.map((value, i) => Math.fround(value * Math.fround(shifts[i]!))),
    ),
    test("takes what is not a number for 0", elementwise.rectify.relu, [[NaN, -1, 2, -Infinity]], [0], [NaN, 0, 2, 0]),
    test("computes a wrong tanh", elementwise.unary.tanh, [small], [], small.map(Math.tanh), 4e-6),
    test("computes a wrong exponential", elementwise.unary.exp, [small], [], small.map(Math.exp), 4e-6),
    test(
      "computes a wrong logarithm",
      elementwise.unary.softplus,
      [small],
      [],
      small.map((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
      4e-6,
    ),
    { ...test("adds up wrongly", partialSum, [flat], [], [sum], 1e-6), parameters: [flat.length, 1, 0], outputs: [4] },
    {
      ...test("overlooks what is not finite", partialLargest, [[1, -3, Infinity, 2]], [], [Infinity]),
      parameters: [4, 1, 0],
      outputs: [4],
    },
    normTest(flat),
  ];
}

/** A test of the norm, with 64 places and 4 channels. */
function normTest(values: readonly number[]): SelfTest {
  const [places, channels] = [values.length / 4, [0, 1, 2, 3]];
  const moments = channels.map((c) => {
    const own = values.filter((_, i) => i % 4 === c);
    const mean = own.reduce((total, value) => total + value, 0) / places;
    return { mean, rstd: 1 / Math.sqrt(own.reduce((total, value) => total + (value - mean) ** 2, 0) / places + 1e-5) };
  });
  const expected = values.map((value, i) => (value - moments[i % 4]!.mean) * moments[i % 4]!.rstd);
  const shader = normalizeShader(false, 2, true);
  return {
    ...test("computes a wrong norm", shader, [values], [], expected, 2e-6),
    parameters: [places, 1, 1, places],
    outputs: [values.length, 4],
    floor: 1,
  };
}

/** A test of a shader that has a thread for every four elements. */
function test(
  fault: string,
  { code, reads, writes }: Shader,
  inputs: readonly (readonly number[])[],
  numbers: readonly number[],
  expected: readonly number[],
  tolerance = 0,
): SelfTest {
  const vectors = Math.ceil(expected.length / 4);
  const groups = Math.ceil(vectors / 64);
  return {
    fault,
    code,
    reads,
    writes,
    inputs: inputs.map((values) => values.map(bitsOf)),
    outputs: [4 * vectors],
    parameters: [vectors, 64 * groups, ...numbers],
    groups,
    expected: expected.map(bitsOf),
    tolerance,
    floor: 0,
  };
}

function spread(count: number, value: (i: number) => number): number[] {
  return Array.from({ length: count }, (_, i) => Math.fround(value(i)));
}

function roundedToEven(value: number): number {
  return Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);
}
