import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DecoderClient } from "../../extension/trainer/data/decoderClient";
import { decodeSafetensors } from "../../extension/trainer/interop/safetensors";
import type { HostTensor } from "../../extension/trainer/kernels/tensor";
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

const names = [
  "paired",
  "unpaired",
  "cyclegan",
  "pix2pix-resnet",
  "pix2pix-resnet-batch",
  "pix2pix-unet128",
  "pix2pix-unet128-batch",
] as const;

/** ‖our update − PyTorch's‖ / ‖PyTorch's‖ of each weight. */
const updateTolerance = 0.03;

interface Expected {
  /** RevGAN's have no kind; `data` is the fixture whose pictures these are. */
  config: {
    kind?: "cyclegan" | "pix2pix";
    generator?: string;
    norm?: string;
    data?: string;
    ngf: number;
    ndf: number;
    blocks?: number;
    steps: number;
  };
  /** Biases that a norm behind them takes away again: they get rounding noise alone. */
  idle?: string[];
  losses: Record<string, number>[];
}

interface Settings {
  readonly mode: "paired" | "unpaired";
  readonly network: object;
  readonly data: object;
  readonly training: object;
}

/** How a fixture is trained, and in how many ways. */
function planOf(
  name: string,
  { config }: Expected,
): {
  data: string;
  settings: Settings;
  directions: readonly (readonly ["AtoB" | "BtoA", "A" | "B", string])[];
  backprops: readonly string[];
} {
  const { kind = "revgan", generator, norm, data = name, ngf, ndf, blocks, steps } = config;
  const directions = [
    ["AtoB", "A", "fake_B"],
    ["BtoA", "B", "fake_A"],
  ] as const;
  const folder = join(fixtures, data, "data");
  return {
    data: folder,
    settings: {
      mode: existsSync(join(folder, "train")) ? "paired" : "unpaired",
      network: { kind, generator, norm, width: ngf, depth: blocks, discriminator: { width: ndf } },
      data: { path: folder, loadSize: null, cropSize: null, flip: false, shuffle: false },
      training: { maxSteps: steps, poolSize: 0, sampleEvery: 0, checkpointEvery: 0 },
    },
    directions: kind === "pix2pix" ? directions.slice(0, 1) : directions,
    backprops: kind === "revgan" ? ["recompute", "checkpoint", "store"] : ["store"],
  };
}

async function tensors(file: string): Promise<Map<string, HostTensor>> {
  return decodeSafetensors(await readFile(file), file);
}

/** Of a RevGAN's, all biases but those of the last convolutions and of the discriminators' first. */
function isIdle(name: string, { idle }: Expected): boolean {
  return idle?.includes(name) ?? (name.endsWith(".bias") && !/(_dec\.model\.7|D_\w+\.model\.(0|11))\.bias$/.test(name));
}

describe.each(names)("%s training", (name) => {
  const expected = JSON.parse(readFileSync(join(fixtures, name, "expected.json"), "utf8")) as Expected;
  const { data, settings, directions, backprops } = planOf(name, expected);
  const file = (kind: "init" | "final" | "translated"): string => join(fixtures, name, `${kind}.safetensors`);
  let folder: string;
  let config: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "revgan-parity-"));
    config = join(folder, "revgan.json");
    await writeFile(config, JSON.stringify(settings));
  });
  afterAll(() => rm(folder, { recursive: true }));

  describe.each(engineNames)("on %s", (engine) => {
    it.each(backprops)("computes what PyTorch computes, with backprop %s", async (backprop) => {
      const run = join(folder, `${engine}-${backprop}`);
      const sets = [`engine=${engine}`, `network.backprop=${backprop}`].flatMap((set) => ["--set", set]);
      const { code, stdout, stderr } = await revgan([
        "train",
        "--config",
        config,
        "--run",
        run,
        "--init",
        file("init"),
        "--json",
        ...sets,
      ]);
      expect(stderr).not.toMatch(/revgan:/);
      expect(code).toBe(0);

      const steps = jsonLines<{ type: string; losses: Record<string, number> }>(stdout).filter(
        ({ type }) => type === "step",
      );
      expect(steps.map(({ losses }) => Object.keys(losses).sort())).toEqual(
        expected.losses.map((losses) => Object.keys(losses).sort()),
      );
      const worstLosses = steps.map(({ losses }, i) => {
        const errors = Object.entries(expected.losses[i]!).map(([name, value]) => Math.abs(losses[name]! / value - 1));
        expect(Math.max(...errors), `losses at step ${i + 1}`).toBeLessThan(tolerances[settings.mode][i]!);
        return Math.max(...errors).toExponential(1);
      });

      const checkpoint = join(
        run,
        "checkpoints",
        String(expected.config.steps).padStart(6, "0"),
        "weights.safetensors",
      );
      const [ours, before, after] = await Promise.all([checkpoint, file("init"), file("final")].map(tensors));
      expect([...ours!.keys()].sort()).toEqual([...after!.keys()].sort());
      let worstUpdate = 0;
      for (const [tensor, { shape, data: values }] of ours!) {
        expect(shape, tensor).toEqual(after!.get(tensor)!.shape);
        if (isIdle(tensor, expected))
          expect(
            values.every((value) => value === 0),
            tensor,
          ).toBe(true);
        else {
          const start = before!.get(tensor)!.data;
          const update = (moved: Float32Array): Float32Array => moved.map((value, i) => value - start[i]!);
          const error = relativeDifference(update(values), update(after!.get(tensor)!.data));
          expect(error, tensor).toBeLessThan(updateTolerance);
          worstUpdate = Math.max(worstUpdate, error);
        }
      }
      console.info(
        `${name}, ${engine}, ${backprop}: losses off by ${worstLosses.join(" ")}, updates by ${(100 * worstUpdate).toFixed(2)}%`,
      );
    });

    it("translates what PyTorch translates, with its weights, to within 2 of 255", async () => {
      const truth = await tensors(file("translated"));
      const decoder = new DecoderClient();
      const inputs = join(folder, `${engine}-inputs`);
      try {
        const aligned = settings.mode === "paired";
        for (const [domain, half] of [
          ["A", "left"],
          ["B", "right"],
        ] as const) {
          const source = join(data, aligned ? "train" : `train${domain}`, "000.png");
          const whole = { loadSize: null, crop: null, multiple: 1, flip: false, channels: 3, alpha: false };
          const { picture } = await decoder.decode({ file: source, half: aligned ? half : "whole", ...whole });
          await decoder.encode(picture, join(inputs, `${domain}.png`));
        }
        for (const [direction, domain, made] of directions) {
          const weights = file("final");
          const input = join(inputs, `${domain}.png`);
          const given = await withEngine(engine);
          const { code, stderr } = await revgan([
            "translate",
            "--weights",
            weights,
            "--config",
            given,
            "--direction",
            direction,
            input,
          ]);
          expect(code, stderr).toBe(0);
          const { picture } = await decoder.decode({
            file: join(inputs, `${domain}.${direction}.png`),
            half: "whole",
            loadSize: null,
            crop: null,
            multiple: 1,
            flip: false,
            channels: null,
            alpha: false,
          });
          const { shape, data: values } = truth.get(made)!;
          const [, channels, height, width] = shape as [number, number, number, number];
          expect([picture.channels, picture.height, picture.width]).toEqual([channels, height, width]);
          let worst = 0;
          for (let c = 0; c < channels; c++) {
            for (let i = 0; i < height * width; i++) {
              const rounded = Math.round((values[c * height * width + i]! + 1) * 127.5);
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
  async function withEngine(engine: string): Promise<string> {
    const other = join(folder, `${engine}.json`);
    await writeFile(other, JSON.stringify({ ...settings, engine }));
    return other;
  }
});
