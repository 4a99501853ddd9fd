import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Config, parseConfig } from "../../../extension/configuration/config";
import { RevganError } from "../../../extension/protocol/errors";
import type { NamedTensors } from "../../../extension/trainer/interop/pytorch";
import { encodeSafetensors } from "../../../extension/trainer/interop/safetensors";
import { readWeights } from "../../../extension/trainer/interop/weightsFiles";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { initialWeights } from "../../../extension/trainer/training/initialWeights";
import { disposeNetwork, openNetwork } from "../../../extension/trainer/training/network";
import { type FixtureName, readFixture, tensorsOf } from "../../parity/fixtures";
import { bits, gaussianTensor } from "../../support/arrays";
import { kernelsOf } from "../../support/engines";

const fixtures = join("test", "parity", "fixtures");
const folder = mkdtempSync(join(tmpdir(), "revgan-start-"));
afterAll(() => rmSync(folder, { recursive: true }));

let k: Kernels;
beforeAll(async () => {
  k = await kernelsOf("wasm");
});

/** A configuration that starts with weights. */
function startingWith(init: string, config: Config, initSkip: readonly string[] = []): Config {
  return { ...config, training: { ...config.training, init, initSkip: [...initSkip] } };
}

/** The network's weights before the first step, a digest of each in our layout by PyTorch's name, with the notes. */
async function started(
  init: string | null,
  config: Config,
  skip: readonly string[] = [],
): Promise<{ weights: Record<string, string>; notes: readonly string[] }> {
  const { weights, notes } = await initialWeights(init === null ? config : startingWith(init, config, skip));
  const model = openNetwork(k, config, weights);
  const values = [...model.generatorParameters, ...model.discriminatorParameters].map(
    ({ name, value }) => [name, bits(k.read(value))] as const,
  );
  const statistics = model.statistics.flatMap(({ name, mean, variance }) => [
    [`${name}.mean`, bits(mean)] as const,
    [`${name}.variance`, bits(variance)] as const,
  ]);
  disposeNetwork(model);
  return { weights: Object.fromEntries([...values, ...statistics]), notes };
}

/** The line that refuses a start. */
async function refusal(init: string, config: Config, skip: readonly string[] = []): Promise<string> {
  const error: unknown = await started(init, config, skip).catch((thrown: unknown) => thrown);
  if (!(error instanceof RevganError)) throw new Error("it started, or starting failed", { cause: error });
  return `${error.message}; ${error.remedy}`;
}

/** A copy of a fixture's files under other names. */
function copied(from: string, name: string, names: (name: string) => string | null = (each) => each): string {
  const to = join(folder, name);
  cpSync(from, to, { recursive: true, filter: (source) => !source.endsWith(".pth") || names(source) !== null });
  return to;
}

function written(name: string, tensors: NamedTensors): string {
  const file = join(folder, name);
  writeFileSync(file, encodeSafetensors(tensors));
  return file;
}

/** Tensors under changed names; null leaves one out. */
function renamed(tensors: NamedTensors, change: (name: string) => string | null): NamedTensors {
  const all = [...tensors].map(([name, tensor]) => [change(name), tensor] as const);
  return new Map(all.filter((entry): entry is [string, (typeof entry)[1]] => entry[0] !== null));
}

const cyclegan = readFixture("cyclegan");
const cycleganFiles = join(fixtures, "cyclegan", "legacy");
const volumes = readFixture("volumes-unpaired");

describe("the authors' files, one a network", () => {
  it.each<[FixtureName, string]>([
    ["unpaired", "zip"],
    ["unpaired", "legacy"],
    ["cyclegan", "legacy"],
    ["pix2pix-unet128-batch", "zip"],
  ])("of %s in a folder (%s) are the weights of its safetensors file", async (name, format) => {
    const { config, file } = readFixture(name);
    const path = join(fixtures, name, format);
    const { weights, notes } = await started(path, config);
    expect(weights).toEqual((await started(file("init"), config)).weights);
    expect(weights).not.toEqual((await started(null, config)).weights);
    expect(notes).toEqual([`Starts with the weights of ${path}`]);
  });

  it("may be the latest of several epochs, else those of the highest", async () => {
    const several = copied(cycleganFiles, "several");
    for (const epoch of ["5", "10", "iter_500"])
      cpSync(join(cycleganFiles, "latest_net_G_A.pth"), join(several, `${epoch}_net_G_A.pth`));
    const { config } = cyclegan;
    const all = await started(cycleganFiles, config);
    const latest = await started(several, config);
    expect(latest.weights).toEqual(all.weights);
    expect(latest.notes).toEqual([
      `Starts with the weights of ${several}, those of latest (also there: 10, 5, iter_500)`,
    ]);
    for (const name of ["G_A", "G_B", "D_A", "D_B"])
      renameSync(join(several, `latest_net_${name}.pth`), join(several, `9_net_${name}.pth`));
    expect((await readWeights(several)).files.map(({ file }) => file)).toEqual([join(several, "10_net_G_A.pth")]);
  });

  it("may lack discriminators, which then start anew, and no generators", async () => {
    const { config } = cyclegan;
    const [anew, all] = [await started(null, config), await started(cycleganFiles, config)];
    const generators = copied(cycleganFiles, "generators", (name) => (name.includes("_D_") ? null : name));
    const { weights, notes } = await started(generators, config);
    expect(notes[1]).toBe("Not among the weights, and started anew: D_A, D_B");
    for (const [name, digest] of Object.entries(weights))
      expect([name, digest]).toEqual([name, (name.startsWith("D_") ? anew : all).weights[name]]);
    rmSync(join(generators, "latest_net_G_B.pth"));
    expect(await refusal(generators, config)).toBe(
      `${generators} has no weights of the network G_B; name a folder that also has latest_net_G_B.pth, or start it anew by --init-skip G_B`,
    );
  });

  it("may be given one alone, and say by its name whose it is", async () => {
    const { config } = cyclegan;
    const file = join(cycleganFiles, "latest_net_G_A.pth");
    const [anew, all] = [await started(null, config), await started(cycleganFiles, config)];
    const { weights, notes } = await started(file, config, ["G_B"]);
    expect(notes.slice(1)).toEqual([
      "Left as they start: the weights under G_B",
      "Not among the weights, and started anew: D_A, D_B",
    ]);
    for (const [name, digest] of Object.entries(weights))
      expect([name, digest]).toEqual([name, (name.startsWith("G_A.") ? all : anew).weights[name]]);

    const nameless = join(copied(cycleganFiles, "nameless"), "horse2zebra.pth");
    cpSync(file, nameless);
    expect(await refusal(nameless, config, ["G_B"])).toBe(
      `${nameless} has model.1.weight, which is of none of the networks G_A, G_B, D_A, D_B; ` +
        "use weights of these; a file of one network is named after it, for example latest_net_G_A.pth",
    );
    const other = join(copied(cycleganFiles, "other"), "latest_net_G.pth");
    cpSync(file, other);
    expect((await started(join(folder, "other"), config, ["G"])).weights).toEqual(all.weights);
    const ofPix2pix = join(folder, "nameless", "latest_net_G.pth");
    cpSync(file, ofPix2pix);
    expect(await refusal(ofPix2pix, config)).toContain(
      "is named for G, which is none of the networks G_A, G_B, D_A, D_B",
    );
  });
});

it("the authors' generator for volumes is one file, and its discriminators are two", async () => {
  const { config, file } = readFixture("volumes-unpaired");
  const tensors = tensorsOf(file("init"));
  const theirs = mkdtempSync(join(folder, "volumes-"));
  for (const network of ["G", "D_A", "D_B"]) {
    const own = renamed(tensors, (name) => (name.startsWith(`${network}.`) ? name.slice(network.length + 1) : null));
    writeFileSync(join(theirs, `20_net_${network}.safetensors`), encodeSafetensors(own));
  }
  expect((await started(theirs, config)).weights).toEqual((await started(file("init"), config)).weights);
});

describe("weights in one file", () => {
  const { config, file } = cyclegan;
  const tensors = tensorsOf(file("init"));

  it("may have been saved from PyTorch's DataParallel, and with the buffers of norms", async () => {
    const expected = (await started(file("init"), config)).weights;
    const outside = renamed(tensors, (name) => `module.${name}`);
    const inside = renamed(tensors, (name) => name.replace(/^(\w+)\./, "$1.module."));
    const buffers = new Map([...tensors, ["G_A.model.2.running_mean", { shape: [4], data: new Float32Array(4) }]]);
    for (const [i, each] of [outside, inside, buffers].entries())
      expect((await started(written(`${i}.safetensors`, each), config)).weights).toEqual(expected);
    const one = renamed(tensors, (name) => (name.startsWith("G_A.") ? name.replace("G_A.", "module.") : null));
    const alone = await started(written("latest_net_G_A.safetensors", one), config, ["G_B"]);
    expect(alone.weights["G_A.model.1.weight"]).toBe(expected["G_A.model.1.weight"]);
  });

  it("are refused where they do not fit, naming the file and the weight", async () => {
    const lacking = written(
      "lacking.safetensors",
      renamed(tensors, (name) => (name === "D_A.model.0.bias" ? null : name)),
    );
    expect(await refusal(lacking, config)).toContain(`${lacking} lacks the tensor D_A.model.0.bias`);
    const unknown = written(
      "unknown.safetensors",
      new Map([...tensors, ["G_A.model.99.weight", tensors.get("D_A.model.0.bias")!]]),
    );
    expect(await refusal(unknown, config)).toContain(
      `${unknown} has a tensor G_A.model.99.weight that this network does not have`,
    );
    expect(await refusal(written("empty.safetensors", new Map()), config)).toContain("holds no tensors");
  });

  it("may be left out by the beginnings of their names, in whole parts", async () => {
    const [anew, all] = [await started(null, config), await started(file("init"), config)];
    const skip = ["G_A.model.1", "D_B"];
    const { weights, notes } = await started(file("init"), config, skip);
    expect(notes).toContain("Left as they start: the weights under G_A.model.1, D_B");
    const isLeft = (name: string): boolean => name.startsWith("D_B.") || name.startsWith("G_A.model.1.");
    for (const [name, digest] of Object.entries(weights))
      expect([name, digest]).toEqual([name, (isLeft(name) ? anew : all).weights[name]]);
    // Module 10 is not module 1.
    expect(weights["G_A.model.10.conv_block.1.weight"]).toBe(all.weights["G_A.model.10.conv_block.1.weight"]);

    const gray = parseConfig(
      { ...config, network: { ...config.network, outputChannels: 1 }, training: { lambdaIdentity: 0 } },
      "test",
    );
    expect(await refusal(file("init"), gray)).toContain("but this network takes");
    const ends = ["G_A.model.19", "G_B.model.1", "D_A.model.0"];
    expect(Object.keys((await started(file("init"), gray, ends)).weights)).toEqual(Object.keys(all.weights));
    expect(await refusal(file("init"), config, ["G_A.model.100"])).toContain(
      "is under G_A.model.100, which is to be left as it starts; name what whole parts of names begin with, such as G_A, G_B, D_A, D_B",
    );
  });

  it("are refused in two files of one folder", async () => {
    const twice = copied(cycleganFiles, "twice");
    const one = renamed(tensors, (name) => (name.startsWith("G_A.") ? name.replace("G_A.", "") : null));
    written(join("twice", "latest_net_G_A.safetensors"), one);
    expect(await refusal(twice, config)).toMatch(
      /latest_net_G_A\.safetensors and .*latest_net_G_A\.pth both hold G_A\./,
    );
  });
});

it.each([
  ["is not there", join(folder, "nothing.pth"), "cannot be read (ENOENT)"],
  ["is a folder without weights", fixtures, "holds no file named like latest_net_G_A.pth"],
])("a start that %s is refused", async (_, path, says) => {
  expect(await refusal(path, cyclegan.config)).toContain(`${path} ${says}`);
});

it("a .pth that is none of PyTorch's is refused as such", async () => {
  const file = join(folder, "trick.pth");
  writeFileSync(file, "cos\nsystem\n(S'touch marker'\ntR.");
  expect(await refusal(file, cyclegan.config)).toContain(
    `${file} is not a whole PyTorch file: it begins with neither of PyTorch's two formats`,
  );
});

describe("a shallower network's weights", () => {
  const shallow = volumes.file("init");
  const deeper = parseConfig(
    { ...volumes.config, network: { ...volumes.config.network, depth: volumes.config.network.depth + 2 } },
    "test",
  );

  it("are enough for volumes, whose new blocks are the identity", async () => {
    const depth = volumes.config.network.depth;
    const { weights, notes } = await initialWeights(startingWith(shallow, deeper));
    expect(notes).toContain(`Blocks ${depth + 1} to ${depth + 2} are new, and start as the identity`);
    const models = [
      openNetwork(k, volumes.config, { tensors: tensorsOf(shallow), file: shallow }, { exact: false }),
      openNetwork(k, deeper, weights, { exact: false }),
    ] as const;
    const x = gaussianTensor(k, [1, 8, 8, 8, 1], 1);
    for (const direction of ["aToB", "bToA"] as const) {
      const [one, other] = models.map((model) => {
        const { y } = model[direction]!.forward(k, x, "none");
        const values = [...k.read(y)];
        y.dispose();
        return values;
      });
      expect(other).toEqual(one);
    }
    for (const model of models) disposeNetwork(model);
  });

  it("are refused for images, whose new blocks are not", async () => {
    const { config, file } = readFixture("unpaired");
    const more = parseConfig({ ...config, network: { ...config.network, depth: config.network.depth + 1 } }, "test");
    expect(await refusal(file("init"), more)).toContain(`${file("init")} lacks the tensor G_core.model.3.`);
  });
});
