import { beforeAll, describe, expect, it } from "vitest";
import type { WebGpuKernels } from "../../../../extension/trainer/kernels/webgpu/webgpuKernels";
import { dispose, type Shape, type Tensor } from "../../../../extension/trainer/kernels/tensor";
import { bits, gaussianTensor } from "../../../support/arrays";
import { expectNoLeaks, testedGpu, webGpuKernels } from "../../../support/engines";

/*
 * What a kernel puts off is computed by the next one on its way. Here the results are compared with those of the same kernels where everything
 * is computed at once, since reading a tensor computes it.
 */
describe.runIf(testedGpu !== "none")("kernels of webgpu that compute an operand on their way", () => {
  let k: WebGpuKernels;
  beforeAll(async () => {
    k = await webGpuKernels();
  });
  expectNoLeaks(() => k);

  const picture: Shape = [2, 6, 5, 8];
  const padded: Shape = [2, 8, 7, 8];
  const geometry = { stride: 1, pad: 0 };

  /** An operation whose first operand is made by `operand`; both are owned by the caller. */
  interface Case {
    readonly name: string;
    readonly operand: (sources: readonly Tensor[]) => Tensor;
    readonly use: (operand: Tensor, sources: readonly Tensor[]) => Tensor;
    /** Dispatches of both together. */
    readonly dispatches: number;
  }
  const cases: Case[] = [
    {
      name: "add what is rounded",
      operand: ([a]) => k.snap(a!, 4),
      use: (x, [, b]) => k.binary("add", b!, x),
      dispatches: 1,
    },
    {
      name: "subtract what is rounded",
      operand: ([a]) => k.snap(a!, 4),
      use: (x, [, b]) => k.binary("subtract", b!, x),
      dispatches: 1,
    },
    {
      name: "add a number to what is rounded",
      operand: ([a]) => k.snap(a!, 4),
      use: (x) => k.binary("add", x, 0.5),
      dispatches: 1,
    },
    {
      name: "add a folded border",
      operand: ([, , dy]) => k.padGradient(dy!, 1, "reflect"),
      use: (x, [a]) => k.binary("add", a!, x),
      dispatches: 1,
    },
    {
      name: "add to a folded border",
      operand: ([, , dy]) => k.padGradient(dy!, 1, "replicate"),
      use: (x, [a]) => k.binary("add", x, a!),
      dispatches: 1,
    },
    {
      name: "convolve what is padded",
      operand: ([a]) => k.pad(a!, 1, "reflect"),
      use: (x, [, , , filter]) => k.conv(x, filter!, geometry),
      dispatches: 1,
    },
    {
      name: "convolve what is repeated",
      operand: ([a]) => k.pad(a!, 2, "replicate"),
      use: (x, [, , , filter]) => k.conv(x, filter!, { stride: 2, pad: 1 }),
      dispatches: 1,
    },
    {
      name: "convolve what is rectified and padded",
      operand: ([a]) => k.reluPad(a!, 1, "reflect"),
      use: (x, [, , , filter]) => k.conv(x, filter!, geometry),
      dispatches: 1,
    },
    {
      name: "convolve what is rectified",
      operand: ([a]) => k.relu(a!),
      use: (x, [, , , filter]) => k.conv(x, filter!, { stride: 2, pad: 1 }),
      dispatches: 1,
    },
    {
      name: "convolve what is rectified with a slope",
      operand: ([a]) => k.leakyRelu(a!, 0.2),
      use: (x, [, , , filter]) => k.conv(x, filter!, { stride: 1, pad: 1 }),
      dispatches: 1,
    },
    {
      name: "take a filter's gradient by what is rectified and padded",
      operand: ([a]) => k.reluPad(a!, 1, "reflect"),
      use: (x, [, b, , filter]) => {
        const gradient = k.convFilterGradient(x, b!, filter!.shape, geometry);
        k.read(gradient);
        return gradient;
      },
      dispatches: 1,
    },
    {
      name: "take a norm's gradient of what is negated",
      operand: ([a]) => k.binary("multiply", a!, -1),
      use: (x, [, b, , , rstd]) => k.normalizeGradient(x, b!, rstd!),
      dispatches: 1,
    },
    {
      name: "take a norm's gradient behind a rectifier",
      operand: ([a, b]) => k.reluGradient(a!, b!),
      use: (x, [, b, , , rstd]) => k.normalizeGradient(x, b!, rstd!),
      dispatches: 1,
    },
    {
      name: "take a norm's gradient behind a leaky rectifier",
      operand: ([a, b]) => k.leakyReluGradient(a!, b!, 0.2),
      use: (x, [, b, , , rstd]) => k.normalizeGradient(x, b!, rstd!),
      dispatches: 1,
    },
    {
      name: "take a norm's gradient behind a rectifier of something else",
      operand: ([a, b]) => k.reluGradient(b!, a!),
      use: (x, [, b, , , rstd]) => k.normalizeGradient(x, b!, rstd!),
      dispatches: 2,
    },
    {
      name: "take a norm's gradient behind a border",
      operand: ([, , dy]) => k.padGradient(dy!, 1, "reflect"),
      use: (x, [, b, , , rstd]) => k.normalizeGradient(x, b!, rstd!),
      dispatches: 1,
    },
    {
      name: "take a norm's gradient behind a rectifier and a border",
      operand: ([, b, dy]) => k.reluPadGradient(dy!, b!, 1, "replicate"),
      use: (x, [, b, , , rstd]) => k.normalizeGradient(x, b!, rstd!),
      dispatches: 1,
    },
  ];

  it.each(cases)("$name", ({ operand, use, dispatches }) => {
    const sources = [
      gaussianTensor(k, picture, 1),
      gaussianTensor(k, picture, 2),
      gaussianTensor(k, padded, 3),
      gaussianTensor(k, [3, 3, 8, 8], 4),
      gaussianTensor(k, [2, 8], 5),
    ];
    const first = operand(sources);
    const { dispatches: before } = k.gpu.counts;
    const fused = use(first, sources);
    expect(k.gpu.counts.dispatches - before).toBe(dispatches);
    const found = bits(k.read(fused));
    // What was used on the way can still be had by itself.
    const alone = bits(k.read(first));
    const again = operand(sources);
    expect(bits(k.read(again))).toBe(alone);
    const apart = use(again, sources);
    expect(bits(k.read(apart))).toBe(found);
    dispose(first, fused, again, apart, ...sources);
  });

  it.each([
    ["at once", [2, 6, 5, 8], [3, 3, 8, 8]],
    ["in parts", [1, 40, 40, 8], [3, 3, 8, 16]],
  ] as const)("add a filter's gradient, which is computed %s", (_, shape, filterShape) => {
    const yShape = [...shape.slice(0, 3), filterShape[3]];
    const sources = [gaussianTensor(k, shape, 1), gaussianTensor(k, yShape, 2), gaussianTensor(k, filterShape, 3)];
    const gradient = (): Tensor => k.convFilterGradient(sources[0]!, sources[1]!, filterShape, { stride: 1, pad: 1 });
    const one = gradient();
    const sum = k.binary("add", sources[2]!, one);
    const two = gradient();
    k.read(two);
    const expected = k.binary("add", sources[2]!, two);
    expect(bits(k.read(sum))).toBe(bits(k.read(expected)));
    expect(bits(k.read(one))).toBe(bits(k.read(two)));
    dispose(one, sum, two, expected, ...sources);
  });

  it("knows the largest magnitude of a sum without looking at it again", () => {
    const [a, b] = [gaussianTensor(k, [1, 40, 30, 3], 1), gaussianTensor(k, [1, 40, 30, 3], 2)];
    const rounded = k.snap(b, 6);
    const sum = k.binary("add", a, rounded);
    const { dispatches } = k.gpu.counts;
    const largest = k.largest(sum);
    expect(k.gpu.counts.dispatches).toBe(dispatches);
    expect(k.read(largest)[0]).toBe(Math.max(...k.read(sum).map(Math.abs)));
    const again = k.largest(sum);
    expect(k.read(again)).toEqual(k.read(largest));
    dispose(a, b, rounded, sum, largest, again);
  });

  it("reads with the next read what is not needed at once, also of a tensor that is gone by then", () => {
    const x = gaussianTensor(k, [3, 5], 1);
    const expected = k.read(x);
    const y = k.binary("add", x, 0);
    const { reads } = k.gpu.counts;
    const later = k.readLater(y);
    y.dispose();
    // Would take its buffer.
    const other = k.zeros([3, 5]);
    expect(k.gpu.counts.reads).toBe(reads);
    expect([...k.read(other)]).toEqual(Array(15).fill(0));
    expect(later).toEqual(expected);
    expect(k.gpu.counts.reads).toBe(reads + 1);
    dispose(x, other);
  });

  it("reads all scalars that wait together", () => {
    const x = gaussianTensor(k, [1, 8, 8, 4], 1);
    const scalars = [k.mean(x), k.largest(x), k.mean(x)];
    const tripled = k.binary("multiply", scalars[0]!, 3);
    const derived = k.binary("maximum", scalars[1]!, tripled);
    const { reads } = k.gpu.counts;
    const values = [...scalars, derived].map((scalar) => k.read(scalar)[0]!);
    expect(k.gpu.counts.reads - reads).toBe(1);
    expect(values[3]).toBe(Math.max(values[1]!, Math.fround(values[0]! * 3)));
    expect(values[2]).toBe(values[0]);
    dispose(x, ...scalars, tripled, derived);
  });
});
