import { expect, test } from "vitest";
import type { SampleFigures } from "../../../../extension/protocol/panel";
import { figuresText } from "../../../../webview/samples/sampleFigures";
import { picturesOf } from "../../../../webview/samples/sampleNames";

const textOf = (figures: SampleFigures | undefined, name: string): string =>
  figuresText(figures, picturesOf([name])[0]!).replaceAll("\u00a0", " ");

test("a translation has its distance from the truth, a picture that came back that from its origin", () => {
  const figures: SampleFigures = {
    "a-0": { mae: 12.34, psnr: 21.44, ssim: 0.517, cycleMae: 3.21 },
    "b-0": { cycleMae: 4 },
  };
  expect(textOf(figures, "a-translated-0.png")).toBe("error 12.3 · PSNR 21.4 dB · SSIM 0.52");
  expect(textOf(figures, "a-cycled-0.png")).toBe("way back 3.2");
  expect(textOf(figures, "b-translated-0.png")).toBe("");
  expect(textOf(figures, "b-cycled-0.png")).toBe("way back 4.0");
  expect(textOf(figures, "a-input-0.png")).toBe("");
  expect(textOf(figures, "a-translated-1.png")).toBe("");
  expect(textOf(undefined, "a-translated-0.png")).toBe("");
});

test("equal pictures have an endless ratio", () => {
  expect(textOf({ "a-0": { mae: 0, psnr: null, ssim: null } }, "a-translated-0.png")).toBe("error 0.0 · PSNR ∞ dB");
});
