import { createRequire } from "node:module";
import { beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { bytesOf, dispose, type Shape, type Tensor } from "../../../extension/trainer/kernels/tensor";
import type { TfjsTensor, Tfjs } from "../../../extension/trainer/kernels/tfjs";
import { gaussianTensor } from "../../support/arrays";
import { expectNoLeaks, kernelsOf } from "../../support/engines";

/** Elements of the activation that most kernels here are given. */
const shape = [2, 20, 18, 8];
const activation = bytesOf(shape);
/** Volumes of as many elements, about. */
const solid = [2, 6, 5, 12, 8];

type Given = (shape: Shape) => Tensor;

/**
 * A run of every kernel that is several operations on WASM, and how many activations it may have alive at once beside its input. The backend
 * counts what is read in another shape twice.
 */
const runs: Record<string, { most: number; run: (k: Kernels, given: Given) => Tensor[] }> = {
  reluGradient: { most: 2, run: (k, given) => [k.reluGradient(given(shape), given(shape))] },
  leakyReluGradient: { most: 2.01, run: (k, given) => [k.leakyReluGradient(given(shape), given(shape), 0.2)] },
  tanhGradient: { most: 2.01, run: (k, given) => [k.tanhGradient(given(shape), given(shape))] },
  snap: { most: 2.01, run: (k, given) => [k.snap(given(shape), 3)] },
  mean: { most: 0.2, run: (k, given) => [k.mean(given(shape))] },
  largest: { most: 1.01, run: (k, given) => [k.largest(given(shape))] },
  biasGradient: { most: 0.2, run: (k, given) => [k.biasGradient(given(shape))] },
  "convInputGradient, stride 1": {
    most: 2.5,
    run: (k, given) => [k.convInputGradient(given(shape), given([3, 3, 8, 8]), shape, { stride: 1, pad: 1 })],
  },
  "convInputGradient, stride 2": {
    most: 2.1,
    run: (k, given) => [k.convInputGradient(given([2, 10, 9, 16]), given([3, 3, 8, 16]), shape, { stride: 2, pad: 1 })],
  },
  "convInputGradient, fewer places than channels": {
    most: 2.7,
    run: (k, given) => [
      k.convInputGradient(given([1, 4, 4, 32]), given([3, 3, 20, 32]), [1, 8, 8, 20], { stride: 2, pad: 1 }),
    ],
  },
  "conv of volumes": {
    most: 12.1,
    run: (k, given) => [k.conv(given(solid), given([3, 3, 3, 8, 8]), { stride: 1, pad: 1 })],
  },
  "conv of volumes to one channel": {
    most: 4,
    run: (k, given) => [k.conv(given(solid), given([3, 3, 3, 8, 1]), { stride: 1, pad: 1 })],
  },
  "convInputGradient of volumes": {
    most: 16,
    run: (k, given) => [k.convInputGradient(given(solid), given([3, 3, 3, 8, 8]), solid, { stride: 1, pad: 1 })],
  },
  "convFilterGradient of volumes": {
    most: 16,
    run: (k, given) => [k.convFilterGradient(given(solid), given(solid), [3, 3, 3, 8, 8], { stride: 1, pad: 1 })],
  },
  "replication pad": { most: 6.2, run: (k, given) => [k.pad(given(solid), 2, "replicate")] },
  "replication padGradient": {
    most: 8.5,
    run: (k, given) => [k.padGradient(given([2, 10, 9, 12, 8]), 2, "replicate")],
  },
  convFilterGradient: {
    most: 2.6,
    run: (k, given) => [k.convFilterGradient(given(shape), given(shape), [3, 3, 8, 8], { stride: 1, pad: 1 })],
  },
  "reflection padGradient": { most: 2.8, run: (k, given) => [k.padGradient(given([2, 26, 24, 8]), 3, "reflect")] },
  normalize: { most: 2.1, run: (k, given) => Object.values(k.normalize(given(shape), "image")) },
  "normalize a batch": { most: 2.1, run: (k, given) => Object.values(k.normalize(given(shape), "batch")) },
  normalizeGradient: { most: 3.1, run: (k, given) => [k.normalizeGradient(given(shape), given(shape), given([2, 8]))] },
  "normalizeGradient of a batch": {
    most: 3.1,
    run: (k, given) => [k.normalizeGradient(given(shape), given(shape), given([1, 8]))],
  },
};

describe("what kernels on wasm have alive on the way", () => {
  let k: Kernels;
  let tf: Tfjs;
  beforeAll(async () => {
    k = await kernelsOf("wasm");
    tf = createRequire(import.meta.url)("@tensorflow/tfjs-core") as Tfjs;
  });
  expectNoLeaks(() => k);

  it.each(Object.entries(runs))("is little, and in the ledger to the last scalar: %s", async (_, { most, run }) => {
    const inputs: Tensor[] = [];
    let results: Tensor[] = [];
    const given: Given = (each) => {
      const x = gaussianTensor(k, each, 1);
      inputs.push(x);
      return x;
    };
    k.ledger.resetPeak();
    const before = tf.memory().numBytes;
    expect(before).toBe(k.ledger.read().live);
    const { peakBytes, result } = await tf.profile(() => {
      results = run(k, given);
      return tf.scalar(0);
    });
    // tfjs's own account of the same work, an operation at a time; the scalar constants inside one are its own business.
    expect(Math.abs(k.ledger.read().peak - peakBytes)).toBeLessThanOrEqual(4);
    const live = inputs.reduce((sum, { shape: each }) => sum + bytesOf(each), 0);
    expect(k.ledger.read().peak - before - live).toBeLessThanOrEqual(most * activation);
    (result as TfjsTensor).dispose();
    dispose(...inputs, ...results);
  });

  it("is three times a parameter in a step of Adam", () => {
    const parameter = [4, 4, 32, 16];
    const [value, m, gradient, root] = [1, 2, 3, 4].map((seed) => gaussianTensor(k, parameter, seed)) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    const v = k.unary("square", root);
    k.ledger.resetPeak();
    const before = k.ledger.read().live;
    k.adam({ value, m, v }, gradient, { step: 1, learningRate: 1e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 });
    expect(k.ledger.read().peak - before).toBe(3 * bytesOf(parameter));
    dispose(value, m, v, gradient, root);
  });
});
