import { writeFile } from "node:fs/promises";
import sharp from "sharp";
import { newSamples, toSamples, type Picture, type Samples } from "../picture";
import { writeAtomically } from "./decoderFiles";
import type { Thumbnail, ThumbnailRequest } from "./decoderProtocol";
import type { Raster } from "./readImage";

/**
 * Writes a picture as PNG, gray or RGB, with 8 or 16 bits and its alpha. See {@link writeAtomically}.
 * @throws FileFault when the file exists and is not to be overwritten, or the disk refuses
 */
export async function writeImage(picture: Picture, file: string, overwrite: boolean): Promise<void> {
  const png = await encode(picture);
  await writeAtomically(file, overwrite, (path) => writeFile(path, png, { flag: "wx" }));
}

/**
 * A picture, or the part of it that lies in the region, as WebP, shrunk where it is larger.
 * @throws Error for a region that has no pixel of the picture
 */
export async function thumbnailOf(raster: Raster, { region, longest }: ThumbnailRequest): Promise<Thumbnail> {
  const { data, width, height, stride } = raster;
  const [left, top] = [region?.left ?? 0, region?.top ?? 0];
  const kept = {
    left,
    top,
    width: Math.min(region?.width ?? width, width - left),
    height: Math.min(region?.height ?? height, height - top),
  };
  const { data: webp, info } = await sharp(data, {
    raw: { width, height, channels: stride as 1 | 2 | 3 | 4 },
    limitInputPixels: false,
  })
    .extract(kept)
    .resize({ width: longest, height: longest, fit: "inside", withoutEnlargement: true })
    .toColourspace("srgb")
    .webp({ quality: 90, smartSubsample: true })
    .toBuffer({ resolveWithObject: true });
  return { webp, width: info.width, height: info.height };
}

async function encode(picture: Picture): Promise<Buffer> {
  const { height, width, bits } = picture;
  const channels = picture.channels + (picture.alpha === null ? 0 : 1);
  const gray = picture.channels === 1;
  const space = bits === 16 ? (gray ? "grey16" : "rgb16") : gray ? "b-w" : "srgb";
  return sharp(withAlpha(picture), {
    raw: { width, height, channels: channels as 1 | 2 | 3 | 4 },
    limitInputPixels: false,
  })
    .toColourspace(space)
    .png({ compressionLevel: 6 })
    .toBuffer();
}

/** Samples `[height, width, channels + 1]` where there is alpha, else `[height, width, channels]`. */
function withAlpha(picture: Picture): Samples {
  const { channels, bits, alpha } = picture;
  const colours = toSamples(picture.data, bits);
  if (alpha === null) return colours;
  const all = newSamples(bits, colours.length + alpha.length);
  for (let pixel = 0; pixel < alpha.length; pixel++) {
    for (let c = 0; c < channels; c++) all[pixel * (channels + 1) + c] = colours[pixel * channels + c]!;
    all[pixel * (channels + 1) + channels] = alpha[pixel]!;
  }
  return all;
}
