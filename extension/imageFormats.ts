/**
 * The image formats that can be decoded: each with its name for users, and the file endings by which folder scans and file dialogs
 * recognise it.
 */
export const imageFormats = {
  png: { name: "PNG", endings: [".png"] },
  jpeg: { name: "JPEG", endings: [".jpg", ".jpeg"] },
  webp: { name: "WebP", endings: [".webp"] },
  tiff: { name: "TIFF", endings: [".tif", ".tiff"] },
  avif: { name: "AVIF", endings: [".avif"] },
  gif: { name: "GIF", endings: [".gif"] },
} as const;

export type ImageFormat = keyof typeof imageFormats;

/** Endings of pictures in lower case, with the dot. */
export const imageEndings: readonly string[] = Object.values(imageFormats).flatMap(({ endings }) => endings);

/** Names of the image formats, for users. */
export const imageFormatNames: readonly string[] = Object.values(imageFormats).map(({ name }) => name);

/** File endings of volumes (NIfTI) in lower case, with the dot. */
export const volumeEndings: readonly string[] = [".nii", ".nii.gz"];

/** The ending of a volume's file name, in the upper and lower case of `name`; null for a file that is no volume. */
export function volumeEndingOf(name: string): string | null {
  const lower = name.toLowerCase();
  const ending = volumeEndings.find((each) => lower.endsWith(each));
  return ending === undefined ? null : name.slice(-ending.length);
}
