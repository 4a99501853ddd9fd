import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { type ImageFormat, imageFormatNames } from "../../../imageFormats";
import { newSamples, white, type ImageSize, type Samples } from "../picture";
import { type DecoderLimits, FileFault, firstLine, sizeOfFile, unreadable } from "./decoderFiles";

/** A decoded file: `[height, width, stride]` samples, of which the first are colours and one may be alpha. */
export interface Raster extends ImageSize {
  readonly data: Samples;
  /** Number of samples for each pixel. */
  readonly stride: number;
  /** Number of colours: 1 (gray) or 3 (RGB). A gray raster may have copies of its gray in the samples that follow. */
  readonly channels: 1 | 3;
  /** Index of the alpha among a pixel's samples; null without alpha. */
  readonly alphaAt: number | null;
  readonly bits: 8 | 16;
}

const convert = "convert it to PNG, or remove it";

/**
 * Decodes a file, whose format is recognised by its content, and turns it upright by its EXIF orientation. Of an animation or a file of
 * several pages, the first one is read. Colour profiles and gamma are ignored, as PIL and therefore the authors' code do.
 *
 * @throws FileFault naming the file
 */
export async function readImage(
  file: string,
  limits: DecoderLimits,
): Promise<{ readonly format: ImageFormat; readonly raster: Raster }> {
  const bytes = await readLimited(file, limits.maxBytes);
  const sniffed = sniff(bytes.subarray(0, 64));
  if ("refused" in sniffed) throw new FileFault(`${file} ${sniffed.refused}`, convert);
  try {
    return { format: sniffed.format, raster: await decode(file, bytes, limits.maxPixels) };
  } catch (cause) {
    if (cause instanceof FileFault) throw cause;
    // For some damaged files libvips says nothing but "Unknown error", which is left out.
    const why = firstLine(cause);
    throw new FileFault(
      `${file} is damaged${why === "Unknown error" ? "" : `: ${why}`}`,
      "replace it by a whole copy, or remove it",
      "file",
      { cause },
    );
  }
}

/** @throws FileFault when the file is missing, not a regular file, unreadable or too large */
async function readLimited(file: string, maxBytes: number): Promise<Buffer> {
  await sizeOfFile(file, maxBytes, "make it smaller, or cut it into tiles");
  return readFile(file).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
}

/** ISO base media brands of AVIF; other brands of the same container are HEIC or video. */
const avifBrands = ["avif", "avis", "mif1", "miaf"];

/**
 * The format of a file by its first bytes, or why it is refused. sharp would also open SVG, PDF and others, which may refer to other
 * files: only supported formats reach it.
 * @param head the first 64 bytes, or all of a smaller file
 */
function sniff(head: Buffer): { readonly format: ImageFormat } | { readonly refused: string } {
  const starts = (bytes: string, at = 0): boolean =>
    head.subarray(at, at + bytes.length).equals(Buffer.from(bytes, "latin1"));
  if (head.length === 0) return { refused: "is empty" };
  if (starts("\x89PNG\r\n\x1a\n")) return { format: "png" };
  if (starts("\xff\xd8\xff")) return { format: "jpeg" };
  if (starts("RIFF") && starts("WEBP", 8)) return { format: "webp" };
  if (starts("II*\0") || starts("MM\0*") || starts("II+\0") || starts("MM\0+")) return { format: "tiff" };
  if (starts("GIF87a") || starts("GIF89a")) return { format: "gif" };
  if (starts("ftyp", 4))
    return brandsIn(head).some((brand) => avifBrands.includes(brand))
      ? { format: "avif" }
      : { refused: "is a HEIC or video file, which is not supported" };
  if (starts("BM")) return { refused: "is a BMP file, which is not supported" };
  if (starts("\x89PNG") || starts("PNG", 1)) return { refused: "is a damaged PNG file: its signature is wrong" };
  if (/^\s*(<\?xml|<svg|<!DOCTYPE svg)/i.test(head.toString("latin1")))
    return { refused: "is an SVG file, which is not supported" };
  if (starts("%PDF")) return { refused: "is a PDF file, not an image" };
  return { refused: `is not an image of a supported format (${imageFormatNames.join(", ")})` };
}

function brandsIn(head: Buffer): string[] {
  const length = Math.min(head.readUInt32BE(0), head.length);
  const found = [];
  for (let at = 8; at + 4 <= length; at += 4) found.push(head.toString("latin1", at, at + 4));
  return found;
}

async function decode(file: string, bytes: Buffer, maxPixels: number): Promise<Raster> {
  // Warnings of the format libraries (unknown tags, stray bytes) are accepted; truncation and wrong checksums are errors.
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
  const bits = depth === "ushort" ? 16 : 8;
  const colours = channels - Number(hasAlpha);
  const target = ownColourSpace(space, colours, bits, hasAlpha);
  const pipeline = sharp(bytes, options).autoOrient();
  const { data, info } = await (space === "cmyk" ? pipeline.pipelineColourspace("cmyk") : pipeline)
    .toColourspace(target)
    .raw({ depth })
    .toBuffer({ resolveWithObject: true });
  const raster = {
    data:
      bits === 16
        ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
        : new Uint8Array(data.buffer, data.byteOffset, data.length),
    height: info.height,
    width: info.width,
    stride: info.channels,
    bits,
  } as const;
  if (space === "cmyk" && info.channels >= 4) return cmykToRgb(raster);
  const isGray = target === "grey16" || target === "b-w" || colours === 1;
  const decodedColours = info.channels - Number(hasAlpha);
  if (isGray ? decodedColours < 1 : decodedColours !== 3) {
    throw new FileFault(
      `${file} has ${info.channels} channels; images must be gray or RGB, with or without alpha`,
      convert,
    );
  }
  return { ...raster, channels: isGray ? 1 : 3, alphaAt: hasAlpha ? info.channels - 1 : null };
}

/** The colour space in which sharp converts no value. "b-w" would drop the alpha, so 8-bit gray with alpha is read as RGB. */
function ownColourSpace(
  space: string,
  colours: number,
  bits: 8 | 16,
  hasAlpha: boolean,
): "cmyk" | "rgb16" | "srgb" | "grey16" | "b-w" {
  if (space === "cmyk") return "cmyk";
  if (colours >= 3) return bits === 16 ? "rgb16" : "srgb";
  if (bits === 16) return "grey16";
  return hasAlpha ? "srgb" : "b-w";
}

/** Converts CMYK without a profile to RGB as PIL does: (white − ink)(white − black) / white, rounded. */
function cmykToRgb({ data, height, width, stride, bits }: Omit<Raster, "channels" | "alphaAt">): Raster {
  const full = white(bits);
  const rgb = newSamples(bits, height * width * 3);
  for (let pixel = 0; pixel < height * width; pixel++) {
    const light = full - data[pixel * stride + 3]!;
    for (let c = 0; c < 3; c++) rgb[pixel * 3 + c] = Math.round(((full - data[pixel * stride + c]!) * light) / full);
  }
  return { data: rgb, height, width, stride: 3, channels: 3, alphaAt: null, bits };
}
