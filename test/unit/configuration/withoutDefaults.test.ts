import { expect, it } from "vitest";
import { parseConfig } from "../../../extension/configuration/config";
import { withoutDefaults } from "../../../extension/configuration/withoutDefaults";

it.each([
  ["pictures", { data: { path: "/pictures" } }],
  [
    "a paired CycleGAN's rival",
    { network: { kind: "pix2pix", generator: "unet128", norm: "batch" }, data: { cropSize: 128, loadSize: 143 } },
  ],
  [
    "volumes",
    {
      mode: "paired",
      network: { dimensions: 3, inputChannels: 1, outputChannels: 2, width: 8 },
      data: {
        path: "/heads",
        folders: { a: "lr", b: "hr" },
        intensity: { kind: "window", low: 0, high: 9 },
        cropSize: [12, 16, 16],
      },
      training: { maxSteps: 7, poolSize: 3 },
      engine: "wasm",
    },
  ],
  ["gray to colour", { network: { inputChannels: 1, downsampling: 3, discriminator: { layers: 2 } } }],
])("reading what is written gives the same configuration: %s", (_, written) => {
  const config = parseConfig(written, "the test's configuration");
  expect(parseConfig(withoutDefaults(config), "what was written")).toEqual(config);
});

it("leaves out what has its default, but for what people change first", () => {
  expect(
    withoutDefaults(parseConfig({ data: { path: "/pictures" }, training: { maxSteps: 5 } }, "the test's")),
  ).toEqual({
    mode: "unpaired",
    network: { depth: 9, width: 64 },
    data: { path: "/pictures", loadSize: 286, cropSize: 256 },
    training: { epochs: 100, decayEpochs: 100, maxSteps: 5 },
  });
});
