import { beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { Parameter } from "../../../extension/trainer/nn/parameter";
import { Optimizer, learningRate } from "../../../extension/trainer/training/optimizer";
import { bits } from "../../support/arrays";
import { engineNames, kernelsOf } from "../../support/engines";
import pytorch from "./losses.json";

process.env.TF_NUM_INTRAOP_THREADS = "1";

describe.each(engineNames)("Adam on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });

  it("moves every weight as torch.optim.Adam does, down to gradients that eps hides", () => {
    const before = k.ledger.count;
    const { shapes, start, steps } = pytorch.adam;
    const parameters = shapes.map(
      (shape, i) =>
        new Parameter(
          { name: `p${i}`, shape, initial: "normal", idleBias: null },
          k.tensor(Float32Array.from(start[i]!), shape),
        ),
    );
    const idle = new Parameter(
      { name: "idle", shape: [2], initial: "normal", idleBias: null },
      k.tensor(Float32Array.of(1, 2), [2]),
    );
    const optimizer = new Optimizer(k, [...parameters, idle], null);
    steps.forEach(({ gradients, values }, step) => {
      parameters.forEach((parameter, i) =>
        parameter.accumulate(k, k.tensor(Float32Array.from(gradients[i]!), shapes[i]!)),
      );
      optimizer.step({ step: step + 1, learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 });
      parameters.forEach((parameter, i) => {
        const ours = k.read(parameter.value);
        // What a float32 of 0.02 can tell of a step: a ten-thousandth of one of 2e-4, a thousandth where eps makes it a tenth.
        ours.forEach((value, j) =>
          expect(Math.abs(value - values[i]![j]!), `step ${step + 1}, parameter ${i}, weight ${j}`).toBeLessThan(1e-8),
        );
        expect(parameter.gradient).toBeNull();
      });
    });
    expect(bits(k.read(idle.value))).toEqual(bits(Float32Array.of(1, 2)));
    optimizer.dispose();
    [...parameters, idle].forEach((parameter) => parameter.dispose());
    expect(k.ledger.count).toBe(before);
  });
});

describe("the learning rate", () => {
  it("follows the authors' rule, as LambdaLR computes it", () => {
    const { epochs, decayEpochs, rates } = pytorch.schedule;
    rates.forEach((rate, i) =>
      expect(
        learningRate({ step: 1, epoch: i + 1 }, { learningRate: 2e-4, warmup: 0, epochs, decayEpochs }),
      ).toBeCloseTo(rate, 12),
    );
  });

  it("rises over the first steps where that is wanted, whatever the epochs", () => {
    const plan = { learningRate: 1, warmup: 4, epochs: 1, decayEpochs: 1 };
    const rates = [1, 2, 3, 4, 5].map((step) => learningRate({ step, epoch: step === 5 ? 2 : 1 }, plan));
    expect(rates).toEqual([0.25, 0.5, 0.75, 1, 0.5]);
  });
});
