import { beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { engineNames, kernelsOf } from "../../support/engines";

describe.each(engineNames)("the ledger on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });

  const tensor = (length: number): ReturnType<Kernels["tensor"]> => k.tensor(new Float32Array(length), [length]);

  it("counts every tensor to the byte, by the innermost part", () => {
    k.ledger.resetPeak();
    const resting = k.ledger.read().live;
    const [a, b] = k.ledger.within("encoders", () => [tensor(10), k.ledger.within("core", () => tensor(5))] as const);
    expect(k.ledger.read()).toMatchObject({
      live: resting + 60,
      peak: resting + 60,
      peakByPart: { encoders: 40, core: 20 },
    });
    k.ledger.assign(b, "gradients");
    a.dispose();
    const c = tensor(3);
    expect(k.ledger.read()).toMatchObject({
      live: resting + 32,
      peak: resting + 60,
      peakByPart: { encoders: 40, core: 20, gradients: 0 },
    });
    k.ledger.resetPeak();
    expect(k.ledger.read()).toMatchObject({ peak: resting + 32, peakByPart: { encoders: 0, core: 0, gradients: 20 } });
    b.dispose();
    c.dispose();
    expect(k.ledger.read().live).toBe(resting);
  });

  it("knows the most activations at any moment, which need not be that of the peak", () => {
    const weights = k.ledger.within("weights", () => tensor(100));
    k.ledger.resetPeak();
    const { live, largestActivations: resting } = k.ledger.read();
    const a = k.ledger.within("core", () => tensor(10));
    const b = tensor(20);
    expect(k.ledger.read()).toMatchObject({ peak: live + 120, largestActivations: resting + 120 });
    k.ledger.assign(b, "gradients");
    const c = k.ledger.within("decoders", () => tensor(15));
    // More in all than ever, but of activations 25 numbers where there were 30.
    expect(k.ledger.read()).toMatchObject({ peak: live + 180, largestActivations: resting + 120 });
    k.ledger.resetPeak();
    expect(k.ledger.read().largestActivations).toBe(resting + 100);
    k.ledger.assign(b, "other");
    expect(k.ledger.read().largestActivations).toBe(resting + 180);
    for (const each of [a, b, c, weights]) each.dispose();
    k.ledger.resetPeak();
    expect(k.ledger.read().largestActivations).toBe(resting);
  });

  it("knows where the step was at the peak, also while a gradient was made there", () => {
    k.ledger.resetPeak();
    const made = k.ledger.within("discriminators", () => [tensor(5), k.ledger.within("gradients", () => tensor(30))]);
    expect(k.ledger.read().peakIn).toBe("discriminators");
    made.pop()!.dispose();
    made.push(k.ledger.within("core", () => tensor(20)));
    expect(k.ledger.read().peakIn).toBe("discriminators");
    made.push(k.ledger.within("core", () => tensor(20)));
    expect(k.ledger.read().peakIn).toBe("core");
    k.ledger.resetPeak();
    expect(k.ledger.read().peakIn).toBe("other");
    for (const each of made) each.dispose();
  });

  it("goes back to the outer part after a failure", () => {
    expect(() =>
      k.ledger.within("core", () => {
        throw new Error("inside");
      }),
    ).toThrow("inside");
    k.ledger.resetPeak();
    const before = k.ledger.read().peakByPart.core;
    const x = tensor(4);
    expect(k.ledger.read().peakByPart.core).toBe(before);
    x.dispose();
  });

  it("catches a second owner and a use after the end", () => {
    const x = tensor(2);
    x.dispose();
    expect(() => x.dispose()).toThrow("tensor [2] was disposed twice");
    expect(() => k.read(x)).toThrow("tensor [2] was used after it was disposed");
  });
});
