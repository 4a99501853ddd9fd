import { readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";

const samples = join("media", "samples", "nuclei-labels", "train");

/** Pictures or volumes on which all implementations train: paths of files of float32 in [−1, 1], `[count, ...shape]`. */
export interface Pictures {
  readonly a: string;
  readonly b: string;
  readonly count: number;
  /** The shape of one picture, `[side, side, 3]`, or of one volume, `[side, side, side, 1]`. */
  readonly shape: readonly number[];
}

/**
 * Writes the first `count` sample pictures, scaled to a size. They are real pictures, because the range of values in a reversible core,
 * and with it the work of exact reconstruction, depends on the input.
 */
export async function writePictures(folder: string, side: number, count: number): Promise<Pictures> {
  const [a, b] = [join(folder, `a-${side}.f32`), join(folder, `b-${side}.f32`)];
  const files = readdirSync(samples).sort().slice(0, count);
  const halves = await Promise.all(files.map((name) => halvesOf(join(samples, name), side, "srgb")));
  await writeBoth(a, b, halves);
  return { a, b, count: files.length, shape: [side, side, 3] };
}

/** Writes volumes whose slices are sample pictures in gray. */
export async function writeVolumes(folder: string, side: number, count: number): Promise<Pictures> {
  const [a, b] = [join(folder, `a-${side}-volumes.f32`), join(folder, `b-${side}-volumes.f32`)];
  const files = readdirSync(samples).sort();
  const halves = await Promise.all(
    Array.from({ length: count * side }, (_, i) => halvesOf(join(samples, files[i % files.length]!), side, "b-w")),
  );
  await writeBoth(a, b, halves);
  return { a, b, count, shape: [side, side, side, 1] };
}

/** The left and the right half of a picture, each scaled to `side` × `side`, with values in [−1, 1]. */
async function halvesOf(
  file: string,
  side: number,
  colours: "srgb" | "b-w",
): Promise<readonly [Float32Array, Float32Array]> {
  const { width, height } = await sharp(file).metadata();
  const half = async (left: number): Promise<Float32Array> => {
    const bytes = await sharp(file)
      .extract({ left, top: 0, width: width / 2, height })
      .removeAlpha()
      .toColourspace(colours)
      .resize(side, side, { fit: "fill" })
      .raw()
      .toBuffer();
    return Float32Array.from(bytes, (value) => value / 127.5 - 1);
  };
  return [await half(0), await half(width / 2)];
}

async function writeBoth(
  a: string,
  b: string,
  halves: readonly (readonly [Float32Array, Float32Array])[],
): Promise<void> {
  await writeFile(a, Buffer.concat(halves.map(([one]) => Buffer.from(one.buffer))));
  await writeFile(b, Buffer.concat(halves.map(([, other]) => Buffer.from(other.buffer))));
}
