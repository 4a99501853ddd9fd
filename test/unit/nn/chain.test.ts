import { beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { dispose } from "../../../extension/trainer/kernels/tensor";
import { Relu } from "../../../extension/trainer/nn/activations";
import { Chain } from "../../../extension/trainer/nn/chain";
import { Convolution } from "../../../extension/trainer/nn/convolution";
import { InstanceNorm } from "../../../extension/trainer/nn/instanceNorm";
import { Pad } from "../../../extension/trainer/nn/pad";
import { bits, gaussianTensor } from "../../support/arrays";
import { expectNoLeaks, kernelsOf, networkEngines } from "../../support/engines";
import { seededSource } from "../../support/networks";

// Small operations: TensorFlow's threads would only wait for each other.
process.env.TF_NUM_INTRAOP_THREADS = "1";

const shape = [1, 6, 5, 4];
const [features, padded, scale] = [4 * 6 * 5 * 4, 4 * 8 * 7 * 4, 4 * 4];

describe.each(networkEngines)("a chain on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });
  expectNoLeaks(() => k);

  /** A residual function with a chain inside: pad, convolve, norm, ReLU, twice. */
  function build(): Chain {
    const source = seededSource(k, 1, 0.3);
    const plan = {
      dimensions: 2,
      size: 3,
      inputs: 4,
      outputs: 4,
      geometry: { stride: 1, pad: 0 },
      bias: "idle" as const,
    };
    const half = (name: string): Chain =>
      new Chain(
        [new Pad(1, "reflect"), new Convolution({ ...plan, name }, source), new InstanceNorm(), new Relu()],
        null,
      );
    return new Chain([half("first"), half("second")], "core");
  }

  const free = (chain: Chain): void => chain.parameters.forEach((parameter) => parameter.dispose());

  it.each([
    ["none", 0],
    // Between the layers: both norms' outputs, and what the inner chains hand on, which the second reads. Beside them, both scales.
    ["minimal", 3 * features + 2 * scale],
    // And both padded inputs of the convolutions.
    ["all", 3 * features + 2 * padded + 2 * scale],
  ] as const)("keeping %s holds %i bytes, and freeing them without a backward pass leaves none", (retention, bytes) => {
    const chain = build();
    const x = gaussianTensor(k, shape, 1);
    const resting = k.ledger.read().live;
    const { y, saved } = chain.forward(k, x, retention);
    y.dispose();
    expect(k.ledger.read().live - resting).toBe(bytes);
    chain.free(saved);
    expect(k.ledger.read().live).toBe(resting);
    x.dispose();
    free(chain);
  });

  it("has the same gradients to the bit, whether it saved or remade what lies between its layers", () => {
    const chain = build();
    const x = gaussianTensor(k, shape, 1);
    const dy = gaussianTensor(k, shape, 2);
    const [lean, all] = (["minimal", "all"] as const).map((retention) => {
      const { y, saved } = chain.forward(k, x, retention);
      const dx = chain.backward(k, dy, { saved, input: () => x, output: () => y }, { input: true, weights: true })!;
      const found = [k.read(dx), ...chain.parameters.map(({ gradient }) => k.read(gradient!))].map(bits);
      chain.parameters.forEach((parameter) => parameter.clear());
      dispose(y, dx);
      return found;
    });
    expect(lean).toEqual(all);
    dispose(x, dy);
    free(chain);
  });

  it.each([
    { input: true, weights: false },
    { input: false, weights: true },
  ])("gives what it is asked for and nothing else: input $input, weights $weights", (needs) => {
    const chain = build();
    const x = gaussianTensor(k, shape, 1);
    const dy = gaussianTensor(k, shape, 2);
    const { y, saved } = chain.forward(k, x, "minimal");
    const dx = chain.backward(k, dy, { saved, input: () => x, output: () => y }, needs);
    expect(dx !== null).toBe(needs.input);
    expect(chain.parameters.map(({ gradient }) => gradient !== null)).toEqual([needs.weights, needs.weights]);
    dispose(x, y, dy, dx);
    free(chain);
  });

  it("adds the gradients of a second pass to those of the first", () => {
    const chain = build();
    const x = gaussianTensor(k, shape, 1);
    const dy = gaussianTensor(k, shape, 2);
    const pass = (): Float32Array => {
      const { y, saved } = chain.forward(k, x, "minimal");
      chain.backward(k, dy, { saved, input: () => x, output: () => y }, { input: false, weights: true });
      y.dispose();
      return k.read(chain.parameters[0]!.gradient!);
    };
    const once = pass();
    expect(pass()).toEqual(once.map((value) => 2 * value));
    dispose(x, dy);
    free(chain);
  });

  it("books its tensors to its part", () => {
    const chain = build();
    const x = gaussianTensor(k, shape, 1);
    k.ledger.resetPeak();
    const before = k.ledger.read().peakByPart;
    const { y, saved } = chain.forward(k, x, "all");
    const { peakByPart } = k.ledger.read();
    expect(peakByPart.core).toBeGreaterThanOrEqual(before.core + 4 * features + 2 * padded + 2 * scale);
    expect({ ...peakByPart, core: 0 }).toEqual({ ...before, core: 0 });
    y.dispose();
    chain.free(saved);
    x.dispose();
    free(chain);
  });
});
