import { beforeAll, describe, expect, it } from "vitest";
import { type BinaryOp, type Kernels, normEpsilon, type UnaryOp } from "../../../extension/trainer/kernels/kernels";
import { dispose, type Shape, type Tensor } from "../../../extension/trainer/kernels/tensor";
import { gaussian } from "../../support/arrays";
import { engineNames, expectNoLeaks, gpuNative, kernelsOf, plainNative } from "../../support/engines";
import {
  channelMeans,
  channelOf,
  conv,
  convFilterGradient,
  convInputGradient,
  convShape,
  type Reference,
  reference,
} from "./reference";

// Small operations: TensorFlow's threads would only wait for each other.
process.env.TF_NUM_INTRAOP_THREADS = "1";

const relative = 1e-5;

describe.each([...engineNames, plainNative, gpuNative] as const)("kernels on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });
  expectNoLeaks(() => k);

  /** Seeded numbers as a tensor and in double precision. */
  function given(
    shape: Shape,
    seed: number,
    change: (value: number) => number = (value) => value,
  ): { tensor: Tensor; truth: Reference } {
    const values = gaussian(shape, seed).map(change);
    return { tensor: k.tensor(values, shape), truth: reference(values, shape) };
  }

  /** Whether no number is off by more than a hundred-thousandth of the largest; disposes it. */
  function expectClose(actual: Tensor, { shape, data }: Reference): void {
    expect(actual.shape).toEqual(shape);
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const worst = k.read(actual).reduce((most, value, i) => Math.max(most, Math.abs(value - data[i]!)), 0);
    expect(worst).toBeLessThanOrEqual(relative * largest);
    actual.dispose();
  }

  describe.each([
    { size: 1, stride: 1, pad: 0 },
    { size: 3, stride: 1, pad: 0 },
    { size: 3, stride: 1, pad: 1 },
    { size: 3, stride: 2, pad: 1 },
    { size: 4, stride: 1, pad: 1 },
    { size: 4, stride: 2, pad: 1 },
    { size: 4, stride: 3, pad: 2 },
    { size: 7, stride: 1, pad: 0 },
  ])("convolve, $size wide, stride $stride, padded by $pad,", ({ size, ...geometry }) => {
    // The last are as deep in a discriminator: fewer places than channels.
    it.each([
      [1, 9, 8, 3],
      [3, 8, 11, 2],
      [1, 7, 7, 1],
      [1, 7, 8, 9],
      [2, 7, 8, 24],
    ])("%i image of %i×%i with %i channels, and take both gradients", (...shape) => {
      // As many outputs as inputs, when these are many.
      const filterShape = [size, size, shape[3], Math.max(4, shape[3])];
      const x = given(shape, 1);
      const filter = given(filterShape, 2);
      const dy = given(convShape(shape, filterShape, geometry), 3);
      expectClose(k.conv(x.tensor, filter.tensor, geometry), conv(x.truth, filter.truth, geometry));
      expectClose(
        k.convInputGradient(dy.tensor, filter.tensor, shape, geometry),
        convInputGradient(dy.truth, filter.truth, shape, geometry),
      );
      expectClose(
        k.convFilterGradient(x.tensor, dy.tensor, filterShape, geometry),
        convFilterGradient(x.truth, dy.truth, filterShape, geometry),
      );
      dispose(x.tensor, filter.tensor, dy.tensor);
    });
  });

  describe.each([
    { size: 1, stride: 1, pad: 0 },
    { size: 3, stride: 1, pad: 0 },
    { size: 3, stride: 2, pad: 1 },
    { size: 4, stride: 1, pad: 1 },
    { size: 4, stride: 2, pad: 1 },
    { size: 5, stride: 1, pad: 0 },
    { size: 5, stride: 3, pad: 2 },
  ])("convolve volumes, $size wide, stride $stride, padded by $pad,", ({ size, ...geometry }) => {
    // From one channel and to one, as at both ends of a generator; and as deep in a discriminator.
    it.each([
      [1, 7, 6, 8, 1, 5],
      [2, 5, 8, 6, 3, 1],
      [1, 6, 5, 7, 6, 6],
      [2, 5, 5, 5, 20, 24],
    ])("%i volume of %i×%i×%i with %i channels to %i, and take both gradients", (...sizes) => {
      const shape = sizes.slice(0, -1);
      const filterShape = [size, size, size, ...sizes.slice(-2)];
      const x = given(shape, 1);
      const filter = given(filterShape, 2);
      const dy = given(convShape(shape, filterShape, geometry), 3);
      expectClose(k.conv(x.tensor, filter.tensor, geometry), conv(x.truth, filter.truth, geometry));
      expectClose(
        k.convInputGradient(dy.tensor, filter.tensor, shape, geometry),
        convInputGradient(dy.truth, filter.truth, shape, geometry),
      );
      expectClose(
        k.convFilterGradient(x.tensor, dy.tensor, filterShape, geometry),
        convFilterGradient(x.truth, dy.truth, filterShape, geometry),
      );
      dispose(x.tensor, filter.tensor, dy.tensor);
    });
  });

  it.each([
    [1, { stride: 1, pad: 0 }],
    [3, { stride: 2, pad: 0 }],
    [4, { stride: 1, pad: 1 }],
    [4, { stride: 3, pad: 2 }],
    [5, { stride: 1, pad: 4 }],
  ])("convolve to 512 channels, %i wide, %j", (size, geometry) => {
    const [shape, filterShape] = [
      [2, 6, 5, 3],
      [size, size, 3, 512],
    ];
    const [x, filter] = [given(shape, 1), given(filterShape, 2)];
    expectClose(k.conv(x.tensor, filter.tensor, geometry), conv(x.truth, filter.truth, geometry));
    dispose(x.tensor, filter.tensor);
  });

  it("add a bias to every pixel, and sum its gradient", () => {
    const [x, bias] = [given([3, 4, 5, 6], 1), given([6], 2)];
    expectClose(k.addBias(x.tensor, bias.tensor), {
      shape: x.truth.shape,
      data: x.truth.data.map((value, i) => value + bias.truth.data[i % 6]!),
    });
    const sums = new Float64Array(6);
    x.truth.data.forEach((value, i) => (sums[i % 6]! += value));
    expectClose(k.biasGradient(x.tensor), { shape: [6], data: sums });
    dispose(x.tensor, bias.tensor);
  });

  // Far from zero and hardly varying, too: a variance as a difference of squares would be lost there.
  describe.each([
    ["around zero", (value: number) => value],
    ["far from zero", (value: number) => 30 + value],
    ["of hardly any variance", (value: number) => 0.003 * value],
  ])("normalize pictures %s", (_, change) => {
    it.each([
      [1, 6, 5, 3],
      [3, 6, 5, 2],
      [2, 1, 1, 4],
      [2, 23, 19, 13],
    ])("[%i, %i, %i, %i]", (...shape) => {
      const x = given(shape, 1, change);
      const dy = given(shape, 2);
      const at = (means: Reference, place: number): number => means.data[channelOf(shape, place)]!;
      const mean = channelMeans(x.truth, (i) => x.truth.data[i]!);
      const variance = channelMeans(x.truth, (i) => (x.truth.data[i]! - at(mean, i)) ** 2);
      const rstd = { ...variance, data: variance.data.map((value) => 1 / Math.sqrt(value + normEpsilon)) };
      const y = { shape, data: x.truth.data.map((value, i) => (value - at(mean, i)) * at(rstd, i)) };
      // dx = rstd · (dy − mean(dy) − y · mean(dy · y)) (Ioffe and Szegedy 2015).
      const level = channelMeans(dy.truth, (i) => dy.truth.data[i]!);
      const along = channelMeans(dy.truth, (i) => dy.truth.data[i]! * y.data[i]!);
      const dx = dy.truth.data.map((value, i) => at(rstd, i) * (value - at(level, i) - y.data[i]! * at(along, i)));

      const made = k.normalize(x.tensor, "image");
      // A lone pixel's gradient is nothing but rounding.
      const dxMade = k.normalizeGradient(dy.tensor, made.y, made.rstd);
      if (shape[1] === 1) dispose(dxMade);
      else expectClose(dxMade, { shape, data: dx });
      expectClose(made.rstd, rstd);
      const moments = k.moments(x.tensor);
      expectClose(k.standardize(x.tensor, moments), y);
      expectClose(made.y, y);
      expectClose(moments.mean, mean);
      expectClose(moments.variance, variance);
      dispose(x.tensor, dy.tensor);
    });
  });

  it.each([
    [1, 6, 5, 3],
    [3, 6, 5, 2],
    [2, 1, 1, 4],
    [2, 23, 19, 13],
  ])("normalize a batch as one image that has all of them below each other: [%i, %i, %i, %i]", (...shape) => {
    const [n, height, width, c] = shape;
    const tall = [1, n * height, width, c];
    const [x, dy, one, dyOne] = [given(shape, 1), given(shape, 2), given(tall, 1), given(tall, 2)];
    const [batch, image] = [k.normalize(x.tensor, "batch"), k.normalize(one.tensor, "image")];
    const [dx, dxImage] = [
      k.normalizeGradient(dy.tensor, batch.y, batch.rstd),
      k.normalizeGradient(dyOne.tensor, image.y, image.rstd),
    ];
    expect([batch.rstd.shape, batch.y.shape, dx.shape]).toEqual([[1, c], shape, shape]);
    const truth = (tensor: Tensor): Reference => reference(k.read(tensor).slice(), tensor.shape);
    expectClose(batch.rstd, truth(image.rstd));
    expectClose(batch.y, { ...truth(image.y), shape });
    expectClose(dx, { ...truth(dxImage), shape });
    dispose(x.tensor, dy.tensor, one.tensor, dyOne.tensor, image.y, image.rstd, dxImage);
  });

  it("scale every channel by a number of its own", () => {
    const [x, scale] = [given([3, 4, 5, 6], 1), given([6], 2)];
    expectClose(k.scaleChannels(x.tensor, scale.tensor), {
      shape: x.truth.shape,
      data: x.truth.data.map((value, i) => value * scale.truth.data[i % 6]!),
    });
    dispose(x.tensor, scale.tensor);
  });

  it("split channels and join them again", () => {
    const x = given([2, 3, 4, 6], 1);
    const parts = k.split(x.tensor, [1, 3, 2]);
    expect(parts.map(({ shape }) => shape)).toEqual([
      [2, 3, 4, 1],
      [2, 3, 4, 3],
      [2, 3, 4, 2],
    ]);
    expect([...k.read(parts[1]!)]).toEqual([...x.truth.data.filter((_, i) => i % 6 >= 1 && i % 6 < 4)]);
    const joined = k.concat(parts);
    expect(joined.shape).toEqual([2, 3, 4, 6]);
    expect([...k.read(joined)]).toEqual([...x.truth.data]);
    expect(() => k.split(x.tensor, [4, 4])).toThrow();
    expect(() => k.split(x.tensor, [2, 2])).toThrow();
    dispose(x.tensor, joined, ...parts);
  });

  const unary: Record<UnaryOp, (x: number) => number> = {
    abs: Math.abs,
    exp: Math.exp,
    sigmoid: (x) => 1 / (1 + Math.exp(-x)),
    sign: Math.sign,
    softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    square: (x) => x * x,
    tanh: Math.tanh,
  };
  it.each(Object.entries(unary) as [UnaryOp, (x: number) => number][])("compute %s of every element", (op, truth) => {
    const values = Float32Array.of(...gaussian([40], 1).map((v) => 4 * v), 0, 0.5, 1.5, 2.5, -0.5, -1.5, -20, 20);
    const x = k.tensor(values, [values.length]);
    const y = k.unary(op, x);
    k.read(y).forEach((value, i) => {
      const expected = truth(values[i]!);
      expect(Math.abs(value - expected), `${op}(${values[i]!})`).toBeLessThanOrEqual(relative * Math.abs(expected));
    });
    dispose(x, y);
  });

  it.each([0, 3, -2])("round to multiples of 2^-%i, halves to the even one", (grid) => {
    const values = Float32Array.of(...gaussian([40], 1).map((v) => 4 * v), 0, 0.5, 1.5, 2.5, -0.5, -1.5, 2, 6, -6, 1e7);
    const x = k.tensor(values, [values.length]);
    const y = k.snap(x, grid);
    const nearest = (v: number): number => (Math.abs(v % 1) === 0.5 ? 2 * Math.round(v / 2) : Math.round(v));
    expect([...k.read(y)].map((v) => v + 0)).toEqual([...values].map((v) => nearest(v * 2 ** grid) / 2 ** grid + 0));
    dispose(x, y);
  });

  const binary: Record<BinaryOp, (a: number, b: number) => number> = {
    add: (a, b) => a + b,
    subtract: (a, b) => a - b,
    multiply: (a, b) => a * b,
    maximum: Math.max,
  };
  it.each(Object.entries(binary) as [BinaryOp, (a: number, b: number) => number][])(
    "%s two tensors, and a tensor and a number, as float32 does",
    (op, truth) => {
      const [a, b] = [given([2, 3, 4], 1), given([2, 3, 4], 2)];
      const both = k.binary(op, a.tensor, b.tensor);
      const one = k.binary(op, a.tensor, 0.75);
      expect([...k.read(both)]).toEqual(
        [...a.truth.data].map((value, i) => Math.fround(truth(value, b.truth.data[i]!))),
      );
      expect([...k.read(one)]).toEqual([...a.truth.data].map((value) => Math.fround(truth(value, 0.75))));
      dispose(a.tensor, b.tensor, both, one);
    },
  );

  it("rectify, and pass gradients where the input was above zero", () => {
    const values = Float32Array.of(...gaussian([21], 1), 0);
    const [x, dy] = [k.tensor(values, [22]), given([22], 2)];
    const results: [Tensor, (x: number, dy: number) => number][] = [
      [k.relu(x), (v) => Math.max(v, 0)],
      [k.leakyRelu(x, 0.2), (v) => (v > 0 ? v : 0.2 * v)],
      [k.reluGradient(dy.tensor, x), (v, d) => (v > 0 ? d : 0)],
      [k.leakyReluGradient(dy.tensor, x, 0.2), (v, d) => (v > 0 ? d : 0.2 * d)],
      [k.tanhGradient(dy.tensor, x), (v, d) => d * (1 - v * v)],
    ];
    for (const [actual, truth] of results)
      expectClose(actual, { shape: [22], data: Float64Array.from(values, (v, i) => truth(v, dy.truth.data[i]!)) });
    dispose(x, dy.tensor);
  });

  it("take the mean of many elements without losing digits", () => {
    const x = given([2, 200, 150, 3], 1, (value) => 1 + 0.1 * value);
    expectClose(k.mean(x.tensor), {
      shape: [],
      data: Float64Array.of(x.truth.data.reduce((sum, value) => sum + value, 0) / x.truth.data.length),
    });
    dispose(x.tensor);
  });

  it.each([
    ["above", 1],
    ["below", -1],
  ])("find the largest magnitude %s zero", (_, sign) => {
    const x = given([1, 5, 4, 3], 1, (value) => sign * Math.abs(value));
    const largest = k.largest(x.tensor);
    expect(largest.shape).toEqual([]);
    expect(k.read(largest)[0]).toBe(x.truth.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
    dispose(x.tensor, largest);
  });

  it.each([Infinity, -Infinity, NaN])("do not overlook %d among magnitudes", (odd) => {
    for (const place of [0, 7, 59]) {
      const x = k.tensor(
        gaussian([60], 1).map((value, i) => (i === place ? odd : value)),
        [1, 5, 4, 3],
      );
      const largest = k.largest(x);
      expect(Number.isFinite(k.read(largest)[0])).toBe(false);
      dispose(x, largest);
    }
  });

  it("refuse values that do not fill the shape", () => {
    expect(() => k.tensor(new Float32Array(5), [2, 3])).toThrow();
  });
});
