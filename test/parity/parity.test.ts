import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DecoderClient } from "../../extension/trainer/data/decoderClient";
import { decodeSafetensors, type HostTensor } from "../../extension/trainer/interop/safetensors";
import { relativeDifference } from "../support/arrays";
import { engineNames } from "../support/engines";
import { jsonLines, revgan } from "../support/programs";

/**
 * Steps of the authors' networks in PyTorch (README.md beside the fixtures) against `revgan train` with the same weights and the
 * same pictures, and their translations against `revgan translate`.
 */
const fixtures = join(import.meta.dirname, "fixtures");

/**
 * The convolutions that the figures belong to. Either fixture has ReLUs whose input is 0 within rounding, so that the order in which a
 * convolution adds up decides whether a gradient passes. PyTorch's side is that of TensorFlow's AVX kernels, which every x86 machine
 * has that TensorFlow runs on. By AVX-512 ones, one loss of the paired fixture, G_BA of step 4, is off by 1.7e-4, and no other by
 * more than 3e-5; with norms that add up in another order and AVX2 kernels, the gradients of one way back in step 1 of the unpaired
 * fixture, and of nothing else, are off by 4e-4, of which Adam makes 4% in the bias of a discriminator by step 3.
 */
process.env.ONEDNN_MAX_CPU_ISA = "AVX";

/** Losses may differ by this, relatively, at each step: Adam makes rounding grow tenfold a step in unpaired training. */
const tolerances = { paired: [1e-4, 1e-4, 1e-4, 1e-4], unpaired: [1e-4, 1e-3, 1e-2] };

/** ‖our update − PyTorch's‖ / ‖PyTorch's‖ of each weight. */
const updateTolerance = 0.03;

interface Expected {
  config: { ngf: number; ndf: number; blocks: number; steps: number };
  losses: Record<string, number>[];
}

async function tensors(file: string): Promise<Map<string, HostTensor>> {
  return decodeSafetensors(await readFile(file), file);
}

/** Whether a norm behind it takes the bias away again: it then gets rounding noise alone. The last of the others stay. */
function isIdle(name: string): boolean {
  return name.endsWith(".bias") && !/(_dec\.model\.7|D_\w+\.model\.(0|11))\.bias$/.test(name);
}

describe.each(["paired", "unpaired"] as const)("%s training", (mode) => {
  let folder: string;
  let expected: Expected;
  let config: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "revgan-parity-"));
    expected = JSON.parse(await readFile(join(fixtures, mode, "expected.json"), "utf8")) as Expected;
    const { ngf, ndf, blocks, steps } = expected.config;
    config = join(folder, "revgan.json");
    const settings = {
      mode,
      network: { width: ngf, depth: blocks, discriminator: { width: ndf } },
      data: { path: join(fixtures, mode, "data"), loadSize: null, cropSize: null, flip: false, shuffle: false },
      training: { maxSteps: steps, poolSize: 0, sampleEvery: 0, checkpointEvery: 0 },
    };
    await writeFile(config, JSON.stringify(settings));
  });
  afterAll(() => rm(folder, { recursive: true }));

  describe.each(engineNames)("on %s", (engine) => {
    it.each(["recompute", "checkpoint", "store"])("computes what PyTorch computes, with backprop %s", async (backprop) => {
      const run = join(folder, `${engine}-${backprop}`);
      const sets = [`engine=${engine}`, `network.backprop=${backprop}`].flatMap((set) => ["--set", set]);
      const { code, stdout, stderr } = await revgan(["train", "--config", config, "--run", run, "--init", join(fixtures, mode, "init.safetensors"), "--json", ...sets]);
      expect(stderr).not.toMatch(/revgan:/);
      expect(code).toBe(0);

      const steps = jsonLines<{ type: string; losses: Record<string, number> }>(stdout).filter(({ type }) => type === "step");
      expect(steps.map(({ losses }) => Object.keys(losses).sort())).toEqual(expected.losses.map((losses) => Object.keys(losses).sort()));
      const worstLosses = steps.map(({ losses }, i) => {
        const errors = Object.entries(expected.losses[i]!).map(([name, value]) => Math.abs(losses[name]! / value - 1));
        expect(Math.max(...errors), `losses at step ${i + 1}`).toBeLessThan(tolerances[mode][i]!);
        return Math.max(...errors).toExponential(1);
      });

      const checkpoint = join(run, "checkpoints", String(expected.config.steps).padStart(6, "0"), "weights.safetensors");
      const [ours, before, after] = await Promise.all([checkpoint, join(fixtures, mode, "init.safetensors"), join(fixtures, mode, "final.safetensors")].map(tensors));
      expect([...ours!.keys()].sort()).toEqual([...after!.keys()].sort());
      let worstUpdate = 0;
      for (const [name, { shape, data }] of ours!) {
        expect(shape, name).toEqual(after!.get(name)!.shape);
        if (isIdle(name)) expect(data.every((value) => value === 0), name).toBe(true);
        else {
          const start = before!.get(name)!.data;
          const update = (values: Float32Array): Float32Array => values.map((value, i) => value - start[i]!);
          const error = relativeDifference(update(data), update(after!.get(name)!.data));
          expect(error, name).toBeLessThan(updateTolerance);
          worstUpdate = Math.max(worstUpdate, error);
        }
      }
      console.info(`${mode}, ${engine}, ${backprop}: losses off by ${worstLosses.join(" ")}, updates by ${(100 * worstUpdate).toFixed(2)}%`);
    });

    it("translates what PyTorch translates, with its weights, to within 2 of 255", async () => {
      const truth = await tensors(join(fixtures, mode, "translated.safetensors"));
      const decoder = new DecoderClient();
      const inputs = join(folder, `${engine}-inputs`);
      try {
        const aligned = mode === "paired";
        for (const [domain, half] of [["A", "left"], ["B", "right"]] as const) {
          const file = join(fixtures, mode, "data", aligned ? "train" : `train${domain}`, "000.png");
          const whole = { loadSize: null, crop: null, multiple: 1, flip: false, channels: 3, alpha: false };
          const { picture } = await decoder.decode({ file, half: aligned ? half : "whole", ...whole });
          await decoder.encode(picture, join(inputs, `${domain}.png`));
        }
        for (const [direction, domain, name] of [["AtoB", "A", "fake_B"], ["BtoA", "B", "fake_A"]] as const) {
          const weights = join(fixtures, mode, "final.safetensors");
          const input = join(inputs, `${domain}.png`);
          const given = await withEngine(config, engine);
          const { code, stderr } = await revgan(["translate", "--weights", weights, "--config", given, "--direction", direction, input]);
          expect(code, stderr).toBe(0);
          const { picture } = await decoder.decode({ file: join(inputs, `${domain}.${direction}.png`), half: "whole", loadSize: null, crop: null, multiple: 1, flip: false, channels: null, alpha: false });
          const { shape, data } = truth.get(name)!;
          const [, channels, height, width] = shape as [number, number, number, number];
          expect([picture.channels, picture.height, picture.width]).toEqual([channels, height, width]);
          let worst = 0;
          for (let c = 0; c < channels; c++) {
            for (let i = 0; i < height * width; i++) {
              const rounded = Math.round((data[c * height * width + i]! + 1) * 127.5);
              worst = Math.max(worst, Math.abs(rounded - Math.round((picture.data[i * channels + c]! + 1) * 127.5)));
            }
          }
          expect(worst).toBeLessThanOrEqual(2);
        }
      } finally {
        decoder.close();
      }
    });
  });

  /** The configuration with another engine; `translate` takes no `--set`. */
  async function withEngine(file: string, engine: string): Promise<string> {
    const other = join(folder, `${engine}.json`);
    await writeFile(other, JSON.stringify({ ...(JSON.parse(await readFile(file, "utf8")) as object), engine }));
    return other;
  }
});
