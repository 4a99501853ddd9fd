import { describe, expect, it } from "vitest";
import { configProblems, parseConfig } from "../../../extension/configuration/config";
import { configSchema } from "../../../extension/configuration/schema";
import { RevganError } from "../../../extension/protocol/errors";

/** The message without its source, and the remedy. */
function problemOf(value: unknown): string {
  try {
    parseConfig(value, "revgan.json");
  } catch (error) {
    if (!(error instanceof RevganError)) throw error;
    expect(error.code).toBe("config");
    expect(error.message).not.toMatch(/\n/);
    expect(error.message.startsWith("revgan.json: ")).toBe(true);
    expect(error.remedy).not.toBe("");
    return error.message.slice("revgan.json: ".length);
  }
  throw new Error("this configuration was accepted");
}

describe("an empty configuration", () => {
  it("has the defaults of the contract", () => {
    expect(parseConfig({}, "")).toEqual({
      mode: "unpaired",
      network: {
        kind: "revgan",
        dimensions: 2,
        depth: 9,
        width: 64,
        downsampling: 2,
        coupling: "additive",
        backprop: "recompute",
        memoryBudget: null,
        inputChannels: 3,
        outputChannels: 3,
        generator: "resnet",
        norm: "instance",
        dropout: false,
        discriminator: { width: 64, layers: 3 },
      },
      data: {
        path: null,
        a: null,
        b: null,
        names: null,
        split: null,
        folders: null,
        loadSize: 286,
        cropSize: 256,
        flip: true,
        shuffle: true,
        intensity: { kind: "percentile", low: 0.5, high: 99.5 },
        interpolation: "cubic",
        upsampling: null,
        skipUnreadable: false,
      },
      training: {
        init: null,
        initSkip: [],
        epochs: 100,
        decayEpochs: 100,
        maxSteps: null,
        batchSize: 1,
        learningRate: 0.0002,
        warmup: 0,
        beta1: 0.5,
        beta2: 0.999,
        lambdaCycle: 10,
        lambdaIdentity: 0.5,
        lambdaL1: 100,
        poolSize: 50,
        seed: 0,
        sampleEvery: 100,
        checkpointEvery: 500,
        keepCheckpoints: 3,
        validateEvery: null,
        earlyStop: 0,
        tensorboard: false,
      },
      engine: "auto",
      convolution: "auto",
      gpu: null,
    });
  });
});

describe("defaults that depend on other keys", () => {
  it("paired training has no pool", () => {
    expect(parseConfig({ mode: "paired" }, "").training.poolSize).toBe(0);
    expect(parseConfig({ mode: "paired", training: { poolSize: 20 } }, "").training.poolSize).toBe(20);
  });

  it("what is not reversible stores, and a U-Net has its own depth, whatever the file says of a RevGAN", () => {
    const network = { depth: 4, backprop: "recompute" };
    expect(parseConfig({ network: { ...network, kind: "cyclegan" } }, "").network).toMatchObject({
      depth: 4,
      backprop: "store",
    });
    expect(parseConfig({ network: { ...network, kind: "pix2pix", generator: "unet128" } }, "").network).toMatchObject({
      depth: 7,
      backprop: "store",
    });
  });

  it("pix2pix is paired by default", () => {
    expect(parseConfig({ network: { kind: "pix2pix" } }, "").mode).toBe("paired");
  });

  it("volumes have their own sizes and no identity loss", () => {
    const config = parseConfig({ network: { dimensions: 3 } }, "");
    expect(config.network.downsampling).toBe(1);
    expect(config.network.discriminator).toEqual({ width: 64, layers: 2 });
    expect(config.data.loadSize).toBeNull();
    expect(config.data.cropSize).toBe(32);
    expect(config.training.lambdaIdentity).toBe(0);
  });

  it("different channel counts have no identity loss", () => {
    expect(parseConfig({ network: { inputChannels: 1 } }, "").training.lambdaIdentity).toBe(0);
  });

  it("a null size stays null instead of becoming the default", () => {
    const config = parseConfig({ data: { loadSize: null, cropSize: null } }, "");
    expect([config.data.loadSize, config.data.cropSize]).toEqual([null, null]);
  });
});

describe("a filled configuration", () => {
  it.each([
    {},
    { $schema: "./revgan.schema.json", mode: "paired" },
    { network: { dimensions: 3 }, data: { path: "x", intensity: { kind: "zscore" } } },
    { network: { kind: "pix2pix", generator: "unet256" }, gpu: 1 },
    { data: { folders: { a: "lr", b: "hr" }, cropSize: [128, 256] } },
    { data: { a: "cats", b: "../dogs", names: { a: "Katze", b: "犬" }, split: { val: 0.1 } } },
  ])("is read back as itself: %j", (written) => {
    const config = parseConfig(written, "");
    expect(parseConfig(JSON.parse(JSON.stringify(config)), "")).toEqual(config);
  });
});

describe("an unknown key", () => {
  it.each([
    ["network.depht", "network.depth", { network: { depht: 9 } }],
    ["depth", "network.depth", { depth: 9 }],
    ["network.depth", "network.depth", { "network.depth": 9 }],
    ["batch_size", "training.batchSize", { batch_size: 1 }],
    ["training.lr", "training.seed", { training: { lr: 1 } }],
    ["data.batchsize", "training.batchSize", { data: { batchsize: 1 } }],
    ["netwrok", "network", { netwrok: {} }],
    ["network.discriminator.layer", "network.discriminator.layers", { network: { discriminator: { layer: 2 } } }],
    ["data.folders.c", "data.folders.a", { data: { folders: { a: "x", b: "y", c: "z" } } }],
    ["__proto__", "data.path", JSON.parse('{ "__proto__": { "depth": 1 } }')],
  ])("%s is named with the nearest known one, %s", (key, nearest, value) => {
    const message = problemOf(value);
    if (key === "training.lr" || key === "__proto__")
      expect(message).toMatch(new RegExp(`^${key} is not a key of the configuration; did you mean [\\w.]+\\?$`));
    else expect(message).toBe(`${key} is not a key of the configuration; did you mean ${nearest}?`);
  });

  it("is told before other problems, which are counted", () => {
    expect(problemOf({ network: { width: 0, depht: 3 }, training: { seed: -1 } })).toBe(
      "network.depht is not a key of the configuration; did you mean network.depth? (and 2 more problems)",
    );
  });

  it("cannot break the message's line", () => {
    expect(problemOf({ "a\nb": 1 })).toMatch(/^a�b is not a key/);
  });

  it("is not looked for among thousands, which would take minutes", () => {
    const keys = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`key ${i}`, i]));
    expect(problemOf({ network: keys })).toBe(
      "network has 3000 keys that do not exist: this is no configuration of RevGAN's",
    );
  });
});

describe("a wrong value", () => {
  it.each([
    [{ training: { batchSize: "two" } }, 'training.batchSize must be a whole number of at least 1, not "two"'],
    [{ training: { keepCheckpoints: 0 } }, "training.keepCheckpoints must be a whole number of at least 1, not 0"],
    [{ network: { depth: 1.5 } }, "network.depth must be a whole number of at least 0, not 1.5"],
    [{ network: { depth: null } }, "network.depth must be a whole number of at least 0, not null"],
    [{ network: { downsampling: 9 } }, "network.downsampling must be a whole number of at most 8, not 9"],
    [{ network: { kind: "resnet" } }, 'network.kind must be "revgan", "cyclegan" or "pix2pix", not "resnet"'],
    [{ network: { dimensions: 4 } }, "network.dimensions must be 2 (images) or 3 (volumes), not 4"],
    [{ network: 9 }, "network must be an object with the network's settings, not 9"],
    [[], "the configuration must be an object, not []"],
    [null, "the configuration must be an object, not null"],
    [{ training: { beta1: 1 } }, "training.beta1 must be a number from 0 to below 1, not 1"],
    [{ training: { learningRate: 0 } }, "training.learningRate must be a number above 0, up to 1, not 0"],
    [JSON.parse('{"training":{"lambdaL1":1e999}}'), "training.lambdaL1 must be a number of at least 0, not null"],
    [{ training: { maxSteps: -1 } }, "training.maxSteps must be a whole number of at least 0, not -1"],
    [{ data: { flip: "yes" } }, 'data.flip must be true or false, not "yes"'],
    [
      { data: { folders: { a: "lr" } } },
      "data.folders.b is missing: it must be the name of a folder inside the data folder's parts, without slashes",
    ],
    [
      { data: { folders: { a: "../x", b: "y" } } },
      'data.folders.a must be the name of a folder inside the data folder\'s parts, without slashes, not "../x"',
    ],
    [
      { data: { names: { a: "", b: "dog" } } },
      'data.names.a must be a name of 1 to 40 characters, without control characters and without spaces around it, not ""',
    ],
    [{ data: { split: { val: 1 } } }, "data.split.val must be a number from 0 to below 1, not 1"],
    [{ data: { split: 0.1 } }, "data.split must be an object with the shares val and test, or null, not 0.1"],
    [{ data: { a: "" } }, 'data.a must be the path of a folder, not ""'],
    [
      { data: { cropSize: [1] } },
      "data.cropSize must be a whole number, [height, width], [depth, height, width] for volumes, or null, not [1]",
    ],
  ])("%j", (value, message) => expect(problemOf(value)).toBe(message));
});

describe("a name for people", () => {
  it.each(["a\nb", " cat", "cat ", " ", "x".repeat(41), "a\u202eb", "\u0007"])("is not %j", (b) =>
    expect(problemOf({ data: { names: { a: "cat", b } } })).toMatch(
      /^data\.names\.b must be a name of 1 to 40 characters/,
    ),
  );

  it.each(["犬", "Katze & Co.", "x".repeat(40), "a b"])("may be %j", (b) =>
    expect(parseConfig({ data: { names: { a: "cat", b } } }, "").data.names).toEqual({ a: "cat", b }),
  );
});

describe("keys that do not fit together", () => {
  it.each([
    [
      { mode: "paired", network: { kind: "cyclegan" } },
      'mode must be "unpaired" for the network kind "cyclegan", not "paired"',
    ],
    [
      { mode: "unpaired", network: { kind: "pix2pix" } },
      'mode must be "paired" for the network kind "pix2pix", not "unpaired"',
    ],
    [{ network: { norm: "batch" } }, 'network.norm must be "instance" for the network kind "revgan", not "batch"'],
    [{ network: { dropout: true } }, 'network.dropout must be false for the network kind "revgan", not true'],
    [
      { network: { generator: "unet128" } },
      'network.generator must be "resnet" for the network kind "revgan", not "unet128"',
    ],
    [
      { network: { width: 3, downsampling: 0 } },
      "network.width must be even without downsampling, not 3: reversible blocks split the channels into two halves",
    ],
    [{ data: { cropSize: 254 } }, "data.cropSize must be a multiple of 4 (network.downsampling is 2), not 254"],
    [{ data: { cropSize: 20 } }, "data.cropSize must be at least 24 for this network, not 20"],
    [{ data: { cropSize: [64, 20] } }, "data.cropSize must be at least 24 for this network, not [64,20]"],
    [
      { network: { kind: "pix2pix", generator: "unet128" }, data: { cropSize: 192, loadSize: 200 } },
      'data.cropSize must be a multiple of 128 (network.generator is "unet128"), not 192',
    ],
    [
      { data: { cropSize: [32, 32, 32] } },
      "data.cropSize must be a whole number, [height, width] or null, not [32,32,32]",
    ],
    [
      { network: { dimensions: 3 }, data: { loadSize: [64, 64] } },
      "data.loadSize must be a whole number, [depth, height, width] or null, not [64,64]",
    ],
    [{ data: { cropSize: 288 } }, "data.loadSize must be at least data.cropSize (288), not 286"],
    [{ data: { cropSize: null, loadSize: 16 } }, "data.loadSize must be at least 24 for this network, not 16"],
    [
      { data: { intensity: { kind: "window", low: 1 } } },
      "data.intensity.high is missing: a window needs low and high",
    ],
    [{ data: { intensity: { low: -1 } } }, "data.intensity must have percentiles from 0 to 100, not -1 to 99.5"],
    [
      { data: { intensity: { kind: "zscore", low: 4 } } },
      "data.intensity.low must be below data.intensity.high (3), not 4",
    ],
    [{ data: { folders: { a: "x", b: "x" } } }, 'data.folders must name two folders, not "x" twice'],
    [
      { data: { path: "x", a: "y", b: "z" } },
      "data.path and data.a both say where the data are: one data folder, or a folder for each domain",
    ],
    [{ data: { b: "z" } }, "data.a is missing: data.b is the folder of one domain"],
    [{ data: { a: "z", b: "z" } }, 'data.a and data.b must be two folders, not "z" twice'],
    [
      { data: { a: "y", b: "z", folders: { a: "lr", b: "hr" } } },
      "data.folders names folders inside data.path, and data.a and data.b are the folders themselves",
    ],
    [{ data: { names: { a: "Cat", b: "cat" } } }, 'data.names must be two names, not "Cat" twice'],
    [
      { data: { split: { val: 0.5, test: 0.5 } } },
      "data.split must be below 1 in all, so that something is left to train on, not 0.5 and 0.5",
    ],
    [{ training: { epochs: 0, decayEpochs: 0 } }, "training.epochs and training.decayEpochs must not both be 0"],
    [
      { network: { inputChannels: 1 }, training: { lambdaIdentity: 0.5 } },
      "training.lambdaIdentity must be 0 with different channel counts (1 and 3), not 0.5",
    ],
    [
      { network: { backprop: "store", memoryBudget: 1e9 } },
      'network.memoryBudget needs network.backprop "recompute", of which it stores a part, not "store"',
    ],
    [
      { network: { backprop: "checkpoint", memoryBudget: 1e9 } },
      'network.memoryBudget needs network.backprop "recompute", of which it stores a part, not "checkpoint"',
    ],
    [
      { network: { kind: "cyclegan", memoryBudget: 1e9 } },
      'network.memoryBudget is for reversible networks, and the network kind "cyclegan" stores every block',
    ],
    [
      { network: { kind: "pix2pix", memoryBudget: 1e9 } },
      'network.memoryBudget is for reversible networks, and the network kind "pix2pix" stores every block',
    ],
    [
      { network: { memoryBudget: 1e9 }, data: { cropSize: null } },
      "network.memoryBudget needs a fixed data.cropSize, on which a step's memory depends, not null",
    ],
    [
      { training: { earlyStop: 3 } },
      "training.earlyStop counts validations at fixed steps, and training.validateEvery is null (automatic)",
    ],
  ])("%j", (value, message) => expect(problemOf(value)).toBe(message));

  it("are listed one by one for an editor, with their keys", () => {
    expect(
      configProblems({ mode: "paired", network: { kind: "cyclegan" }, data: { cropSize: 254 } }).map(
        ({ path }) => path,
      ),
    ).toEqual(["mode", "data.cropSize"]);
  });

  it.each([
    { training: { maxSteps: 0 } },
    { network: { depth: 0, width: 1 } },
    { network: { memoryBudget: 1 } },
    { network: { kind: "cyclegan", memoryBudget: null }, data: { cropSize: null } },
    { network: { kind: "cyclegan", width: 3, downsampling: 0 } },
    {
      mode: "paired",
      network: { width: 8, depth: 3, discriminator: { width: 8 } },
      data: { loadSize: null, cropSize: null },
    },
    { data: { loadSize: [128, 256], cropSize: [128, 128] } },
  ])("%j is fine", (value) => {
    expect(configProblems(value)).toEqual([]);
  });
});

describe("the schema", () => {
  it("does not keep what it does not know on an object's prototype", () => {
    expect(configSchema.safeParse(JSON.parse('{"__proto__":{"mode":"paired"}}')).success).toBe(false);
    expect(({} as { mode?: string }).mode).toBeUndefined();
  });
});
