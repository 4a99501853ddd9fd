import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../../extension/configuration/config";
import { pixelsOf, type Pixels } from "../../../../extension/trainer/data/picture";
import { dispose, type Shape } from "../../../../extension/trainer/kernels/tensor";
import type { WebGpuKernels } from "../../../../extension/trainer/kernels/webgpu/webgpuKernels";
import { disposeNetwork, openNetwork } from "../../../../extension/trainer/training/network";
import { Translator } from "../../../../extension/trainer/translate/translator";
import { bits, gaussian, gaussianTensor } from "../../../support/arrays";
import { expectNoLeaks, testedGpu, webGpuKernels } from "../../../support/engines";

describe.runIf(testedGpu !== "none")("a GPU that", () => {
  let k: WebGpuKernels;
  let limits: { mostWork: number; bindingBytes: number };
  beforeAll(async () => {
    k = await webGpuKernels();
    limits = { mostWork: k.gpu.mostWork, bindingBytes: k.gpu.adapter.bindingBytes };
  });
  expectNoLeaks(() => k);
  afterEach(() => {
    Object.assign(k.gpu, { mostWork: limits.mostWork });
    Object.assign(k.gpu.adapter, { bindingBytes: limits.bindingBytes });
  });

  describe("must not work long on one dispatch gets several, with the same results, bit for bit", () => {
    const x: Shape = [2, 30, 30, 16];
    const filter: Shape = [3, 3, 16, 24];
    const geometry = { stride: 2, pad: 1 };
    const dy: Shape = [2, 15, 15, 24];

    it.each(["conv", "convInputGradient", "convFilterGradient"] as const)("%s", (name) => {
      const [input, weights, gradient] = [
        gaussianTensor(k, x, 1),
        gaussianTensor(k, filter, 2),
        gaussianTensor(k, dy, 3),
      ];
      const computed = (): { values: string; dispatches: number } => {
        const before = k.gpu.counts.dispatches;
        const y = {
          conv: () => k.conv(input, weights, geometry),
          convInputGradient: () => k.convInputGradient(gradient, weights, x, geometry),
          convFilterGradient: () => k.convFilterGradient(input, gradient, filter, geometry),
        }[name]();
        const values = bits(k.read(y));
        dispose(y);
        return { values, dispatches: k.gpu.counts.dispatches - before };
      };
      const whole = computed();
      Object.assign(k.gpu, { mostWork: 4e5 });
      const cut = computed();
      expect(cut.dispatches).toBeGreaterThan(whole.dispatches);
      expect(cut.values).toBe(whole.values);
      dispose(input, weights, gradient);
    });
  });

  describe("gives a shader little of one tensor", () => {
    const config = parseConfig(
      { mode: "paired", network: { width: 8, depth: 1, discriminator: { width: 4 } } },
      "the test's configuration",
    );

    it("translates in tiles what is too large for it as a whole", async () => {
      const model = openNetwork(k, config, { seed: 1 }, { exact: false });
      const [height, width] = [150, 210];
      const picture: Pixels = pixelsOf(
        gaussian([height * width * 3], 4).map((v) => Math.tanh(v / 4)),
        [height, width],
        3,
      );
      const translated = (tile: number | null): Promise<Pixels> =>
        new Translator(k, model, config.network, tile).translate(picture, "AtoB", () => Promise.resolve());
      const whole = await translated(null);
      // Of the widest activation no more than 128² pixels.
      Object.assign(k.gpu.adapter, { bindingBytes: 4 * 8 * (128 + 6) ** 2 });
      const inTiles = await translated(null);
      expect(inTiles.data).not.toEqual(whole.data);
      expect(inTiles.data).toEqual((await translated(128)).data);
      disposeNetwork(model);
    });
  });
});
