import { type ImageFormat, imageFormatNames } from "../../../fileFormats";

/** What the first bytes of a file say it is: a format that is decoded, or one that is known and refused. */
export type Sniffed = { readonly format: ImageFormat } | { readonly refused: string };

/** ISO base media brands of AVIF; others in the same container are HEIC or video. */
const avifBrands = ["avif", "avis", "mif1", "miaf"];

/**
 * Tells a file by its content. The image library would also open SVG, PDF and more, which may refer to other files: only the
 * promised formats reach it.
 * @param head the first 64 bytes or more
 */
export function sniff(head: Buffer): Sniffed {
  const starts = (bytes: string, at = 0): boolean =>
    head.subarray(at, at + bytes.length).equals(Buffer.from(bytes, "latin1"));
  if (head.length === 0) return { refused: "is empty" };
  if (starts("\x89PNG\r\n\x1a\n")) return { format: "png" };
  if (starts("\xff\xd8\xff")) return { format: "jpeg" };
  if (starts("RIFF") && starts("WEBP", 8)) return { format: "webp" };
  if (starts("II*\0") || starts("MM\0*") || starts("II+\0") || starts("MM\0+")) return { format: "tiff" };
  if (starts("GIF87a") || starts("GIF89a")) return { format: "gif" };
  if (starts("ftyp", 4))
    return brands(head).some((brand) => avifBrands.includes(brand))
      ? { format: "avif" }
      : { refused: "is a HEIC or video file, which is not supported" };
  if (starts("BM")) return { refused: "is a BMP file, which is not supported" };
  if (starts("\x89PNG") || starts("PNG", 1)) return { refused: "is a damaged PNG file: its signature is wrong" };
  if (/^\s*(<\?xml|<svg|<!DOCTYPE svg)/i.test(head.toString("latin1")))
    return { refused: "is an SVG file, which is not supported" };
  if (starts("%PDF")) return { refused: "is a PDF file, not an image" };
  return { refused: `is not an image of a supported format (${imageFormatNames.join(", ")})` };
}

function brands(head: Buffer): string[] {
  const length = Math.min(head.readUInt32BE(0), head.length);
  const found = [];
  for (let at = 8; at + 4 <= length; at += 4) found.push(head.toString("latin1", at, at + 4));
  return found;
}
