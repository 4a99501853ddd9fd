import { randomUUID } from "node:crypto";
import { access, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { firstLine } from "./codecRead";
import { FileFault } from "./fileFault";
import { toSamples, type Picture, type Samples } from "./picture";

/**
 * Writes a picture as PNG, with 8 or 16 bits and its alpha, gray or RGB. The file is whole or absent; missing folders are made.
 * @throws FileFault when the file exists and is not to be overwritten, or the disk refuses
 */
export async function writeImage(picture: Picture, file: string, overwrite: boolean): Promise<void> {
  if (!overwrite && (await exists(file))) throw new FileFault(`${file} exists already`, "remove it, or pass --overwrite", "exists");
  const png = await encode(picture);
  const temporary = join(dirname(file), `.revgan-${randomUUID()}.tmp`);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, png, { flag: "wx" });
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const isFull = ["ENOSPC", "EDQUOT"].includes((cause as NodeJS.ErrnoException).code ?? "");
    if (isFull) throw new FileFault(`the disk is full while writing ${file}`, "free some space, then try again", "full", { cause });
    throw new FileFault(`${file} cannot be written: ${firstLine(cause)}`, "check the free space and the permissions of its folder", "disk", { cause });
  }
}

async function encode(picture: Picture): Promise<Buffer> {
  const { height, width, bits } = picture;
  const channels = picture.channels + (picture.alpha === null ? 0 : 1);
  const gray = picture.channels === 1;
  const space = bits === 16 ? (gray ? "grey16" : "rgb16") : gray ? "b-w" : "srgb";
  return sharp(withAlpha(picture), { raw: { width, height, channels: channels as 1 | 2 | 3 | 4 }, limitInputPixels: false })
    .toColourspace(space)
    .png({ compressionLevel: 6 })
    .toBuffer();
}

/** `[height, width, channels + 1]` where there is alpha, else `[height, width, channels]`. */
function withAlpha(picture: Picture): Samples {
  const { channels, bits, alpha } = picture;
  const colours = toSamples(picture.data, bits);
  if (alpha === null) return colours;
  const all = bits === 8 ? new Uint8Array(colours.length + alpha.length) : new Uint16Array(colours.length + alpha.length);
  for (let pixel = 0; pixel < alpha.length; pixel++) {
    for (let c = 0; c < channels; c++) all[pixel * (channels + 1) + c] = colours[pixel * channels + c]!;
    all[pixel * (channels + 1) + channels] = alpha[pixel]!;
  }
  return all;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
