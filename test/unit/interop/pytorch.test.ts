import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { RevganError } from "../../../extension/protocol/errors";
import { parseConfig } from "../../../extension/configuration/config";
import { statisticsToPyTorch, toPyTorch } from "../../../extension/trainer/interop/pytorch";
import { decodeSafetensors } from "../../../extension/trainer/interop/safetensors";
import { CountingKernels } from "../../../extension/trainer/kernels/countingKernels";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { type HostTensor, elements } from "../../../extension/trainer/kernels/tensor";
import { buildModel } from "../../../extension/trainer/models/buildModel";
import { LayerFactory } from "../../../extension/trainer/models/layerFactory";
import type { Parameter } from "../../../extension/trainer/nn/parameter";
import { shapeAlone } from "../../../extension/trainer/memoryTheory/countedLayerFactory";
import { disposeNetwork, openNetwork } from "../../../extension/trainer/training/network";
import { bits } from "../../support/arrays";
import { kernelsOf } from "../../support/engines";

const network = { width: 8, depth: 3, discriminator: { width: 8 } };

function fixture(mode: string): Map<string, HostTensor> {
  const file = join(import.meta.dirname, "..", "..", "parity", "fixtures", mode, "init.safetensors");
  return decodeSafetensors(readFileSync(file), file);
}

/** How many numbers are exported of a network, which needs no values for that. */
function exported(written: object): { generators: number; discriminators: number } {
  const config = parseConfig(written, "test");
  const { generatorParameters, discriminatorParameters } = buildModel(
    config,
    new LayerFactory(shapeAlone, config.network.norm),
  );
  const count = (parameters: readonly Parameter[]): number =>
    [...toPyTorch(new CountingKernels("native", true), parameters).values()].reduce(
      (sum, { shape }) => sum + elements(shape),
      0,
    );
  return { generators: count(generatorParameters), discriminators: count(discriminatorParameters) };
}

describe("weights under PyTorch's names", () => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf("wasm");
  });

  const solid = { dimensions: 3, width: 6, depth: 2, inputChannels: 1, outputChannels: 1, discriminator: { width: 6 } };
  it.each([
    ["paired", "paired", network],
    ["unpaired", "unpaired", network],
    ["volumes-paired", "paired", solid],
    ["volumes-unpaired", "unpaired", solid],
  ] as const)("come back as they were, bit for bit (%s)", (name, mode, written) => {
    const tensors = fixture(name);
    const model = openNetwork(k, parseConfig({ mode, network: written }, "test"), { tensors, file: "init" });
    const back = toPyTorch(k, [...model.generatorParameters, ...model.discriminatorParameters]);
    expect([...back.keys()].sort()).toEqual([...tensors.keys()].sort());
    for (const [name, { shape, data }] of back)
      expect([name, shape, bits(data)]).toEqual([name, tensors.get(name)!.shape, bits(tensors.get(name)!.data)]);
    disposeNetwork(model);
  });

  it.each([
    ["paired", 2_767_809],
    ["unpaired", 2_764_737],
  ] as const)("are as many as PyTorch counts at width 64 and 9 blocks (%s)", (mode, discriminator) => {
    expect(exported({ mode })).toEqual({ generators: 6_826_502, discriminators: 2 * discriminator });
  });

  // `python test/parity/comparison.py --count` prints PyTorch's numbers.
  it.each([
    [{ kind: "cyclegan" }, 22_756_358, 2 * 2_764_737],
    [{ kind: "cyclegan", norm: "batch" }, 22_766_854, 2 * 2_765_633],
    [{ kind: "pix2pix" }, 11_378_179, 2_767_809],
    [{ kind: "pix2pix", generator: "unet128" }, 41_825_667, 2_767_809],
    [{ kind: "pix2pix", generator: "unet256", norm: "batch", dropout: true }, 54_413_955, 2_768_705],
  ] as const)("are as many as PyTorch counts at width 64 and 9 blocks: %o", (network, generators, discriminators) => {
    expect(exported({ network })).toEqual({ generators, discriminators });
  });

  it.each([
    [
      "a tensor is missing",
      (t: Map<string, HostTensor>) => t.delete("G_core.model.1.rev_block.rev_block.Gm.5.weight"),
      "lacks the tensor G_core.model.1.rev_block.rev_block.Gm.5.weight",
    ],
    [
      "a tensor is unknown",
      (t: Map<string, HostTensor>) => t.set("G_C.weight", { shape: [1], data: new Float32Array(1) }),
      "has a tensor G_C.weight",
    ],
    [
      "a tensor has another shape",
      (t: Map<string, HostTensor>) => t.set("D_AB.model.0.bias", { shape: [9], data: new Float32Array(9) }),
      "D_AB.model.0.bias is [9], but this network takes [8]",
    ],
  ])("are refused when %s, and leave no tensor behind", (_, change, message) => {
    const tensors = fixture("paired");
    change(tensors);
    const before = k.ledger.count;
    const open = (): unknown =>
      openNetwork(k, parseConfig({ mode: "paired", network }, "test"), { tensors, file: "given.safetensors" });
    expect(open).toThrow(RevganError);
    expect(open).toThrow(message);
    expect(open).toThrow("given.safetensors");
    expect(k.ledger.count).toBe(before);
  });

  it("bring the running statistics of batch norms along, or let them begin anew", () => {
    const config = parseConfig(
      { network: { kind: "pix2pix", norm: "batch", width: 4, depth: 2, discriminator: { width: 4 } } },
      "test",
    );
    const file = join(
      import.meta.dirname,
      "..",
      "..",
      "parity",
      "fixtures",
      "pix2pix-resnet-batch",
      "final.safetensors",
    );
    const tensors = decodeSafetensors(readFileSync(file), file);
    const open = (): Map<string, HostTensor> => {
      const model = openNetwork(k, config, { tensors, file });
      const found = new Map(statisticsToPyTorch(model.statistics));
      disposeNetwork(model);
      return found;
    };
    for (const [name, { data }] of open()) expect(data).toEqual(tensors.get(name)!.data);
    tensors.delete("G.model.2.running_mean");
    expect([...open().get("G.model.2.running_mean")!.data]).toEqual([0, 0, 0, 0]);
    tensors.set("G.model.2.running_var", { shape: [3], data: new Float32Array(3) });
    const before = k.ledger.count;
    expect(open).toThrow("G.model.2.running_var is [3], but this network takes [4]");
    expect(k.ledger.count).toBe(before);
  });

  it("may lack biases without effect, and may hold the buffers of norms", () => {
    const tensors = fixture("paired");
    for (const name of [...tensors.keys()]) if (/Fm\.\d\.bias$/.test(name)) tensors.delete(name);
    tensors.set("G_A_enc.model.2.running_mean", { shape: [8], data: new Float32Array(8) });
    disposeNetwork(openNetwork(k, parseConfig({ mode: "paired", network }, "test"), { tensors, file: "init" }));
  });
});
