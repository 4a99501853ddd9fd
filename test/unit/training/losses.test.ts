import { beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { dispose } from "../../../extension/trainer/kernels/tensor";
import { l1Loss, crossEntropy, leastSquares, type LossFunction } from "../../../extension/trainer/training/losses";
import { engineNames, kernelsOf } from "../../support/engines";
import pytorch from "./losses.json";

process.env.TF_NUM_INTRAOP_THREADS = "1";

describe.each(engineNames)("losses on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });

  it.each(Object.keys(pytorch.losses) as (keyof typeof pytorch.losses)[])(
    "%s has PyTorch's value and gradient, at extreme logits and at zero too",
    (name) => {
      const before = k.ledger.count;
      const x = k.tensor(Float32Array.from(pytorch.x), pytorch.shape);
      const truth = k.tensor(Float32Array.from(pytorch.truth), pytorch.shape);
      const functions: Record<typeof name, LossFunction> = {
        "leastSquares real": leastSquares(1, 1),
        "leastSquares fake": leastSquares(0, 0.5),
        "crossEntropy real": crossEntropy(1, 1),
        "crossEntropy fake": crossEntropy(0, 0.5),
        absolute: l1Loss(truth, 100),
      };
      const { value, gradient } = functions[name](k, x);
      const expected = pytorch.losses[name];
      expect(Math.abs(k.read(value)[0]! / expected.value - 1)).toBeLessThan(1e-5);
      k.read(gradient).forEach((g, i) =>
        expect(Math.abs(g - expected.gradient[i]!), `element ${i}`).toBeLessThan(
          1e-6 * Math.max(1, Math.abs(expected.gradient[i]!)),
        ),
      );
      dispose(x, truth, value, gradient);
      expect(k.ledger.count).toBe(before);
    },
  );
});
