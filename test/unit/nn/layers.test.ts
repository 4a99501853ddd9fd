import { beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { dispose, type Shape } from "../../../extension/trainer/kernels/tensor";
import { LayerFactory } from "../../../extension/trainer/models/layerFactory";
import { encoder, decoder, discriminator, residualFunction } from "../../../extension/trainer/models/buildingBlocks";
import { unetGenerator } from "../../../extension/trainer/models/unetGenerator";
import { LeakyRelu, Relu, Tanh } from "../../../extension/trainer/nn/activations";
import { BatchNorm } from "../../../extension/trainer/nn/batchNorm";
import { ResidualBlock, SkipConnection } from "../../../extension/trainer/nn/shortcuts";
import { Chain } from "../../../extension/trainer/nn/chain";
import { ChannelAffine } from "../../../extension/trainer/nn/channelAffine";
import { Convolution, TransposedConvolution } from "../../../extension/trainer/nn/convolution";
import { Dropout } from "../../../extension/trainer/nn/dropout";
import { InstanceNorm } from "../../../extension/trainer/nn/instanceNorm";
import type { Layer } from "../../../extension/trainer/nn/layer";
import { Pad } from "../../../extension/trainer/nn/pad";
import type { CreateParameter } from "../../../extension/trainer/nn/parameter";
import { RunningStatistics } from "../../../extension/trainer/nn/runningStatistics";
import { DropoutMasks } from "../../../extension/trainer/training/dropoutMasks";
import { dot, gaussian } from "../../support/arrays";
import { expectNoLeaks, kernelsOf, networkEngines } from "../../support/engines";
import { coreCouplings, coreOf, seededSource } from "../../support/networks";

/** Draws the same mask for each layer and pass, so that differences can be taken. */
class SameMasks extends DropoutMasks {
  constructor() {
    super(1);
  }

  override next(count: number): Float32Array {
    this.begin(1);
    return super.next(count);
  }
}

const conv = { name: "conv", dimensions: 2, inputs: 3, outputs: 4 };
const solid = { ...conv, dimensions: 3 };

/**
 * Every kind of layer, with the shape of its input. Those with ReLUs inside have kinks, near which differences mislead; where small
 * gradients meet large outputs, a short `step` drowns in their rounding.
 */
const layers: Record<string, { shape: Shape; make: (source: CreateParameter) => Layer; kinks?: true; step?: number }> =
  {
    "convolution 3×3": {
      shape: [1, 7, 6, 3],
      make: (s) => new Convolution({ ...conv, size: 3, geometry: { stride: 1, pad: 0 }, bias: "used" }, s),
    },
    "convolution 3×3, stride 2, padded, odd size": {
      shape: [2, 7, 9, 3],
      make: (s) => new Convolution({ ...conv, size: 3, geometry: { stride: 2, pad: 1 }, bias: "idle" }, s),
    },
    "convolution 3×3, stride 2, padded, even size": {
      shape: [1, 8, 6, 3],
      make: (s) => new Convolution({ ...conv, size: 3, geometry: { stride: 2, pad: 1 }, bias: "used" }, s),
    },
    "convolution 4×4, stride 2, padded": {
      shape: [1, 9, 8, 3],
      make: (s) => new Convolution({ ...conv, size: 4, geometry: { stride: 2, pad: 1 }, bias: "used" }, s),
    },
    "convolution 4×4, stride 1, padded": {
      shape: [1, 6, 7, 3],
      make: (s) => new Convolution({ ...conv, size: 4, geometry: { stride: 1, pad: 1 }, bias: "used" }, s),
    },
    "convolution 7×7": {
      shape: [2, 12, 10, 3],
      make: (s) => new Convolution({ ...conv, size: 7, geometry: { stride: 1, pad: 0 }, bias: "idle" }, s),
    },
    "transposed convolution 4×4": {
      shape: [2, 5, 4, 3],
      make: (s) => new TransposedConvolution({ ...conv, size: 4, geometry: { stride: 2, pad: 1 }, bias: "used" }, s),
    },
    "transposed convolution": {
      shape: [2, 5, 4, 3],
      make: (s) => new TransposedConvolution({ ...conv, size: 3, geometry: { stride: 2, pad: 1 }, bias: "idle" }, s),
    },
    "instance norm, one image": { shape: [1, 6, 5, 3], make: () => new InstanceNorm() },
    "instance norm, three images": { shape: [3, 6, 5, 2], make: () => new InstanceNorm() },
    "batch norm, one image": { shape: [1, 6, 5, 3], make: () => new BatchNorm(new RunningStatistics("n", 3)) },
    "batch norm, three images": { shape: [3, 6, 5, 2], make: () => new BatchNorm(new RunningStatistics("n", 2)) },
    "affine map of channels": { shape: [2, 6, 5, 3], make: (s) => new ChannelAffine("a", 3, s) },
    dropout: { shape: [2, 6, 5, 3], make: () => new Dropout(new SameMasks()) },
    "3D convolution 3 wide": {
      shape: [2, 4, 5, 6, 3],
      make: (s) => new Convolution({ ...solid, size: 3, geometry: { stride: 1, pad: 0 }, bias: "used" }, s),
    },
    "3D convolution 3 wide, stride 2, padded, odd and even sizes": {
      shape: [1, 5, 6, 7, 3],
      make: (s) => new Convolution({ ...solid, size: 3, geometry: { stride: 2, pad: 1 }, bias: "idle" }, s),
    },
    "3D convolution 4 wide, stride 2, padded": {
      shape: [2, 6, 7, 4, 3],
      make: (s) => new Convolution({ ...solid, size: 4, geometry: { stride: 2, pad: 1 }, bias: "used" }, s),
    },
    "3D transposed convolution": {
      shape: [2, 3, 2, 4, 3],
      make: (s) => new TransposedConvolution({ ...solid, size: 3, geometry: { stride: 2, pad: 1 }, bias: "idle" }, s),
    },
    "instance norm, two volumes": { shape: [2, 3, 4, 5, 3], make: () => new InstanceNorm() },
    "replication pad": { shape: [2, 3, 2, 4, 2], make: () => new Pad(2, "replicate") },
    "reflection pad": { shape: [2, 5, 4, 2], make: () => new Pad(3, "reflect") },
    relu: { shape: [1, 5, 4, 2], make: () => new Relu() },
    "leaky relu": { shape: [1, 5, 4, 2], make: () => new LeakyRelu() },
    tanh: { shape: [1, 5, 4, 2], make: () => new Tanh() },
    encoder: {
      shape: [1, 16, 12, 3],
      make: (s) => encoder("e.model", 3, { dimensions: 2, width: 4, downsampling: 2 }, new LayerFactory(s)),
      kinks: true,
    },
    decoder: {
      shape: [1, 4, 3, 16],
      make: (s) => decoder("d.model", 3, { dimensions: 2, width: 4, downsampling: 2 }, new LayerFactory(s)),
      kinks: true,
    },
    discriminator: {
      shape: [1, 32, 40, 3],
      make: (s) => discriminator("j", 3, { dimensions: 2, width: 4, layers: 3 }, new LayerFactory(s)),
      kinks: true,
    },
    "residualFunction block": {
      shape: [2, 6, 5, 4],
      make: (s) => new ResidualBlock(residualFunction("r", 4, 2, new LayerFactory(s))),
      kinks: true,
    },
    "residualFunction block with batch norms": {
      shape: [2, 6, 5, 4],
      make: (s) => new ResidualBlock(residualFunction("r", 4, 2, new LayerFactory(s, "batch"))),
      kinks: true,
    },
    "residualFunction block with dropout": {
      shape: [2, 6, 5, 4],
      make: (s) => new ResidualBlock(residualFunction("r", 4, 2, new LayerFactory(s, "instance", new SameMasks()))),
      kinks: true,
    },
    "skip connection around a norm": {
      shape: [2, 6, 5, 4],
      make: (s) =>
        new SkipConnection(
          new Chain(
            [
              new Convolution({ ...conv, inputs: 4, size: 3, geometry: { stride: 1, pad: 1 }, bias: "idle" }, s),
              new InstanceNorm(),
            ],
            null,
          ),
        ),
    },
    "skip connection around an activation": {
      shape: [2, 6, 5, 4],
      make: (s) =>
        new SkipConnection(
          new Chain(
            [
              new Convolution({ ...conv, inputs: 4, size: 3, geometry: { stride: 1, pad: 1 }, bias: "used" }, s),
              new Tanh(),
            ],
            null,
          ),
        ),
    },
    "U-Net": {
      shape: [1, 16, 16, 3],
      make: (s) => unetGenerator("u", 3, 1, { dimensions: 2, width: 4, levels: 3 }, new LayerFactory(s)),
      kinks: true,
    },
    "encoder of volumes": {
      shape: [1, 6, 8, 4, 2],
      make: (s) => encoder("e", 2, { dimensions: 3, width: 4, downsampling: 1 }, new LayerFactory(s)),
      kinks: true,
    },
    "decoder of volumes": {
      shape: [1, 3, 4, 2, 8],
      make: (s) => decoder("d", 2, { dimensions: 3, width: 4, downsampling: 1 }, new LayerFactory(s)),
      kinks: true,
    },
    "discriminator of volumes": {
      shape: [1, 14, 16, 12, 2],
      make: (s) => discriminator("j", 2, { dimensions: 3, width: 4, layers: 2 }, new LayerFactory(s)),
      kinks: true,
    },
    "residualFunction block of volumes": {
      shape: [2, 4, 3, 5, 4],
      make: (s) => new ResidualBlock(residualFunction("r", 4, 3, new LayerFactory(s))),
      kinks: true,
    },
    "additive core of volumes": {
      shape: [1, 4, 3, 5, 4],
      make: (s) => coreOf(coreCouplings(s, { depth: 2, channels: 4, dimensions: 3 }), "inverse", { exact: false }),
      kinks: true,
    },
    "affine core of volumes": {
      shape: [1, 5, 4, 3, 8],
      make: (s) =>
        coreOf(coreCouplings(s, { depth: 1, channels: 8, dimensions: 3, kind: "affine" }), "forward", { exact: false }),
      kinks: true,
      step: 1e-3,
    },
    "additive core forwards": {
      shape: [1, 6, 5, 8],
      make: (s) => coreOf(coreCouplings(s, { depth: 2, channels: 8 }), "forward", { exact: false }),
      kinks: true,
    },
    "additive core backwards": {
      shape: [1, 6, 5, 8],
      make: (s) => coreOf(coreCouplings(s, { depth: 2, channels: 8 }), "inverse", { exact: false }),
      kinks: true,
    },
    "affine core forwards": {
      shape: [1, 6, 5, 8],
      make: (s) => coreOf(coreCouplings(s, { depth: 2, channels: 8, kind: "affine" }), "forward", { exact: false }),
      kinks: true,
    },
    "affine core backwards": {
      shape: [1, 6, 5, 8],
      make: (s) => coreOf(coreCouplings(s, { depth: 2, channels: 8, kind: "affine" }), "inverse", { exact: false }),
      kinks: true,
    },
  };

/** Σ rᵢ·yᵢ for y = layer(x): a scalar with a known gradient by y. */
function probe(k: Kernels, layer: Layer, values: Float32Array, shape: Shape, seed: number): number {
  const x = k.tensor(values, shape);
  const { y, saved } = layer.forward(k, x, "none");
  const result = dot(k.read(y), gaussian(y.shape, seed));
  layer.free(saved);
  dispose(x, y);
  return result;
}

/** (f(+ε) − f(−ε)) / 2ε, extrapolated to ε = 0. */
function derivative(f: (step: number) => number, epsilon: number): number {
  const slope = (step: number): number => (f(step) - f(-step)) / (2 * step);
  return (4 * slope(epsilon / 2) - slope(epsilon)) / 3;
}

describe.each(networkEngines)("layers on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });
  expectNoLeaks(() => k);

  describe.each(Object.entries(layers))("%s", (_, { shape, make, kinks, step }) => {
    const [usual, tolerance] = kinks ? [5e-4, 2e-2] : [2e-3, 5e-3];
    const epsilon = step ?? usual;

    it.each(["minimal", "all"] as const)("has the gradients that differences show, keeping %s", (retention) => {
      const layer = make(seededSource(k, 1, 0.3));
      const values = gaussian(shape, 2);
      const x = k.tensor(values, shape);
      const { y, saved } = layer.forward(k, x, retention);
      const dy = k.tensor(gaussian(y.shape, 5), y.shape);
      const dx = layer.backward(k, dy, { saved, input: () => x, output: () => y }, { input: true, weights: true })!;
      layer.free(saved);

      const along = gaussian(shape, 7);
      const inputSlope = derivative(
        (step) =>
          probe(
            k,
            layer,
            values.map((v, i) => v + step * along[i]!),
            shape,
            5,
          ),
        epsilon,
      );
      const scale = Math.sqrt(dot(k.read(dx), k.read(dx)));
      expect(Math.abs(dot(k.read(dx), along) - inputSlope)).toBeLessThan(tolerance * scale);

      for (const parameter of layer.parameters) {
        const original = k.read(parameter.value).slice();
        const direction = gaussian(parameter.value.shape, 11);
        const slope = derivative((step) => {
          const moved = original.map((v, i) => v + step * direction[i]!);
          const other = make(seededSource(k, 1, 0.3, new Map([[parameter.name, moved]])));
          const result = probe(k, other, values, shape, 5);
          other.parameters.forEach((each) => each.dispose());
          return result;
        }, epsilon);
        const gradient = k.read(parameter.gradient!);
        expect(Math.abs(dot(gradient, direction) - slope), parameter.name).toBeLessThan(
          tolerance * Math.sqrt(dot(gradient, gradient)) + 1e-3,
        );
      }
      dispose(x, y, dx, dy);
      layer.parameters.forEach((parameter) => parameter.dispose());
    });
  });

  it("retention between them only what a backward pass reads", () => {
    const f = new Chain(
      [
        new Pad(1, "reflect"),
        new Convolution({ ...conv, size: 3, geometry: { stride: 1, pad: 0 }, bias: "idle" }, seededSource(k, 1)),
        new InstanceNorm(),
        new Relu(),
        new Pad(1, "reflect"),
      ],
      "other",
    );
    const x = k.tensor(gaussian([1, 8, 8, 3], 1), [1, 8, 8, 3]);
    const resting = k.ledger.read().live;
    const { y, saved } = f.forward(k, x, "minimal");
    y.dispose();
    // The norm's output, 8·8·4, and its scale, 4: neither the padded input, nor the convolution's output, nor the ReLU's.
    expect(k.ledger.read().live - resting).toBe(4 * (8 * 8 * 4 + 4));
    f.free(saved);
    x.dispose();
    f.parameters.forEach((parameter) => parameter.dispose());
  });
});
