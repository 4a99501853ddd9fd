import { imageEndings, imageFormatNames, volumeEndings } from "../../../fileFormats";

/** What a data set's folders are searched for: images or volumes. */
export interface FileKind {
  /** Whether one file may hold a pair, A left and B right. */
  readonly sideBySide: boolean;
  /** As people call them. */
  readonly formats: string;
  /** "image": messages make the plural with an s. */
  readonly noun: string;
  /** Endings in lower case, with the dot. */
  readonly endings: readonly string[];
  /** Endings that a user may expect to work, and what to do instead. */
  readonly refused: Readonly<Record<string, { readonly reason: string; readonly remedy: string }>>;
}

const volume = { reason: "is a volume, and the network is for images", remedy: "set network.dimensions to 3" };
const converted = "convert it to PNG, for example with `magick FILE FILE.png`";

/** The endings only choose files in a folder; what a file really is, is told by its content. */
export const imageFiles: FileKind = {
  noun: "image",
  formats: `${imageFormatNames.slice(0, -1).join(", ")} or ${imageFormatNames.at(-1)!}`,
  sideBySide: true,
  endings: imageEndings,
  refused: {
    ".bmp": { reason: "is a BMP file, which is not supported", remedy: converted },
    ".heic": { reason: "is a HEIC file, which is not supported", remedy: converted },
    ...Object.fromEntries(volumeEndings.map((ending) => [ending, volume])),
  },
};

const pair = {
  reason: "is one of a pair of files, which are not supported",
  remedy: "join them into one .nii file, for example with nibabel",
};
const image = { reason: "is an image, and the network is for volumes", remedy: "set network.dimensions to 2" };

export const volumeFiles: FileKind = {
  noun: "volume",
  formats: `NIfTI (${volumeEndings.join(" or ")})`,
  sideBySide: false,
  endings: volumeEndings,
  refused: {
    ".hdr": pair,
    ".img": pair,
    ".hdr.gz": pair,
    ".img.gz": pair,
    ".mgz": {
      reason: "is an MGH file, which is not supported",
      remedy: "convert it to NIfTI, for example with `mri_convert FILE FILE.nii.gz`",
    },
    ...Object.fromEntries(imageEndings.map((ending) => [ending, image])),
  },
};

export function fileKind(dimensions: 2 | 3): FileKind {
  return dimensions === 2 ? imageFiles : volumeFiles;
}

/** The ending of a name as the kind knows it, or null when the file is none of its business. */
export function endingOf(name: string, kind: FileKind): string | null {
  const lower = name.toLowerCase();
  return (
    [...kind.endings, ...Object.keys(kind.refused)].find((ending) => lower.endsWith(ending) && lower !== ending) ?? null
  );
}

/** A file's name without folder and ending: what pairs share. */
export function stemOf(file: string, kind: FileKind = imageFiles): string {
  const name = file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1);
  const ending = endingOf(name, kind);
  return ending === null ? name : name.slice(0, name.length - ending.length);
}
