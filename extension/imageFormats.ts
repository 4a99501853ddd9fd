/** The formats of pictures that are decoded: their names for people, and the endings by which files of a folder or a menu are chosen. */
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

/** Names of the formats of pictures. */
export const imageFormatNames: readonly string[] = Object.values(imageFormats).map(({ name }) => name);

/** Endings of volumes (NIfTI) in lower case, with the dot; `.nii` is no end of `.nii.gz`. */
export const volumeEndings: readonly string[] = [".nii", ".nii.gz"];

/** The ending of a volume's name as it is written there; null for another file's. */
export function volumeEndingOf(name: string): string | null {
  const lower = name.toLowerCase();
  const ending = volumeEndings.find((each) => lower.endsWith(each));
  return ending === undefined ? null : name.slice(-ending.length);
}
