import { beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../../extension/configuration/config";
import { graphKernels } from "../../../../extension/trainer/interop/onnx/graphKernels";
import { modelProto } from "../../../../extension/trainer/interop/onnx/onnxModel";
import { modelType } from "../../../../extension/trainer/interop/onnx/messages";
import type { Kernels } from "../../../../extension/trainer/kernels/kernels";
import { elements, type Shape, spatial, type Tensor } from "../../../../extension/trainer/kernels/tensor";
import { Parameter } from "../../../../extension/trainer/nn/parameter";
import { gaussian, largestDifference } from "../../../support/arrays";
import { kernelsOf } from "../../../support/engines";
import { openOnnx } from "../../../support/onnx";

/** An operation of kernels on one tensor; `weight` makes a parameter of a shape. */
type Operation = (k: Kernels, x: Tensor, weight: (shape: Shape) => Tensor) => Tensor;

const described = { config: parseConfig({}, ""), direction: "AtoB", step: 0 } as const;
const unary = ["abs", "exp", "sigmoid", "sign", "softplus", "square", "tanh"] as const;
const binary = ["add", "subtract", "multiply", "maximum"] as const;

/** The operations by name. What they have beside x is a function of it, so that it does not depend on its size. */
const operations: Readonly<Record<string, Operation>> = {
  ...Object.fromEntries(unary.map((op) => [op, (k, x) => k.unary(op, x)] satisfies [string, Operation])),
  ...Object.fromEntries(
    binary.flatMap((op): [string, Operation][] => [
      [`${op} a tensor`, (k, x) => k.binary(op, x, k.unary("tanh", x))],
      [`${op} a number`, (k, x) => k.binary(op, x, 0.25)],
    ]),
  ),
  "multiply by ones from the host": (k, x) =>
    k.binary("multiply", k.relu(x), k.tensor(new Float32Array(elements(x.shape)).fill(1), x.shape)),
  relu: (k, x) => k.relu(x),
  leakyRelu: (k, x) => k.leakyRelu(x, 0.2),
  "split and concat": (k, x) => {
    const [first, second] = k.split(x, [1, 3]) as [Tensor, Tensor];
    return k.concat([second, first, second]);
  },
  "pad by reflection": (k, x) => k.pad(x, 2, "reflect"),
  "pad by replication": (k, x) => k.pad(x, 3, "replicate"),
  reluPad: (k, x) => k.reluPad(x, 1, "reflect"),
  "instance norm": (k, x) => k.normalize(x, "image").y,
  "batch norm with scale and shift": (k, x, weight) =>
    k.addBias(k.scaleChannels(k.normalize(x, "batch").y, weight([4])), weight([4])),
  "a shift before a scale": (k, x, weight) =>
    k.scaleChannels(k.addBias(k.normalize(x, "batch").y, weight([4])), weight([4])),
  "a scale of no norm": (k, x, weight) => k.scaleChannels(x, weight([4])),
  "two shifts": (k, x, weight) => k.addBias(k.addBias(k.relu(x), weight([4])), weight([4])),
};

const convolutions = [
  { size: 3, stride: 1, pad: 0 },
  { size: 3, stride: 2, pad: 1 },
  { size: 4, stride: 2, pad: 1 },
  { size: 4, stride: 3, pad: 2 },
];

describe("operations written as nodes", () => {
  let wasm: Kernels;
  beforeAll(async () => {
    wasm = await kernelsOf("wasm");
  });

  /** The operation on our kernels, and by onnxruntime from a graph that was written for another size. */
  async function expectEqual(operation: Operation, traced: Shape, shape: Shape): Promise<void> {
    const data = gaussian(shape, 1);
    const expected = operation(
      wasm,
      wasm.tensor(data, shape),
      weights(wasm, () => undefined),
    );
    const k = graphKernels();
    const image = k.input("image", traced);
    const y = operation(
      k,
      image,
      weights(k, (parameter) => k.nameParameters([parameter])),
    );
    const run = await openOnnx(
      modelType.encode(modelProto(k.graphBetween("test", image, y, "translation"), described)).finish(),
    );
    const actual = await run({ shape, data });
    expect(actual.shape).toEqual(expected.shape);
    const truth = wasm.read(expected);
    expect(largestDifference(actual.data, truth)).toBeLessThan(
      1e-5 * truth.reduce((most, value) => Math.max(most, Math.abs(value)), 1),
    );
  }

  /** Parameters from N(0, 1), the same for both. */
  function weights(k: Kernels, named: (parameter: Parameter) => void): (shape: Shape) => Tensor {
    let count = 0;
    return (shape) => {
      const plan = { name: `module${count}.weight`, shape, initial: "normal", idleBias: null } as const;
      const parameter = new Parameter(plan, k.tensor(gaussian(shape, 100 + count++), shape));
      named(parameter);
      return parameter.value;
    };
  }

  describe.each(Object.entries(operations))("%s", (_, operation) => {
    it.each([
      ["pictures", [1, 5, 6, 4], [1, 7, 5, 4]],
      ["volumes", [1, 5, 6, 4, 4], [1, 4, 7, 5, 4]],
    ])("of %s", (_, traced, shape) => expectEqual(operation, traced, shape));
  });

  describe.each(convolutions)("a convolution $size wide, stride $stride, padded by $pad,", ({ size, stride, pad }) => {
    const geometry = { stride, pad };
    it.each([
      ["pictures", [1, 5, 8, 4], [2, 11, 8, 4]],
      ["volumes", [1, 5, 8, 5, 4], [1, 5, 8, 11, 4]],
    ])("of %s, with a shift, and the transposed one", async (_, traced, shape) => {
      const filter = [...traced.slice(1, -1).map(() => size), 4, 3];
      await expectEqual((k, x, weight) => k.addBias(k.conv(x, weight(filter), geometry), weight([3])), traced, shape);
      const back = [...traced.slice(1, -1).map(() => size), 3, 4];
      await expectEqual(
        (k, x, weight) => {
          // Of the sizes that the convolution takes to this one, the largest.
          const larger = spatial(x.shape).map((side) => stride * side - 1 + size - 2 * pad);
          return k.addBias(k.convInputGradient(x, weight(back), [x.shape[0]!, ...larger, 3], geometry), weight([3]));
        },
        traced,
        shape,
      );
    });
  });
});
