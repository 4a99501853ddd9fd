import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DecoderClient } from "../../../extension/trainer/data/decoder/decoderClient";
import type { Picture } from "../../../extension/trainer/data/picture";
import {
  expectDone,
  expectRefused,
  filesBelow,
  ofType,
  readRunFile,
  sharedFolder,
  train,
  unpairedData,
} from "../../support/commandLine";
import { noise, pngBytes, wholeImage, writeTree } from "../../support/images";
import { revgan } from "../../support/programs";

const folder = sharedFolder();
const run = join(folder, "run");
const decoder = new DecoderClient();

beforeAll(async () => {
  expectDone(await train(unpairedData(join(folder, "data")), run, { "training.sampleEvery": 0 }));
});
afterAll(() => decoder.close());

function translate(...words: readonly string[]): ReturnType<typeof revgan> {
  return revgan(["translate", "--json", "--run", run, "--direction", "AtoB", ...words]);
}

async function picture(file: string): Promise<Picture> {
  return (await decoder.decode(wholeImage(file, { alpha: true }))).picture;
}

describe("translate", () => {
  it("writes a picture of the same size beside each picture, in either direction", async () => {
    const root = writeTree(join(folder, "beside"), {
      "a.png": noise(1, 33, 47),
      "b.jpg": pngBytes(noise(2, 32, 32)),
      "c.png": noise(3, 1, 1),
      "d.png": noise(4, 5, 3),
    });
    const inputs = ["a.png", "b.jpg", "c.png", "d.png"].map((name) => join(root, name));
    const lines = expectDone(await translate(...inputs));
    expect(lines).toEqual(
      inputs.map((input) => ({
        type: "translated",
        input,
        output: input.replace(/\.\w+$/, ".AtoB.png"),
        direction: "AtoB",
      })),
    );
    for (const { input, output } of ofType(lines, "translated")) {
      const [before, after] = [await picture(input), await picture(output)];
      expect([after.height, after.width, after.channels, after.bits]).toEqual([before.height, before.width, 3, 8]);
    }
    expectDone(await revgan(["translate", "--json", "--run", run, "--direction", "BtoA", inputs[0]!]));
    expect(readFileSync(join(root, "a.BtoA.png"))).not.toEqual(readFileSync(join(root, "a.AtoB.png")));
  });

  it("keeps 16 bits and alpha, and gives gray pictures colour", async () => {
    const rgba = noise(5, 20, 24, 4);
    const root = writeTree(join(folder, "kinds"), {
      "deep.png": noise(6, 20, 24, 3, 16),
      "alpha.png": rgba,
      "gray.png": noise(7, 20, 24, 1),
    });
    expectDone(await translate(root));
    expect((await picture(join(root, "deep.AtoB.png"))).bits).toBe(16);
    const alpha = await picture(join(root, "alpha.AtoB.png"));
    expect([...alpha.alpha!]).toEqual(Array.from({ length: 20 * 24 }, (_, i) => rgba.samples[4 * i + 3]));
    const gray = await picture(join(root, "gray.AtoB.png"));
    expect(gray.channels).toBe(3);
    expect(gray.data.some((value, i) => i % 3 === 1 && value !== gray.data[i - 1])).toBe(true);
  });

  it("keeps a folder's subfolders in --out, leaves other files alone, and never translates its own results", async () => {
    const root = writeTree(join(folder, "tree"), {
      "x.png": noise(8, 16, 16),
      "deep/er/y.png": noise(9, 16, 16),
      "notes.txt": "no picture",
      ".hidden.png": noise(10, 16, 16),
    });
    const out = join(folder, "out");
    expectDone(await translate("--out", out, root));
    expect(filesBelow(out)).toEqual(["deep/er/y.AtoB.png", "x.AtoB.png"]);
    expectDone(await translate(root));
    const lines = expectDone(await translate("--overwrite", root));
    expect(lines).toHaveLength(2);
    expect(filesBelow(root).filter((name) => name.includes("AtoB"))).toEqual(["deep/er/y.AtoB.png", "x.AtoB.png"]);
  });

  it("names results by the whole name where two pictures share a stem", async () => {
    const root = writeTree(join(folder, "stems"), {
      "s.png": noise(11, 16, 16),
      "s.jpg": pngBytes(noise(12, 16, 16)),
      "t.png": noise(13, 16, 16),
    });
    expectDone(await translate(root));
    expect(filesBelow(root).filter((name) => name.includes("AtoB"))).toEqual([
      "s.jpg.AtoB.png",
      "s.png.AtoB.png",
      "t.AtoB.png",
    ]);
  });

  it("refuses two pictures of one name for one folder before it writes either", async () => {
    const root = writeTree(join(folder, "same"), { "1/s.png": noise(19, 16, 16), "2/s.png": noise(20, 16, 16) });
    const out = join(root, "out");
    const inputs = [join(root, "1", "s.png"), join(root, "2", "s.png")];
    expectRefused(await translate("--overwrite", "--out", out, ...inputs), {
      exit: 2,
      code: "input",
      says: [...inputs, "would both become", "--out of their own"],
    });
    expectRefused(await translate("--out", inputs[1]!, inputs[0]!), {
      exit: 2,
      code: "input",
      says: [inputs[1]!, "is not a folder"],
    });
    expect(filesBelow(root)).toEqual(["1/s.png", "2/s.png"]);
  });

  it("takes weights and a configuration instead of a run, with the same result", async () => {
    const root = writeTree(join(folder, "weights"), { "w.png": noise(21, 16, 20) });
    const config = join(root, "revgan.json");
    const { network, engine } = readRunFile(run).config;
    writeFileSync(config, JSON.stringify({ network, engine }));
    const weights = join(run, "checkpoints", "000002", "weights.safetensors");
    expectDone(await translate("--out", join(root, "run"), join(root, "w.png")));
    const words = [
      "--weights",
      weights,
      "--config",
      config,
      "--direction",
      "AtoB",
      "--out",
      join(root, "file"),
      join(root, "w.png"),
    ];
    expectDone(await revgan(["translate", "--json", ...words]));
    expect(readFileSync(join(root, "file", "w.AtoB.png"))).toEqual(readFileSync(join(root, "run", "w.AtoB.png")));
    writeFileSync(config, JSON.stringify({ network: { ...network, width: 8 }, engine }));
    expectRefused(await revgan(["translate", "--json", "--overwrite", ...words]), {
      exit: 2,
      code: "checkpoint",
      says: [weights, "this network takes"],
    });
  });

  it("falls back to the checkpoint before a damaged one, and says so", async () => {
    const root = writeTree(join(folder, "fallback"), { "f.png": noise(22, 16, 16) });
    const other = join(root, "run");
    expectDone(await train(join(folder, "data"), other, { "training.checkpointEvery": 1, "training.sampleEvery": 0 }));
    writeFileSync(join(other, "checkpoints", "000002", "weights.safetensors"), "damaged");
    const ended = await revgan(["translate", "--json", "--run", other, "--direction", "AtoB", join(root, "f.png")]);
    expect(expectDone(ended)).toHaveLength(1);
    expect(ended.stderr).toMatch(/checkpoint 000002 is damaged \(weights\.safetensors.*\); using 000001/);
  });

  it("says in one line what a file is whose name has two", async () => {
    const root = writeTree(join(folder, "two-lines"), { "a\nb.png": "no picture" });
    const ended = await translate(root);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/^revgan: [^\n]+a b\.png [^\n]+\n$/);
  });

  it("keeps what is there already, without --overwrite", async () => {
    const root = writeTree(join(folder, "kept"), { "k.png": noise(14, 16, 16), "k.AtoB.png": "mine" });
    expectRefused(await translate(join(root, "k.png")), {
      exit: 2,
      code: "input",
      says: [join(root, "k.AtoB.png"), "exists already", "--overwrite"],
    });
    expect(readFileSync(join(root, "k.AtoB.png"), "utf8")).toBe("mine");
    expectDone(await translate("--overwrite", join(root, "k.png")));
    expect((await picture(join(root, "k.AtoB.png"))).width).toBe(16);
  });

  it("translates the others when one of many is bad, and ends with 2", async () => {
    const whole = pngBytes(noise(15, 16, 16));
    const root = writeTree(join(folder, "many"), {
      "1.png": noise(16, 16, 16),
      "2.png": whole.subarray(0, whole.length / 2),
      "3.png": noise(17, 16, 16),
    });
    const ended = await translate(root);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(new RegExp(`^revgan: ${join(root, "2.png")} [^\n]+\n$`));
    expect(filesBelow(root)).toEqual(["1.AtoB.png", "1.png", "2.png", "3.AtoB.png", "3.png"]);
  });

  it("takes a picture whose name looks like an option after --", async () => {
    const root = writeTree(join(folder, "dash"), { "--odd.png": noise(18, 16, 16) });
    const ended = await revgan(["translate", "--run", run, "--direction", "AtoB", "--", "--odd.png"], root);
    expect(ended.code, ended.stderr).toBe(0);
    expect(existsSync(join(root, "--odd.AtoB.png"))).toBe(true);
  });

  it.each([
    [["--direction", "AtoC", "x.png"], "usage", ["--direction must be AtoB or BtoA"]],
    [["--direction", "AtoB"], "usage", ["translate needs a file"]],
    [["--direction", "AtoB", "--tile", "7", "x.png"], "usage", ["--tile"]],
    [
      ["--direction", "AtoB", "--weights", "w.safetensors", "x.png"],
      "usage",
      ["either --run, or --weights and --config"],
    ],
    [["--direction", "AtoB", "nothing-there.png"], "input", ["nothing-there.png is not there"]],
    [["--direction", "AtoB", "--colour", "x.png"], "usage", ["--colour"]],
  ] as const)("refuses %j", async (words, code, says) => {
    expectRefused(await revgan(["translate", "--json", "--run", run, ...words]), { exit: 2, code, says });
  });

  it("refuses a run that is none, and a folder without pictures", async () => {
    const empty = writeTree(join(folder, "empty"), { inside: null });
    expectRefused(
      await revgan(["translate", "--json", "--run", empty, "--direction", "AtoB", join(folder, "beside")]),
      { exit: 2, code: "run", says: [empty, "is no run"] },
    );
    expectRefused(await translate(empty), { exit: 2, code: "input", says: [empty, "no images"] });
  });
});
