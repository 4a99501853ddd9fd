import { beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { dispose } from "../../../extension/trainer/kernels/tensor";
import { gaussian } from "../../support/arrays";
import { engineNames, kernelsOf } from "../../support/engines";

/** Where a padded element was copied from: mirrored at the edges without repeating them. */
function source(i: number, width: number, size: number): number {
  const place = Math.abs(i - width);
  return place < size ? place : 2 * (size - 1) - place;
}

describe.each(engineNames)("reflection padding on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });

  it("folds the borders of the gradient back, as in tensorflow/tfjs's failing example [1, 2, 3]", () => {
    // One row of three between two mirrored rows: along the row, [30, 120, 60] of dy = 10 … 60 in the closed form, padded by [2, 1],
    // becomes with [2, 2] and dy = 10 … 70: 30 + 70, 20 + 40 + 60, 10 + 50.
    const dy = k.tensor(Float32Array.from({ length: 7 * 7 }, (_, i) => (Math.floor(i / 7) === 2 ? 10 * ((i % 7) + 1) : 0)), [1, 7, 7, 1]);
    const dx = k.reflectPadGradient(dy, 2);
    expect([...k.read(dx)]).toEqual([100, 120, 60, 0, 0, 0, 0, 0, 0]);
    dispose(dy, dx);
  });

  it.each([
    { height: 4, width: 5, pad: 3 },
    { height: 16, width: 9, pad: 1 },
  ])("equals the closed form for $height×$width padded by $pad, both ways", ({ height, width, pad }) => {
    const [rows, columns] = [height + 2 * pad, width + 2 * pad];
    const values = gaussian([height, width], 1);
    const gradient = gaussian([rows, columns], 2);
    const padded = new Float32Array(rows * columns);
    const folded = new Float64Array(height * width);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const from = source(i, pad, height) * width + source(j, pad, width);
        padded[i * columns + j] = values[from]!;
        folded[from]! += gradient[i * columns + j]!;
      }
    }
    const x = k.tensor(values, [1, height, width, 1]);
    const dy = k.tensor(gradient, [1, rows, columns, 1]);
    const y = k.reflectPad(x, pad);
    const dx = k.reflectPadGradient(dy, pad);
    expect(k.read(y)).toEqual(padded);
    k.read(dx).forEach((value, i) => expect(value).toBeCloseTo(folded[i]!, 4));
    dispose(x, y, dy, dx);
  });
});
