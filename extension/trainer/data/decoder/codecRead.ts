import { readFile } from "node:fs/promises";
import sharp from "sharp";
import type { ImageFormat } from "../../../fileFormats";
import { sniff } from "./codecFormat";
import type { DecoderLimits } from "./decoderLimits";
import { FileFault } from "./fileFault";
import { firstLine, sizeOfFile, unreadable } from "./limitedFile";
import { cmykToRgb, type Raster } from "./raster";

/** A decoded file before anything was done to it. */
export interface DecodedFile {
  readonly format: ImageFormat;
  readonly raster: Raster;
}

/**
 * Decodes a file, told by its content, upright by its EXIF orientation. Of an animation or a file of several pages: the first.
 * Values are the file's own: colour profiles and gamma are ignored, as PIL and with it the authors' code do.
 *
 * @throws FileFault naming the file
 */
export async function readImage(file: string, limits: DecoderLimits): Promise<DecodedFile> {
  const bytes = await readLimited(file, limits.maxBytes);
  const sniffed = sniff(bytes.subarray(0, 64));
  if ("refused" in sniffed) throw new FileFault(`${file} ${sniffed.refused}`, convert);
  try {
    return { format: sniffed.format, raster: await decode(file, bytes, limits.maxPixels) };
  } catch (cause) {
    if (cause instanceof FileFault) throw cause;
    // The library does not always know itself what is wrong.
    const why = firstLine(cause);
    throw new FileFault(
      `${file} is damaged${why === "Unknown error" ? "" : `: ${why}`}`,
      "replace it by a whole copy, or remove it",
      "file",
      { cause },
    );
  }
}

const convert = "convert it to PNG, or remove it";

async function decode(file: string, bytes: Buffer, maxPixels: number): Promise<Raster> {
  // Warnings of the format libraries (unknown tags, stray bytes) are no damage; truncation and wrong checksums are errors.
  const options = { failOn: "error", ignoreIcc: true, limitInputPixels: false, sequentialRead: true } as const;
  const { width, height, channels, depth, space, hasAlpha } = await sharp(bytes, options).metadata();
  if (width * height > maxPixels) {
    throw new FileFault(
      `${file} has ${width} × ${height} pixels, more than the ${maxPixels / 1e6} million that are read`,
      "make it smaller, or cut it into tiles",
    );
  }
  if (depth !== "uchar" && depth !== "ushort")
    throw new FileFault(`${file} has ${depth} samples; images must have 8 or 16 bits`, convert);
  const wide = depth === "ushort";
  // Asked for its own colour space, the library changes no value. "b-w" would drop the alpha, so such a file is read as RGB.
  const target =
    space === "cmyk"
      ? "cmyk"
      : channels - Number(hasAlpha) >= 3
        ? wide
          ? "rgb16"
          : "srgb"
        : wide
          ? "grey16"
          : hasAlpha
            ? "srgb"
            : "b-w";
  const pipeline = sharp(bytes, options).autoOrient();
  const { data, info } = await (space === "cmyk" ? pipeline.pipelineColourspace("cmyk") : pipeline)
    .toColourspace(target)
    .raw({ depth })
    .toBuffer({ resolveWithObject: true });
  const samples = wide
    ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
    : new Uint8Array(data.buffer, data.byteOffset, data.length);
  const raster = {
    data: samples,
    height: info.height,
    width: info.width,
    stride: info.channels,
    bits: wide ? 16 : 8,
  } as const;
  if (space === "cmyk" && info.channels >= 4) return cmykToRgb(raster);
  const gray = target === "grey16" || target === "b-w" || channels - Number(hasAlpha) === 1;
  const alphaAt = hasAlpha ? info.channels - 1 : null;
  if (gray ? info.channels - Number(hasAlpha) < 1 : info.channels - Number(hasAlpha) !== 3) {
    throw new FileFault(
      `${file} has ${info.channels} channels; images must be gray or RGB, with or without alpha`,
      convert,
    );
  }
  return { ...raster, channels: gray ? 1 : 3, alphaAt };
}

/** @throws FileFault when the file is missing, no file, unreadable or too large */
async function readLimited(file: string, maxBytes: number): Promise<Buffer> {
  await sizeOfFile(file, maxBytes, "make it smaller, or cut it into tiles");
  return readFile(file).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
}
