import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { checkpoint, expectDone, expectRefused, readRunFile, resume, sharedFolder } from "../../support/commandLine";
import { type FixtureName, readFixture } from "../../parity/fixtures";
import { revgan } from "../../support/programs";
import {
  dict,
  floats,
  global,
  legacyFile,
  pickle,
  pickled,
  tensor,
  text,
  tuple,
  zipFile,
} from "../../support/torchFiles";

const folder = sharedFolder();

/** A fixture's configuration, which takes no step; the weights are named by the command line or in it. */
function configFile(name: FixtureName, training: object = {}): string {
  const { settings } = readFixture(name);
  const file = join(folder, `${name}.json`);
  const { data } = settings as { data: object };
  writeFileSync(
    file,
    JSON.stringify({
      ...settings,
      data: { ...data, cropSize: 32 },
      engine: "wasm",
      training: { maxSteps: 0, ...training },
    }),
  );
  return file;
}

const files = (name: FixtureName, format: string): string => resolve("test", "parity", "fixtures", name, format);
const train = (config: string, run: string, ...more: string[]): ReturnType<typeof revgan> =>
  revgan(["train", "--json", "--config", config, "--run", join(folder, run), ...more]);

it.each<[FixtureName, string]>([
  ["unpaired", "zip"],
  ["unpaired", "legacy"],
  ["cyclegan", "legacy"],
])(
  "%s: a folder of .pth (%s) gives the first checkpoint of its safetensors file, byte for byte",
  async (name, format) => {
    const config = configFile(name);
    expectDone(await train(config, `${name}-safetensors-${format}`, "--init", readFixture(name).file("init")));
    const from = files(name, format);
    expectDone(await train(config, `${name}-${format}`, "--init", from));
    const run = join(folder, `${name}-${format}`);
    expect(checkpoint(run, 0)["weights.safetensors"]).toBe(
      checkpoint(join(folder, `${name}-safetensors-${format}`), 0)["weights.safetensors"],
    );
    expect(readFileSync(join(run, "log.txt"), "utf8")).toContain(`Starts with the weights of ${from}\n`);
    expect(readRunFile(run).config.training.init).toBe(from);
  },
);

it("the configuration may name the weights, relative to itself, and a resumed run keeps its own", async () => {
  const weights = join(folder, "latest_net_G_A.pth");
  writeFileSync(weights, readFileSync(join(files("cyclegan", "legacy"), "latest_net_G_A.pth")));
  const config = configFile("cyclegan", { init: "latest_net_G_A.pth", initSkip: ["G_B"] });
  const run = join(folder, "named");
  const { code, stderr } = await revgan(["train", "--config", config, "--run", run]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("Left as they start: the weights under G_B\n");
  expect(stderr).toContain("Not among the weights, and started anew: D_A, D_B\n");
  expect(readRunFile(run).config.training).toMatchObject({ init: weights, initSkip: ["G_B"] });

  const byOption = "by-option";
  expectDone(await train(configFile("cyclegan"), byOption, "--init", weights, "--init-skip", "G_B"));
  expect(checkpoint(join(folder, byOption), 0)).toEqual(checkpoint(run, 0));

  writeFileSync(weights, "gone");
  expectDone(await resume(run, { "training.maxSteps": 1 }));
  expectRefused(await resume(run, { "training.init": weights }), {
    exit: 2,
    code: "config",
    says: ["training.init cannot change when a run goes on: it goes on with the weights of its checkpoint"],
  });
});

it("--init-skip needs weights", async () => {
  expectRefused(await train(configFile("cyclegan"), "never", "--init-skip", "G_B"), {
    exit: 2,
    code: "config",
    says: ["training.initSkip says what training.init does not set, and there is no training.init"],
  });
});

describe("a hostile file is refused in a line, and nothing of it is run", () => {
  const marker = join(folder, "marker");
  const command = tuple(text(`touch ${marker}`));
  const one = { "0": floats(2) };
  const call = pickled(dict({ w: tensor(), x: pickle(global("os", "system"), command, "R") }));
  const plain = pickled(dict({ w: tensor() }));
  const large = pickled(dict({ w: tensor({ shape: [50_000_000] }) }));
  const bomb = [{ name: "archive/data/0", content: Buffer.alloc(200_000_000), stored: false }];

  it.each([
    ["os.system in a zip", zipFile(call, one), "asks for os.system"],
    ["os.system in the older format", legacyFile(call, one), "asks for os.system"],
    ["protocol 0", zipFile(pickle(`(S'touch ${marker}'\nios\nsystem\n.`), one), "the pickle operation STRING"],
    ["a zip bomb", zipFile(large, {}, bomb), "its entries would have"],
    [
      "a bomb of strides",
      zipFile(pickled(dict({ w: tensor({ length: 2, shape: [2 ** 30, 2], strides: [0, 1] }) })), one),
      "some are shared",
    ],
    ["a cut zip", zipFile(plain, one).subarray(0, 200), "is not a whole PyTorch file"],
  ])("%s", async (_, bytes, says) => {
    const file = join(folder, "latest_net_G_A.pth");
    writeFileSync(file, bytes);
    expectRefused(await train(configFile("cyclegan"), "never", "--init", file), {
      exit: 2,
      code: "checkpoint",
      says: [file, says],
    });
    expect(existsSync(marker)).toBe(false);
    expect(existsSync(join(folder, "never"))).toBe(false);
  });
});

it("translates with the authors' files, too", async () => {
  const picture = join(readFixture("unpaired").config.data.path!, "trainA", "000.png");
  const outputs: Buffer[] = [];
  for (const weights of [files("unpaired", "legacy"), readFixture("unpaired").file("init")]) {
    const out = join(folder, `translated-${outputs.length}`);
    const given = ["--weights", weights, "--config", configFile("unpaired"), "--direction", "AtoB", "--out", out];
    expectDone(await revgan(["translate", "--json", ...given, picture]));
    outputs.push(readFileSync(join(out, "000.AtoB.png")));
  }
  expect(outputs[0]).toEqual(outputs[1]);
});
