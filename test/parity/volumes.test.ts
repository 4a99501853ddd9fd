import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Config, parseConfig } from "../../extension/protocol/config";
import { toPyTorch } from "../../extension/trainer/interop/pytorch";
import { decodeSafetensors } from "../../extension/trainer/interop/safetensors";
import type { Kernels } from "../../extension/trainer/kernels/kernels";
import { type HostTensor, elements, type Tensor } from "../../extension/trainer/kernels/tensor";
import type { TwoWayModel } from "../../extension/trainer/models/model";
import { disposeNetwork, openNetwork } from "../../extension/trainer/training/network";
import { Trainer } from "../../extension/trainer/training/trainer";
import { translateTensor } from "../../extension/trainer/translate/translateTensor";
import { relativeDifference } from "../support/arrays";
import { engineNames, expectNoLeaks, kernelsOf } from "../support/engines";

/** Steps of the authors' networks for volumes in PyTorch (README.md beside the fixtures) against ours, from the same weights and volumes. */
const fixtures = join(import.meta.dirname, "fixtures");

// The convolutions that every x86 machine has: see parity.test.ts. In the unpaired fixture a ReLU's input is 0 within rounding, too: where
// convolutions add up in another order, it may fall on the other side in step 2, and a loss of step 3 is then off by 4e-4. oneDNN's AVX
// kernels do so on processors without AVX-512, and AVX2 ones do not: there, those of TensorFlow itself are taken.
process.env.ONEDNN_MAX_CPU_ISA = "AVX";
const hasVectorNeuralInstructions =
  existsSync("/proc/cpuinfo") && /\bavx512_vnni\b/.test(readFileSync("/proc/cpuinfo", "utf8"));
process.env["TF_ENABLE_ONEDNN_OPTS"] = hasVectorNeuralInstructions ? "1" : "0";

/** Losses may differ by this, relatively, and updates by that: ‖our update − PyTorch's‖ / ‖PyTorch's‖ of each weight. */
const [lossTolerance, updateTolerance] = [1e-4, 0.03];

interface Expected {
  config: {
    mode: "paired" | "unpaired";
    ngf: number;
    ndf: number;
    blocks: number;
    depth: number;
    height: number;
    width: number;
    steps: number;
  };
  losses: Record<string, number>[];
}

function tensors(name: string, kind: "init" | "final" | "translated"): Map<string, HostTensor> {
  const file = join(fixtures, name, `${kind}.safetensors`);
  return decodeSafetensors(readFileSync(file), file);
}

/** A bias's effect is taken away again by a norm, but for those of the last convolutions, of F and G's last ones, and of the discriminators' first. */
function isIdle(name: string): boolean {
  return name.endsWith(".bias") && !/(upconv_..\.4|[FG]m\.6|D_\w+\.model\.(0|8))\.bias$/.test(name);
}

describe.each(["volumes-paired", "volumes-unpaired"])("%s", (name) => {
  const expected = JSON.parse(readFileSync(join(fixtures, name, "expected.json"), "utf8")) as Expected;
  const { mode, ngf, ndf, blocks, depth, height, width, steps } = expected.config;
  const shape = [1, depth, height, width, 1];
  const configOf = (backprop: Config["network"]["backprop"]): Config =>
    parseConfig(
      {
        mode,
        network: {
          dimensions: 3,
          depth: blocks,
          width: ngf,
          backprop,
          inputChannels: 1,
          outputChannels: 1,
          discriminator: { width: ndf },
        },
        training: { poolSize: 0 },
      },
      name,
    );

  /** float32 NIfTI-1, little-endian, without extensions: the numbers begin at byte 352, the first axis of the tensor changing slowest. */
  const volume = (domain: "A" | "B", step: number): HostTensor => {
    const file = readFileSync(
      join(fixtures, name, "data", `train${domain}`, `${String(step - 1).padStart(3, "0")}.nii`),
    );
    return { shape, data: Float32Array.from({ length: elements(shape) }, (_, i) => file.readFloatLE(352 + 4 * i)) };
  };

  describe.each(engineNames)("on %s", (engine) => {
    let k: Kernels;
    beforeAll(async () => {
      k = await kernelsOf(engine);
    });
    expectNoLeaks(() => k);

    it.each(["recompute", "checkpoint", "store"] as const)(
      "is trained as PyTorch trains it, with backprop %s",
      async (backprop) => {
        const config = configOf(backprop);
        const before = tensors(name, "init");
        const model = openNetwork(k, config, { tensors: before, file: "init" });
        const trainer = new Trainer(k, model, { mode: config.mode, ...config.training });
        const worstLosses: string[] = [];
        for (let step = 1; step <= steps; step++) {
          const losses = await trainer.step(step, 1, { a: volume("A", step), b: volume("B", step) }, () =>
            Promise.resolve(),
          );
          const truth = expected.losses[step - 1]!;
          expect(Object.keys(losses).sort()).toEqual(Object.keys(truth).sort());
          const worst = Math.max(...Object.entries(truth).map(([loss, value]) => Math.abs(losses[loss]! / value - 1)));
          expect(worst, `losses at step ${step}`).toBeLessThan(lossTolerance);
          worstLosses.push(worst.toExponential(1));
        }
        const ours = toPyTorch(k, [...model.generator, ...model.discriminators]);
        const after = tensors(name, "final");
        expect([...ours.keys()].sort()).toEqual([...after.keys()].sort());
        let worstUpdate = 0;
        for (const [tensor, { shape: size, data }] of ours) {
          const truth = after.get(tensor)!;
          expect(size, tensor).toEqual(truth.shape);
          if (isIdle(tensor)) {
            expect(
              data.every((value) => value === 0),
              tensor,
            ).toBe(true);
            continue;
          }
          const start = before.get(tensor)!.data;
          const update = (moved: Float32Array): Float32Array => moved.map((value, i) => value - start[i]!);
          const error = relativeDifference(update(data), update(truth.data));
          expect(error, tensor).toBeLessThan(updateTolerance);
          worstUpdate = Math.max(worstUpdate, error);
        }
        console.info(
          `${name}, ${engine}, ${backprop}: losses off by ${worstLosses.join(" ")}, updates by ${(100 * worstUpdate).toFixed(3)}%`,
        );
        trainer.dispose();
        disposeNetwork(model);
      },
    );

    it("translates as PyTorch translates, with its weights, there and back", () => {
      const model = openNetwork(k, configOf("recompute"), {
        tensors: tensors(name, "final"),
        file: "final",
      }) as TwoWayModel;
      const truth = tensors(name, "translated");
      const expectClose = (made: Tensor, as: string): void =>
        expect(relativeDifference(k.read(made), truth.get(as)!.data), as).toBeLessThan(1e-4);
      for (const [from, to, there, back] of [
        ["A", "B", "AtoB", "BtoA"],
        ["B", "A", "BtoA", "AtoB"],
      ] as const) {
        const { data } = volume(from, 1);
        const x = k.tensor(data, shape);
        const fake = translateTensor(k, model, there, x);
        const cycled = translateTensor(k, model, back, fake);
        expectClose(fake, `fake_${to}`);
        expectClose(cycled, `rec_${from}`);
        for (const each of [x, fake, cycled]) each.dispose();
      }
      disposeNetwork(model);
    });
  });
});
