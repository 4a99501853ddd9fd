import { beforeAll, describe, expect, it } from "vitest";
import type { Border, Kernels } from "../../../extension/trainer/kernels/kernels";
import { dispose, elements, type Shape } from "../../../extension/trainer/kernels/tensor";
import { gaussian } from "../../support/arrays";
import { engineNames, expectNoLeaks, kernelsOf, plainNative } from "../../support/engines";

/** Where a padded element was copied from: mirrored at the edges without repeating them, or the edge. */
function source(i: number, width: number, size: number, border: Border): number {
  if (border === "replicate") return Math.max(0, Math.min(size - 1, i - width));
  const place = Math.abs(i - width);
  return place < size ? place : 2 * (size - 1) - place;
}

/** Of every element of a padded `[n, …, c]`, the one of the picture that it was copied from. */
function sources(shape: Shape, width: number, border: Border): { padded: Shape; from: number[] } {
  const isSpace = shape.map((_, axis) => axis > 0 && axis < shape.length - 1);
  const padded = shape.map((size, axis) => (isSpace[axis] === true ? size + 2 * width : size));
  const from = Array.from({ length: elements(padded) }, (_, at) => {
    let [place, step, rest] = [0, 1, at];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const i = rest % padded[axis]!;
      rest = (rest - i) / padded[axis]!;
      place += step * (isSpace[axis] === true ? source(i, width, shape[axis]!, border) : i);
      step *= shape[axis]!;
    }
    return place;
  });
  return { padded, from };
}

const pictures = [
  { shape: [1, 4, 5, 1], pad: 3 },
  { shape: [1, 16, 9, 1], pad: 1 },
  { shape: [3, 5, 4, 6], pad: 2 },
  { shape: [1, 2, 2, 13], pad: 1 },
];
const volumes = [
  { shape: [1, 3, 4, 5, 2], pad: 2 },
  { shape: [2, 4, 2, 3, 9], pad: 1 },
];
/** Smaller than what is repeated around them. */
const small = [
  { shape: [1, 1, 2, 2], pad: 3 },
  { shape: [2, 1, 2, 3, 2], pad: 2 },
];
const all = [...pictures, ...volumes]
  .flatMap((each) => [
    { ...each, border: "reflect" as const },
    { ...each, border: "replicate" as const },
  ])
  .concat(small.map((each) => ({ ...each, border: "replicate" as const })));

describe.each([...engineNames, plainNative] as const)("padding on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });
  expectNoLeaks(() => k);

  it("folds the borders of the gradient back, as in tensorflow/tfjs's failing example [1, 2, 3]", () => {
    // One row of three between two mirrored rows: along the row, [30, 120, 60] of dy = 10 … 60 in the closed form, padded by [2, 1],
    // becomes with [2, 2] and dy = 10 … 70: 30 + 70, 20 + 40 + 60, 10 + 50.
    const dy = k.tensor(
      Float32Array.from({ length: 7 * 7 }, (_, i) => (Math.floor(i / 7) === 2 ? 10 * ((i % 7) + 1) : 0)),
      [1, 7, 7, 1],
    );
    const dx = k.padGradient(dy, 2, "reflect");
    expect([...k.read(dx)]).toEqual([100, 120, 60, 0, 0, 0, 0, 0, 0]);
    dispose(dy, dx);
  });

  it.each(all)("equals the closed form for $shape padded by $pad, $border, both ways", ({ shape, pad, border }) => {
    const { padded, from } = sources(shape, pad, border);
    const values = gaussian(shape, 1);
    const gradient = gaussian(padded, 2);
    const folded = new Float64Array(elements(shape));
    from.forEach((place, at) => (folded[place]! += gradient[at]!));
    const x = k.tensor(values, shape);
    const dy = k.tensor(gradient, padded);
    const y = k.pad(x, pad, border);
    const dx = k.padGradient(dy, pad, border);
    expect([y.shape, dx.shape]).toEqual([padded, shape]);
    expect(k.read(y)).toEqual(Float32Array.from(from, (place) => values[place]!));
    k.read(dx).forEach((value, i) => expect(value).toBeCloseTo(folded[i]!, 4));
    dispose(x, y, dy, dx);
  });

  it.each(all)("pads what is positive of $shape by $pad, $border, both ways", ({ shape, pad, border }) => {
    const [x, dy] = [
      k.tensor(gaussian(shape, 1), shape),
      k.tensor(gaussian(sources(shape, pad, border).padded, 2), sources(shape, pad, border).padded),
    ];
    const rectified = k.relu(x);
    const [y, expected] = [k.reluPad(x, pad, border), k.pad(rectified, pad, border)];
    expect(k.read(y)).toEqual(k.read(expected));
    const folded = k.padGradient(dy, pad, border);
    const [dx, expectedGradient] = [k.reluPadGradient(dy, x, pad, border), k.reluGradient(folded, x)];
    // Not `toEqual`, to which -0 and 0 differ.
    expect([...k.read(dx)].map((value) => value + 0)).toEqual([...k.read(expectedGradient)].map((value) => value + 0));
    dispose(x, dy, rectified, y, expected, folded, dx, expectedGradient);
  });

  it("keeps what is not a number, so that a diverged training is noticed", () => {
    const x = k.tensor(Float32Array.of(Number.NaN, 1, -1, 2), [1, 2, 2, 1]);
    const y = k.reluPad(x, 1, "replicate");
    expect([...k.read(y)]).toEqual([NaN, NaN, 1, 1, NaN, NaN, 1, 1, 0, 0, 2, 2, 0, 0, 2, 2]);
    dispose(x, y);
  });
});

describe("our operation on native", () => {
  it.each([
    { shape: [1, 3, 4, 1], pad: 3, says: "longer than what is reflected" },
    { shape: [4, 4], pad: 1, says: "a picture must be [n, ..., c]" },
  ])("refuses $shape padded by $pad, and goes on", async ({ shape, pad, says }) => {
    const k = await kernelsOf("native");
    const x = k.tensor(gaussian(shape, 1), shape);
    expect(() => k.pad(x, pad, "reflect")).toThrow(says);
    const y = k.binary("add", x, 1);
    expect(k.read(y)[0]).toBe(Math.fround(k.read(x)[0]! + 1));
    dispose(x, y);
  });
});
