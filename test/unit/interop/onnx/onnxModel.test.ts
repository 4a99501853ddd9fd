import { describe, expect, it } from "vitest";
import type { Config } from "../../../../extension/configuration/config";
import { directionsOf } from "../../../../extension/configuration/networkKind";
import { smallestGeneratorSide } from "../../../../extension/configuration/sizes";
import { graphKernels } from "../../../../extension/trainer/interop/onnx/graphKernels";
import { type Message, modelType } from "../../../../extension/trainer/interop/onnx/messages";
import { onnxModels } from "../../../../extension/trainer/interop/onnx/onnxModel";
import { toPyTorch } from "../../../../extension/trainer/interop/pytorch";
import { CountingKernels } from "../../../../extension/trainer/kernels/countingKernels";
import { openNetwork } from "../../../../extension/trainer/training/network";
import { translateTensor } from "../../../../extension/trainer/translate/translator";
import { configOf, type Written } from "../../../support/smallNetworks";

const volumes = { dimensions: 3, inputChannels: 1, outputChannels: 2 };
const networks: readonly [string, Written][] = [
  ["RevGAN", {}],
  ["RevGAN with affine couplings", { network: { coupling: "affine" } }],
  ["RevGAN of volumes", { network: volumes }],
  ["CycleGAN", { network: { kind: "cyclegan", inputChannels: 1, downsampling: 3 } }],
  ["CycleGAN with batch norms and dropout", { network: { kind: "cyclegan", norm: "batch", dropout: true } }],
  ["CycleGAN of volumes", { network: { ...volumes, kind: "cyclegan", downsampling: 0 } }],
  ["pix2pix", { mode: "paired", network: { kind: "pix2pix" } }],
  [
    "pix2pix with a U-Net",
    { mode: "paired", network: { kind: "pix2pix", generator: "unet128", depth: 7, norm: "batch" }, cropSize: 128 },
  ],
];

/** A network with weights of zeros. */
function trained(config: Config): Parameters<typeof onnxModels>[0] {
  const k = new CountingKernels("wasm", false);
  const { generatorParameters, discriminatorParameters } = openNetwork(k, config, { seed: 1 });
  const tensors = toPyTorch(k, [...generatorParameters, ...discriminatorParameters]);
  return { config, step: 7, tensors, file: "weights.safetensors" };
}

/** The bytes as the format's description reads them. */
function decoded(bytes: Uint8Array): Message<"ModelProto"> {
  return modelType.toObject(modelType.decode(bytes), { longs: Number, arrays: true });
}

describe.each(networks)("the model of a %s", (_, written) => {
  const config = configOf(written);
  const ways = directionsOf(config.network);
  const models = onnxModels(trained(config), ways).map(decoded);

  it("has weights under PyTorch's names and shapes, each that a direction needs once, and no discriminator's", () => {
    const { tensors } = trained(config);
    const parameters = openNetwork(new CountingKernels("wasm", false), config, { seed: 1 }).generatorParameters;
    const seen = new Set<string>();
    for (const { graph } of models) {
      const own = graph!.initializer!.filter(({ name }) => tensors.has(name!));
      expect(new Set(own.map(({ name }) => name)).size).toBe(own.length);
      for (const { name, dims } of own) {
        seen.add(name!);
        expect(dims).toEqual(tensors.get(name!)!.shape);
      }
      const others = graph!.initializer!.filter(({ name }) => !tensors.has(name!)).map(({ name }) => name);
      for (const name of others) expect(name).toMatch(/^(pads|ones|zeros|split|scalar)\./);
    }
    expect([...seen].sort()).toEqual(parameters.map(({ name }) => name).sort());
  });

  it("reads only what was made before, and every name is made once", () => {
    for (const { graph } of models) {
      const made = new Set(["image", ...graph!.initializer!.map(({ name }) => name!)]);
      for (const { input, output } of graph!.node!) {
        for (const name of input!) expect(made).toContain(name);
        for (const name of output!) expect(made).not.toContain(name);
        for (const name of output!) made.add(name);
      }
      expect(made).toContain("translation");
      expect(new Set(graph!.node!.map(({ name }) => name)).size).toBe(graph!.node!.length);
    }
  });

  it("is the same written for another size", () => {
    for (const direction of ways) {
      const [first, second] = [1, 2].map((times) => {
        const k = graphKernels();
        const masks = { begin: () => undefined, next: (count: number) => new Float32Array(count).fill(1) };
        const model = openNetwork(k, config, { seed: 1 }, { exact: false, masks });
        k.nameParameters(model.generatorParameters);
        const { dimensions, inputChannels, outputChannels } = config.network;
        const sides = Array.from({ length: dimensions }, (_, axis) => (times === 1 ? 1 : 2 + axis)).map(
          (by) => by * smallestGeneratorSide(config.network),
        );
        const x = k.input("image", [times, ...sides, direction === "AtoB" ? inputChannels : outputChannels]);
        const graph = k.graphBetween("test", x, translateTensor(k, model, direction, x), "translation");
        return Buffer.from(modelType.encode({ graph }).finish());
      });
      expect(first!.equals(second!)).toBe(true);
    }
  });
});

describe("a model says of itself", () => {
  const sizes = (model: Message<"ModelProto">): unknown[] =>
    [...model.graph!.input!, ...model.graph!.output!].map(({ name, type }) => [
      name,
      ...type!.tensorType!.shape!.dim!.map(({ dimParam, dimValue }) => dimParam ?? dimValue),
    ]);

  it("what it takes and gives", () => {
    const [picture] = onnxModels(trained(configOf({ network: { inputChannels: 1 } })), ["BtoA"]).map(decoded);
    expect(sizes(picture!)).toEqual([
      ["image", "n", 3, "height", "width"],
      ["translation", "n", 1, "height", "width"],
    ]);
    const [volume] = onnxModels(trained(configOf({ network: volumes })), ["AtoB"]).map(decoded);
    expect(sizes(volume!)).toEqual([
      ["image", "n", 1, "depth", "height", "width"],
      ["translation", "n", 2, "depth", "height", "width"],
    ]);
  });

  it("how it is used, for people and for programs", () => {
    const config = configOf({ network: { kind: "cyclegan", dropout: true } });
    const named = { ...config, data: { ...config.data, names: { a: "horses", b: "zebras" } } };
    const [model] = onnxModels(trained(named), ["BtoA"]).map(decoded);
    expect(model).toMatchObject({ irVersion: 10, opsetImport: [{ version: 21 }], producerName: "revgan" });
    // Without the mask nothing is multiplied: batch norms have their scales inside.
    expect(model!.graph!.node!.map(({ opType }) => opType)).not.toContain("Mul");
    expect(model!.docString).toBe(
      "A cyclegan that translates zebras to horses, after 7 training steps. Values from -1 to 1: value / 127.5 - 1 of 8 bits, " +
        "value / 32767.5 - 1 of 16 bits. Height and width are multiples of 4, at least 8. Other sizes: pad the ends by reflection, " +
        "and cut the translation back. Each item of a batch is normalised by its own mean and variance. Dropout is left out, which is " +
        "the mean of all masks; `revgan translate` draws a mask, so its results differ.",
    );
    expect(Object.fromEntries(model!.metadataProps!.map(({ key, value }) => [key, value]))).toEqual({
      kind: "cyclegan",
      mode: "unpaired",
      direction: "BtoA",
      from: "zebras",
      to: "horses",
      step: "7",
      multiple: "4",
      smallest: "8",
      scaling: "value / 127.5 - 1 of 8 bits, value / 32767.5 - 1 of 16 bits",
      dropout: "left out",
    });
  });

  it("which intensities of a volume are -1 and 1", () => {
    const config = configOf({ network: volumes });
    const scaling = (intensity: Config["data"]["intensity"]): string =>
      decoded(onnxModels(trained({ ...config, data: { ...config.data, intensity } }), ["AtoB"])[0]!).docString!;
    expect(scaling({ kind: "percentile", low: 0.5, high: 99.5 })).toContain(
      "a volume's percentiles 0.5 and 99.5 become -1 and 1",
    );
    expect(scaling({ kind: "window", low: -1000, high: 400 })).toContain(
      "the intensities -1000 and 400 become -1 and 1",
    );
    expect(scaling({ kind: "zscore", low: -2, high: 3 })).toContain(
      "mean plus -2 and plus 3 standard deviations become",
    );
  });
});

describe("refused by name is", () => {
  const translated = (choices: Parameters<typeof openNetwork>[3], written: Written = {}): void => {
    const k = graphKernels();
    const model = openNetwork(k, configOf(written), { seed: 1 }, choices);
    k.nameParameters(model.generatorParameters);
    translateTensor(k, model, "AtoB", k.input("image", [1, 8, 8, 3]));
  };

  it("an operation that no translation has, such as the rounding of an exact core", () => {
    expect(() => translated({ exact: true })).toThrow(
      /^ONNX cannot express the operation (snap|largest), which this network needs$/,
    );
  });

  it("what is drawn at random", () => {
    expect(() => translated({ exact: false }, { network: { kind: "cyclegan", dropout: true } })).toThrow(
      "ONNX cannot express values that are drawn",
    );
  });

  it("a file that is larger than programs read", () => {
    const network = trained(configOf({}));
    const { length } = onnxModels(network, ["AtoB"])[0]!;
    expect(onnxModels(network, ["AtoB"], length)[0]).toHaveLength(length);
    expect(() => onnxModels(network, ["AtoB"], length - 1)).toThrow(
      `the ONNX file of AtoB would have ${length} bytes, and may have ${length - 1}`,
    );
  });
});
