import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

const samples = join("media", "samples", "nuclei-labels", "train");

/** Pictures for everyone to train on, as files of float32 in [−1, 1], `[count, side, side, 3]`. */
export interface Pictures {
  readonly a: string;
  readonly b: string;
  readonly count: number;
}

/**
 * The first sample pictures at a size. Real ones: how far a core's states go, and with it the work of exact reconstruction,
 * depends on what is seen.
 */
export async function writePictures(folder: string, side: number, count: number): Promise<Pictures> {
  const [a, b] = [join(folder, `a-${side}.f32`), join(folder, `b-${side}.f32`)];
  const files = readdirSync(samples).sort().slice(0, count);
  const halves = await Promise.all(files.map(async (name) => {
    const file = join(samples, name);
    const { width, height } = await sharp(file).metadata();
    const half = async (left: number): Promise<Float32Array> => {
      const bytes = await sharp(file).extract({ left, top: 0, width: width / 2, height }).removeAlpha().toColourspace("srgb").resize(side, side, { fit: "fill" }).raw().toBuffer();
      return Float32Array.from(bytes, (value) => value / 127.5 - 1);
    };
    return [await half(0), await half(width / 2)] as const;
  }));
  writeFileSync(a, Buffer.concat(halves.map(([one]) => Buffer.from(one.buffer))));
  writeFileSync(b, Buffer.concat(halves.map(([, other]) => Buffer.from(other.buffer))));
  return { a, b, count: files.length };
}
