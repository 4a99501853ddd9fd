import { beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { dispose, type Tensor } from "../../../extension/trainer/kernels/tensor";
import type { Coupling } from "../../../extension/trainer/nn/coupling";
import type { CoreOptions } from "../../../extension/trainer/nn/reversibleCore";
import { bits, gaussian, gaussianTensor, relativeDifference } from "../../support/arrays";
import { expectNoLeaks, kernelsOf, networkEngines } from "../../support/engines";
import { extent } from "../../support/full";
import { coreCouplings, coreOf, seededSource } from "../../support/networks";

/** Features of a 64² image in a network of width 16. */
const shape = [1, 16, 16, 64];

describe.each(networkEngines)("the reversible core on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });
  expectNoLeaks(() => k);

  /** C⁻¹(C(x)), from the grid that x lay on. */
  function roundTrip(couplings: readonly Coupling[], x: Tensor, exact: boolean): Float32Array {
    const { y, saved } = coreOf(couplings, "forward", { exact }).forward(k, x, "none");
    const { y: back } = coreOf(couplings, "inverse", { exact }).run(k, y, "none", saved.grid);
    const result = k.read(back).slice();
    dispose(y, back);
    return result;
  }

  /** Seeded features on the grid on which float32 adds exactly below 64. */
  function features(): Tensor {
    return k.tensor(
      gaussian(shape, 1).map((v) => Math.round(v * 2 ** 18) / 2 ** 18 + 0),
      shape,
    );
  }

  function gradients(
    couplings: readonly Coupling[],
    direction: "forward" | "inverse",
    options: Partial<CoreOptions>,
    size: readonly number[] = shape,
  ): string[] {
    const core = coreOf(couplings, direction, options);
    const x = gaussianTensor(k, size, 1);
    const { y, saved } = core.forward(k, x, "minimal");
    const dy = gaussianTensor(k, size, 2);
    const dx = core.backward(k, dy, { saved, input: () => x, output: () => y }, { input: true, weights: true })!;
    core.free(saved);
    const all = [
      bits(k.read(y)),
      bits(k.read(dx)),
      ...core.parameters.map((parameter) => bits(k.read(parameter.gradient!))),
    ];
    core.parameters.forEach((parameter) => parameter.clear());
    dispose(x, y, dy, dx);
    return all;
  }

  const free = (couplings: readonly Coupling[]): void =>
    couplings.forEach((coupling) => coupling.parameters.forEach((parameter) => parameter.dispose()));

  it.each(extent([9, 64], [9, 32, 64]))("gives back what went in, bit for bit, at %i blocks", (depth) => {
    const couplings = coreCouplings(seededSource(k, 5), { depth, channels: 64 });
    const x = features();
    expect(bits(roundTrip(couplings, x, true))).toEqual(bits(k.read(x)));
    x.dispose();
    free(couplings);
  });

  it("rounds what goes in by less than a hundred-thousandth", () => {
    const couplings = coreCouplings(seededSource(k, 5), { depth: 9, channels: 64 });
    const x = gaussianTensor(k, shape, 1);
    const back = roundTrip(couplings, x, true);
    expect(Math.max(...k.read(x).map((v, i) => Math.abs(v - back[i]!)))).toBeLessThan(1e-5);
    x.dispose();
    free(couplings);
  });

  it("drifts without exact sums, so that the tests above can fail", () => {
    const couplings = coreCouplings(seededSource(k, 5), { depth: 32, channels: 64 });
    const x = features();
    expect(relativeDifference(roundTrip(couplings, x, false), k.read(x))).toBeGreaterThan(1e-7);
    x.dispose();
    free(couplings);
  });

  it("stays exact when the state leaves the grid that was tried first", () => {
    const couplings = coreCouplings(seededSource(k, 5), { depth: 9, channels: 64 });
    // Multiples of 1/4 below 2: on every grid that may be tried.
    const x = k.tensor(
      gaussian(shape, 1).map((v) => Math.round(4 * Math.max(-1.5, Math.min(1.5, v))) / 4 + 0),
      shape,
    );
    const there = coreOf(couplings, "forward");
    const { y, saved } = there.run(k, x, "none", 23);
    expect(saved.grid).toBeLessThan(23);
    const largest = k.largest(y);
    expect(k.read(largest)[0]).toBeLessThan(2 ** (24 - saved.grid!));
    const { y: back } = coreOf(couplings, "inverse").run(k, y, "none", saved.grid);
    expect(bits(k.read(back))).toEqual(bits(k.read(x)));
    dispose(x, y, back, largest);
    free(couplings);
  });

  it.each(extent([9], [9, 32, 64]))(
    "has the same gradients recomputing, checkpointing and storing, bit for bit, at %i blocks",
    { timeout: 600_000 },
    (depth) => {
      const couplings = coreCouplings(seededSource(k, 5), { depth, channels: 64 });
      for (const direction of ["forward", "inverse"] as const) {
        const stored = gradients(couplings, direction, { backprop: "store" });
        expect(gradients(couplings, direction, { backprop: "recompute" })).toEqual(stored);
        expect(gradients(couplings, direction, { backprop: "checkpoint" })).toEqual(stored);
      }
      free(couplings);
    },
  );

  const numbersOfStored = [0, 1, 3, 5];
  const sizes = [
    { dimensions: 2, size: shape },
    { dimensions: 3, size: [1, 4, 6, 4, 32] },
  ] as const;

  it.each(sizes)(
    "has the same output and gradients however many blocks are stored, bit for bit, in $dimensions dimensions",
    ({ dimensions, size }) => {
      const couplings = coreCouplings(seededSource(k, 5), { depth: 5, channels: size.at(-1)!, dimensions });
      for (const direction of ["forward", "inverse"] as const) {
        const stored = gradients(couplings, direction, { backprop: "store" }, size);
        for (const storedBlocks of numbersOfStored)
          expect(gradients(couplings, direction, { storedBlocks }, size), `${storedBlocks} stored`).toEqual(stored);
      }
      free(couplings);
    },
  );

  // The states of the blocks that are not stored are recovered approximately.
  it.each(sizes)(
    "has the gradients of storing in the blocks that are stored, bit for bit, with affine couplings in $dimensions dimensions",
    ({ dimensions, size }) => {
      const plan = { depth: 5, channels: size.at(-1)!, kind: "affine", dimensions } as const;
      const couplings = coreCouplings(seededSource(k, 5), plan);
      const parametersOfABlock = couplings.slice(0, 2).flatMap(({ parameters }) => parameters).length;
      for (const direction of ["forward", "inverse"] as const) {
        const found = (options: Partial<CoreOptions>): string[] =>
          gradients(couplings, direction, { exact: false, ...options }, size);
        const stored = found({ backprop: "store" });
        // Output and input gradient, then the parameters in the order of the forward direction.
        const ofLast = (all: readonly string[], blocks: number): readonly string[] => {
          const count = blocks * parametersOfABlock;
          return direction === "forward" ? all.slice(all.length - count) : all.slice(2, 2 + count);
        };
        for (const storedBlocks of numbersOfStored) {
          const some = found({ storedBlocks });
          expect(some[0]).toBe(stored[0]);
          expect(ofLast(some, storedBlocks), `${storedBlocks} stored`).toEqual(ofLast(stored, storedBlocks));
        }
        expect(found({ storedBlocks: 0 })).toEqual(found({}));
        expect(found({ storedBlocks: 5 })).toEqual(stored);
        expect(found({ storedBlocks: 3 })).not.toEqual(stored);
      }
      free(couplings);
    },
  );

  it("inverts affine couplings to 1e-4 at 32 blocks", () => {
    const couplings = coreCouplings(seededSource(k, 5), { depth: 32, channels: 64, kind: "affine" });
    const x = gaussianTensor(k, shape, 1);
    expect(relativeDifference(roundTrip(couplings, x, false), k.read(x))).toBeLessThan(1e-4);
    x.dispose();
    free(couplings);
  });

  it.each(["additive", "affine"] as const)("keeps nothing but its output, whatever its depth (%s)", (kind) => {
    const peaks = [2, 8].map((depth) => {
      const core = coreOf(coreCouplings(seededSource(k, 5), { depth, channels: 64, kind }), "forward", {
        exact: kind === "additive",
      });
      const x = gaussianTensor(k, shape, 1);
      const resting = k.ledger.read().live;
      k.ledger.resetPeak();
      const { y, saved } = core.forward(k, x, "minimal");
      expect(k.ledger.read().live - resting).toBe(4 * 16 * 16 * 64);
      const dy = gaussianTensor(k, shape, 2);
      const dx = core.backward(k, dy, { saved, input: () => x, output: () => y }, { input: true, weights: false })!;
      dispose(x, y, dy, dx);
      core.parameters.forEach((parameter) => parameter.dispose());
      return k.ledger.read().peak - resting;
    });
    expect(peaks[1]).toBe(peaks[0]);
  });
});
