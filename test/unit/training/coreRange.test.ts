import { beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { tracedKernels } from "../../../extension/trainer/kernels/tracedKernels";
import { Trace } from "../../../extension/trainer/kernels/trace";
import { RangePredictor } from "../../../extension/trainer/nn/exactGrid";
import { expectNoLeaks, kernelsOf, logicEngines } from "../../support/engines";
import { configFor, disposeTrainer, trainerFor, trainSteps } from "../../support/training";

describe("the forecast of a core's range", () => {
  it("guesses from the input and the depth before the first step, and then knows from the steps before", () => {
    const forecast = new RangePredictor(9);
    // 2 + 9/3 + 1 = 6 < 2³; float32 has 24 bits of mantissa.
    expect(forecast.grid(() => 2)).toBe(21);
    forecast.recordLargest(40);
    forecast.recordLargest(10);
    expect(forecast.grid(() => 2)).toBe(21);
    forecast.commit();
    expect(forecast.range).toBe(40);
    const unasked = (): number => {
      throw new Error("the input is looked at where earlier steps are known");
    };
    expect(forecast.grid(unasked)).toBe(18);
  });

  it("takes the finest grid for what is not finite, which no grid would help", () => {
    expect(new RangePredictor(9).grid(() => Infinity)).toBe(22);
    expect(new RangePredictor(9).grid(() => NaN)).toBe(22);
  });

  it("comes down slowly, and never below what was just seen", () => {
    const forecast = new RangePredictor(9, 100);
    forecast.recordLargest(10);
    forecast.commit();
    expect(forecast.range).toBeCloseTo(95);
    forecast.recordLargest(99);
    forecast.commit();
    expect(forecast.range).toBe(99);
  });

  it("knows nothing of a step that was dropped, nor of what is not finite", () => {
    const forecast = new RangePredictor(9, 10);
    forecast.recordLargest(50);
    forecast.discard();
    forecast.recordLargest(NaN);
    forecast.recordLargest(Infinity);
    forecast.commit();
    expect(forecast.range).toBe(9.5);
  });
});

describe.each(logicEngines)("passes of the core on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });
  expectNoLeaks(() => k);

  it("start again in the first step alone: the next ones know how far the states go", async () => {
    const trace = new Trace();
    const traced = tracedKernels(k, trace);
    const config = configFor({ side: 64, network: { width: 8, depth: 2, discriminator: { width: 8 } } });
    const trainer = trainerFor(traced, config);
    const calls: number[] = [];
    for (const step of [1, 2, 3]) {
      trace.spans.length = 0;
      await trainSteps(trainer, config, step, step);
      calls.push(trace.spans.filter(({ name }) => name === "conv").length);
    }
    // A generator: 3 convolutions of the encoder, 8 of the core, 8 again on its way back, 1 and the gradients of 2 transposed ones
    // of the decoder. A discriminator has 5 and sees a generator's picture, a real one and a fake one.
    const needed = 2 * (3 + 8 + 8 + 3) + 2 * 3 * 5;
    expect(calls[0]).toBeGreaterThan(needed);
    expect(calls.slice(1)).toEqual([needed, needed]);
    k.ledger.onChange = null;
    disposeTrainer(trainer);
  });
});
