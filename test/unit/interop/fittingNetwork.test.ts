import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../extension/configuration/config";
import { fittingNetwork } from "../../../extension/trainer/interop/fittingNetwork";
import { encodeSafetensors } from "../../../extension/trainer/interop/safetensors";
import { outlineOf } from "../../../extension/trainer/training/network";
import { elements } from "../../../extension/trainer/kernels/tensor";
import { pyTorchShape } from "../../../extension/trainer/interop/pytorch";
import { fixtureNames, readFixture } from "../../parity/fixtures";

const folder = mkdtempSync(join(tmpdir(), "revgan-fitting-"));
afterAll(() => rmSync(folder, { recursive: true }));

const fixtures = join("test", "parity", "fixtures");

/** A file of zeros with every weight of a network. */
function zeros(name: string, written: object): string {
  const { generators, discriminators } = outlineOf(parseConfig(written, name));
  const tensors = [...generators, ...discriminators].map(({ name: weight, shape }) => {
    const theirs = pyTorchShape(shape);
    return [weight, { shape: theirs, data: new Float32Array(elements(theirs)) }] as const;
  });
  const file = join(folder, `${name}.safetensors`);
  writeFileSync(file, encodeSafetensors(new Map(tensors)));
  return file;
}

describe("weights tell the network that they are of", () => {
  it.each(fixtureNames)("of PyTorch's: %s", async (name) => {
    const { file, config } = readFixture(name);
    const { path, mode, network, skip } = await fittingNetwork(file("init"));
    expect({ path, mode, skip }).toEqual({ path: file("init"), mode: config.mode, skip: [] });
    expect(parseConfig({ mode: config.mode, network }, name).network).toEqual({
      ...config.network,
      // Has no weights; its authors have it with batch norms.
      dropout: name === "pix2pix-unet128-batch",
    });
  });

  it.each([
    [
      "affine",
      { network: { coupling: "affine", width: 6, depth: 1, downsampling: 1, discriminator: { layers: 1, width: 3 } } },
    ],
    [
      "no-stage",
      {
        network: {
          width: 4,
          depth: 2,
          downsampling: 0,
          inputChannels: 1,
          outputChannels: 3,
          discriminator: { width: 2 },
        },
        training: { lambdaIdentity: 0 },
      },
    ],
    [
      "no-block",
      {
        network: { kind: "cyclegan", width: 4, depth: 0, downsampling: 3, norm: "batch", discriminator: { width: 2 } },
      },
    ],
    [
      "dropout",
      {
        network: {
          kind: "cyclegan",
          width: 4,
          depth: 2,
          dropout: true,
          inputChannels: 3,
          outputChannels: 1,
          discriminator: { width: 2 },
        },
      },
    ],
    [
      "volumes",
      {
        network: {
          kind: "cyclegan",
          dimensions: 3,
          width: 2,
          depth: 2,
          dropout: true,
          inputChannels: 2,
          outputChannels: 1,
          discriminator: { width: 2 },
        },
      },
    ],
    [
      "unet256",
      {
        network: {
          kind: "pix2pix",
          generator: "unet256",
          norm: "batch",
          dropout: true,
          width: 1,
          inputChannels: 1,
          discriminator: { width: 1 },
        },
      },
    ],
  ])("of ours: %s", async (name, written) => {
    const { mode, network } = await fittingNetwork(zeros(name, written));
    expect(parseConfig({ mode, network }, name).network).toEqual(parseConfig(written, name).network);
  });

  it("a file of one network stands for the others of its epoch in its folder, and alone for itself", async () => {
    const all = join(fixtures, "cyclegan", "legacy");
    const found = await fittingNetwork(join(all, "latest_net_G_B.pth"));
    expect(found).toMatchObject({ path: all, mode: "unpaired", skip: [] });
    const alone = join(folder, "alone", "latest_net_G_B.pth");
    cpSync(join(all, "latest_net_G_B.pth"), alone);
    const { discriminator, ...network } = found.network;
    expect(discriminator).toEqual({ width: 4, layers: 3 });
    expect(await fittingNetwork(alone)).toEqual({ path: alone, mode: "unpaired", network, skip: ["G_A"] });
    cpSync(join(all, "latest_net_G_A.pth"), join(folder, "alone", "5_net_G_A.pth"));
    expect((await fittingNetwork(alone)).path).toBe(alone);
  });

  it("what is missing is named", async () => {
    const core = join(folder, "core", "latest_net_G_core.pth");
    cpSync(join(fixtures, "unpaired", "zip", "latest_net_G_core.pth"), core);
    await expect(fittingNetwork(core)).rejects.toThrow(`${core} has no weights of the network G_A_enc`);
    const judge = join(folder, "judge", "latest_net_D_A.pth");
    cpSync(join(fixtures, "unpaired", "zip", "latest_net_D_A.pth"), judge);
    await expect(fittingNetwork(judge)).rejects.toThrow(`${judge} has no weights of the network G`);
    const published = join(folder, "published", "latest_net_G.pth");
    cpSync(join(fixtures, "cyclegan", "legacy", "latest_net_G_A.pth"), published);
    await expect(fittingNetwork(published)).rejects.toThrow("one direction of a CycleGAN, or a pix2pix");
    const nameless = join(folder, "horse2zebra.pth");
    cpSync(join(fixtures, "cyclegan", "legacy", "latest_net_G_A.pth"), nameless);
    await expect(fittingNetwork(nameless)).rejects.toThrow(
      `${nameless} has model.1.weight, which is of none of the networks G_A, `,
    );
  });
});
