import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DecoderClient } from "../../../extension/trainer/data/decoder/decoderClient";
import type { Picture } from "../../../extension/trainer/data/picture";
import { pictureMetrics } from "../../../extension/trainer/evaluate/pictureMetrics";

const samples = join(import.meta.dirname, "..", "..", "..", "media", "samples", "nuclei-labels", "train");

interface Pair {
  readonly file: string;
  readonly kind: "halves" | "moved";
  readonly mae: number;
  readonly psnr: number;
  readonly ssim: number;
}

/** A picture without some columns. */
function columns(picture: Picture, first: number, last: number): Picture {
  const { data, width, channels } = picture;
  return {
    ...picture,
    width: last - first,
    data: data.filter((_, i) => Math.floor(i / channels) % width >= first && Math.floor(i / channels) % width < last),
  };
}

describe("metrics of two pictures", () => {
  const decoder = new DecoderClient();
  afterAll(() => decoder.close());

  const read = async (name: string, half: "left" | "right"): Promise<Picture> => {
    const whole = { loadSize: null, crop: null, multiple: 1, flip: false, channels: 3 as const, alpha: false };
    return (await decoder.decode({ file: join(samples, name), half, ...whole })).picture;
  };

  const { pairs } = JSON.parse(readFileSync(join(import.meta.dirname, "scikitImage.json"), "utf8")) as {
    pairs: Pair[];
  };
  it.each(pairs)("are scikit-image's: $file, $kind", async ({ file, kind, ...truth }) => {
    const left = await read(file, "left");
    const [x, y] =
      kind === "halves"
        ? [left, await read(file, "right")]
        : [columns(left, 0, left.width - 1), columns(left, 1, left.width)];
    const { mae, psnr, ssim } = pictureMetrics(x, y);
    for (const [found, wanted] of [
      [mae, truth.mae],
      [psnr, truth.psnr],
      [ssim, truth.ssim],
    ] as const)
      expect(Math.abs(found! - wanted)).toBeLessThan(1e-6);
  });

  it("of equal pictures", async () => {
    const x = await read(pairs[0]!.file, "left");
    expect(pictureMetrics(x, x)).toEqual({ mae: 0, rmse: 0, psnr: null, ssim: 1 });
  });
});
