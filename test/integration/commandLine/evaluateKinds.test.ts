import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { expectDone, ofType, pairedData, sharedFolder, train, unpairedData } from "../../support/commandLine";
import { evaluate, evaluated } from "../../support/evaluation";
import { noise, writeTree } from "../../support/images";
import { revgan } from "../../support/programs";

const folder = sharedFolder();

describe("evaluate, without pairs", () => {
  const run = join(folder, "unpaired-run");
  const data = unpairedData(join(folder, "unpaired"), {
    more: {
      "testA/one.png": noise(50, 36, 40),
      "testA/two.png": noise(51, 24, 32, 3, 16),
      "testA/three.png": noise(52, 24, 32),
      "testB/one.png": noise(53, 36, 40),
      "testB/three.png": noise(54, 32, 32),
      "testB/four.png": noise(55, 36, 40),
    },
  });
  beforeAll(async () => {
    expectDone(await train(data, run, { "training.sampleEvery": 0, "data.skipUnreadable": true }));
  });

  it("counts files of one name and one size as pairs, and knows only the way back of the others", async () => {
    const [there] = await evaluated(run);
    expect(there!.images).toBe(3);
    const [one, three, two] = there!.perImage;
    expect([one!.name, three!.name, two!.name]).toEqual(["one", "three", "two"]);
    expect(Object.keys(one!).sort()).toEqual(["cycleMae", "mae", "name", "psnr", "rmse", "ssim"]);
    expect([Object.keys(three!), Object.keys(two!)]).toEqual([
      ["name", "cycleMae"],
      ["name", "cycleMae"],
    ]);
    expect(there!.metrics.mae).toBe(one!["mae"]);
    expect(there!.metrics["cycleMae"]).toBeCloseTo(
      [one, two, three].reduce((sum, each) => sum + (each!["cycleMae"] as number), 0) / 3,
      10,
    );
  });

  it("says so where there is no pair at all", async () => {
    const lonely = writeTree(join(folder, "lonely"), {
      "testA/1.png": noise(60, 20, 20),
      "testB/2.png": noise(61, 20, 20),
    });
    const { code, stdout, stderr } = await revgan(["evaluate", "--run", run, "--data", lonely]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Pictures compared +0 of 1 +0 of 1\nThere and back/);
    expect(stderr).toContain("No picture has a partner");
    const [there] = await evaluated(run, "--data", lonely);
    expect(there!.metrics).toMatchObject({
      mae: null,
      psnr: null,
      ssim: null,
      cycleMae: expect.any(Number) as unknown,
    });
  });

  it("of unpaired pictures has the distances between sets, which need no partners", async () => {
    const sets = writeTree(join(folder, "sets"), {
      ...Object.fromEntries([1, 2].map((i) => [`testA/a${i}.png`, noise(i, 32, 40)])),
      ...Object.fromEntries([1, 2, 3].map((i) => [`testB/b${i}.png`, noise(10 + i, 28, 36)])),
    });
    const lines = await evaluated(run, "--data", sets);
    expect(lines.map(({ direction, images }) => [direction, images])).toEqual([
      ["AtoB", 2],
      ["BtoA", 3],
    ]);
    const [there, back] = lines.map(({ metrics }) => metrics);
    for (const metrics of [there!, back!]) expect(metrics.slicedWasserstein).toBeGreaterThan(0);
    // Two sets of noise are closer to each other than to what an untrained network makes of them.
    expect(there!.slicedWassersteinUntranslated).toBe(back!.slicedWassersteinUntranslated);
    expect(there!.slicedWassersteinUntranslated).toBeLessThan(there!.slicedWasserstein!);
    expect(there!.constantMae).toBeUndefined();
    const { stdout } = await revgan(["evaluate", "--run", run, "--data", sets]);
    expect(stdout).toMatch(/Distance to the real pictures .sliced Wasserstein., of 255 +[\d.]+ +[\d.]+\n/);
  });

  it("leaves out what cannot be read where the run was told to, and says so", async () => {
    const broken = writeTree(join(folder, "skipped"), {
      "testA/1.png": noise(60, 20, 20),
      "testA/2.png": "no picture",
      "testB/2.png": noise(61, 20, 20),
    });
    const ended = await evaluate(run, "--data", broken);
    expect(ofType(expectDone(ended), "evaluation").map(({ images }) => images)).toEqual([1, 0]);
    expect(ended.stderr).toContain(join(broken, "testA", "2.png"));
    expect(existsSync(join(run, "evaluation", "test-BtoA.json"))).toBe(true);
  });
});

describe("evaluate, for other kinds of network", () => {
  it("judges the one direction of a pix2pix, without a way back", async () => {
    const data = pairedData(join(folder, "one-way"));
    const run = join(folder, "pix2pix-run");
    expectDone(await train(data, run, { "network.kind": "pix2pix", "training.sampleEvery": 0 }));
    const lines = await evaluated(run, "--split", "val");
    expect(lines.map(({ direction }) => direction)).toEqual(["AtoB"]);
    expect(lines[0]!.metrics["cycleMae"]).toBeUndefined();
    expect(lines[0]!.metrics.mae).toBeGreaterThan(0);
  });

  it("judges both directions of a cyclegan", async () => {
    const data = unpairedData(join(folder, "cyclegan"), {
      more: { "testA/1.png": noise(1, 36, 32), "testB/1.png": noise(2, 36, 32) },
    });
    const run = join(folder, "cyclegan-run");
    expectDone(await train(data, run, { "network.kind": "cyclegan", "training.sampleEvery": 0 }));
    expect((await evaluated(run)).map(({ direction, images }) => [direction, images])).toEqual([
      ["AtoB", 1],
      ["BtoA", 1],
    ]);
  });
});

describe("the parameters of an evaluation", () => {
  it("are the generators', as PyTorch counts them", async () => {
    const data = pairedData(join(folder, "counted"));
    const run = join(folder, "counted-run");
    const size = { "network.width": 64, "network.depth": 9, "training.maxSteps": 0, mode: "paired" };
    expectDone(await train(data, run, size));
    const lines = await evaluated(run, "--split", "val");
    for (const { metrics } of lines)
      expect(metrics).toMatchObject({ parameters: 6_826_502, peakBytes: null, secondsPerStep: null });
  });
});
