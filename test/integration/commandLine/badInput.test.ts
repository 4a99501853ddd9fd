import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { expectRefused, sets, sharedFolder, tiny, train, unpairedData } from "../../support/commandLine";
import { noise, pngBytes, type TestImage, writeTree } from "../../support/images";
import { revgan } from "../../support/programs";

const folder = sharedFolder();
const good = unpairedData(join(folder, "good"));
const picture = noise(1, 40, 80);
const broken = pngBytes(picture).subarray(0, 900);

let runs = 0;
function newRun(): string {
  return join(folder, `run-${runs++}`);
}

describe("train refuses data", () => {
  it.each<[string, Record<string, TestImage | Buffer | null>, string[]]>([
    ["that hold nothing", { nothing: null }, ["data"]],
    ["whose training folder is empty", { train: null }, ["train", "holds no images"]],
    ["with one picture in A and none in B", { "trainA/a.png": picture, trainB: null }, ["trainB", "holds no images"]],
    ["with A alone", { "trainA/a.png": picture }, ["trainB"]],
    ["whose pairs have an odd width", { "train/p.png": noise(2, 40, 65) }, ["train/p.png", "65 pixels wide"]],
    [
      "whose pictures are smaller than the crop",
      { "train/p.png": noise(3, 20, 40) },
      ["train/p.png", "smaller than the crop of 32 × 32"],
    ],
    [
      "with a folder named like a picture",
      { "train/p.png": picture, "train/x.png": null },
      ["train/x.png", "is a folder"],
    ],
    [
      "with an unreadable picture, naming it",
      { "train/p.png": picture, "train/q.png": broken, "train/r.png": broken },
      ["2 files", "train/q.png", "train/r.png", "data.skipUnreadable"],
    ],
  ])("%s", async (name, files, says) => {
    const data = writeTree(join(folder, name.replaceAll(" ", "-")), files);
    const run = newRun();
    expectRefused(await train(data, run), { exit: 2, code: "data", says });
    expect(existsSync(run)).toBe(false);
  });

  it("whose pictures are smaller than the network takes, where they are not cut", async () => {
    const data = unpairedData(join(folder, "tiny"), { more: { "trainA/tiny.png": noise(4, 9, 36) } });
    const run = newRun();
    const values = { "data.cropSize": null, "network.discriminator.layers": 2 };
    expectRefused(await train(data, run, values), {
      exit: 2,
      code: "data",
      says: ["trainA/tiny.png is 36 × 9 pixels", "at least 12 × 12"],
    });
    expect(existsSync(run)).toBe(false);
  });

  it("that are not there", async () => {
    expectRefused(await train(join(folder, "nowhere"), newRun()), {
      exit: 2,
      code: "data",
      says: [join(folder, "nowhere")],
    });
  });

  it("goes on without unreadable pictures only when told to, and says without which", async () => {
    const data = writeTree(join(folder, "skip"), { "train/p.png": picture, "train/q.png": broken });
    const ended = await revgan([
      "train",
      "--data",
      data,
      "--run",
      newRun(),
      ...sets({ ...tiny, "data.skipUnreadable": true }),
    ]);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toMatch(new RegExp(`without ${join(data, "train", "q.png")}`));
  });
});

describe("train refuses a configuration", () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    [
      "with a value of the wrong type",
      { "training.batchSize": "two" },
      ["training.batchSize must be a whole number", "two"],
    ],
    [
      "with an unknown key, naming the nearest",
      { "network.depht": 3 },
      ["network.depht", "did you mean network.depth?"],
    ],
    ["with a size that the network cannot take", { "data.cropSize": 30 }, ["data.cropSize must be a multiple of 4"]],
    [
      "with a size too small for the discriminators",
      { "data.cropSize": 16, "network.discriminator.layers": 3 },
      ["data.cropSize"],
    ],
    [
      "with an odd number of features in the core",
      { "network.width": 1, "network.downsampling": 0 },
      ["network.width"],
    ],
    [
      "with channels that no image has",
      { "network.inputChannels": 2, "training.lambdaIdentity": 0 },
      ["network.inputChannels must be 1 (gray) or 3 (colour)"],
    ],
  ])("%s", async (_, values, says) => {
    const run = newRun();
    expectRefused(await train(good, run, values), { exit: 2, code: "config", says });
    expect(existsSync(run)).toBe(false);
  });

  it("with a fault of syntax, telling line and column", async () => {
    const file = join(
      writeTree(join(folder, "syntax"), { "revgan.json": '{\n  "network": { "depth": 3 }\n  "mode": "paired"\n}' }),
      "revgan.json",
    );
    expectRefused(await revgan(["train", "--json", "--config", file]), {
      exit: 2,
      code: "config",
      says: [file, /line 3, column 3/],
    });
  });

  it("with a key in the wrong section, naming the right one", async () => {
    const file = join(
      writeTree(join(folder, "section"), { "revgan.json": `{ "depth": 3, "data": { "path": "${good}" } }` }),
      "revgan.json",
    );
    expectRefused(await revgan(["train", "--json", "--config", file]), {
      exit: 2,
      code: "config",
      says: [file, "did you mean network.depth?"],
    });
  });
});

describe("revgan refuses", () => {
  it("a run folder that is not empty", async () => {
    const run = writeTree(newRun(), { "mine.txt": "mine" });
    expectRefused(await train(good, run), { exit: 2, code: "run", says: [run, "is not empty"] });
    // Before it looks at the data.
    expectRefused(await train(join(folder, "nowhere"), run), { exit: 2, code: "run", says: [run] });
  });

  it.each([
    [
      ["trian", "--json"],
      ["no command trian", "train"],
    ],
    [["train", "--json", "--dta", "x"], ["--dta"]],
    [["train", "--json", "--data"], ["--data needs a value"]],
    [["train", "--data", "--json"], ["--data needs a value"]],
    [["train", "--json", "--data", "x", "--run", ""], ["--run needs a value"]],
    [["train", "--json", "--set", "maxSteps"], ["--set takes key=value"]],
    [["train", "--json"], ["no configuration and no data folder"]],
    [["train", "--json", "--data", "x", "more"], ["more"]],
    [["resume", "--json"], ["resume needs a run folder"]],
    [
      ["export", "--json", "--run", "x", "--out", "y", "--format", "caffe"],
      ["--format must be pytorch or onnx or tensorboard, not caffe"],
    ],
    [["engine", "--json", "start"], ["start"]],
  ])("the words %j", async (words, says) => {
    expectRefused(await revgan(words), { exit: 2, code: "usage", says });
  });
});

describe("--verbose", () => {
  it("adds the stack, which is never shown without it", async () => {
    const ended = await revgan(["train", "--verbose", "--data", join(folder, "nowhere")]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/^\s+at /m);
  });
});
