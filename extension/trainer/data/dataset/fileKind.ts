import { imageEndings, imageFormatNames, volumeEndings } from "../../../imageFormats";

/** What a data set's folders are searched for: images or volumes. */
export interface FileKind {
  /** Whether one file may hold a pair, A left and B right. */
  readonly sideBySide: boolean;
  /** The names of the supported formats, for messages. */
  readonly formats: string;
  /** The name of a file of this kind in messages, for example "image"; an s forms the plural. */
  readonly noun: string;
  /** Endings in lower case, with the dot. */
  readonly endings: readonly string[];
  /** Endings of unsupported formats, with the reason and the remedy that a message gives. */
  readonly refused: Readonly<Record<string, { readonly reason: string; readonly remedy: string }>>;
}

const refusedVolume = { reason: "is a volume, and the network is for images", remedy: "set network.dimensions to 3" };
const convertRemedy = "convert it to PNG, for example with `magick FILE FILE.png`";

/** Endings only select the files of a folder; the decoder tells the format by the content. */
export const imageFiles: FileKind = {
  noun: "image",
  formats: `${imageFormatNames.slice(0, -1).join(", ")} or ${imageFormatNames.at(-1)!}`,
  sideBySide: true,
  endings: imageEndings,
  refused: {
    ".bmp": { reason: "is a BMP file, which is not supported", remedy: convertRemedy },
    ".heic": { reason: "is a HEIC file, which is not supported", remedy: convertRemedy },
    ...Object.fromEntries(volumeEndings.map((ending) => [ending, refusedVolume])),
  },
};

const twoFileVolume = {
  reason: "is one of a pair of files, which are not supported",
  remedy: "join them into one .nii file, for example with nibabel",
};
const refusedImage = { reason: "is an image, and the network is for volumes", remedy: "set network.dimensions to 2" };

export const volumeFiles: FileKind = {
  noun: "volume",
  formats: `NIfTI (${volumeEndings.join(" or ")})`,
  sideBySide: false,
  endings: volumeEndings,
  refused: {
    ".hdr": twoFileVolume,
    ".img": twoFileVolume,
    ".hdr.gz": twoFileVolume,
    ".img.gz": twoFileVolume,
    ".mgz": {
      reason: "is an MGH file, which is not supported",
      remedy: "convert it to NIfTI, for example with `mri_convert FILE FILE.nii.gz`",
    },
    ...Object.fromEntries(imageEndings.map((ending) => [ending, refusedImage])),
  },
};

/** Supported and refused endings of each kind. Built once: `endingOf` needs them for every name in a folder. */
const allEndings = new Map(
  [imageFiles, volumeFiles].map((kind) => [kind, [...kind.endings, ...Object.keys(kind.refused)]]),
);

export function fileKind(dimensions: 2 | 3): FileKind {
  return dimensions === 2 ? imageFiles : volumeFiles;
}

/** The ending of a name, supported or refused; null for other files, which are ignored. */
export function endingOf(name: string, kind: FileKind): string | null {
  const lower = name.toLowerCase();
  for (const ending of allEndings.get(kind)!) if (lower.endsWith(ending) && lower !== ending) return ending;
  return null;
}

/** A file's name without folder and ending; the two files of a pair share it. */
export function stemOf(file: string, kind: FileKind = imageFiles): string {
  const name = file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1);
  const ending = endingOf(name, kind);
  return ending === null ? name : name.slice(0, name.length - ending.length);
}

/** A noun with its article: "an image", "a volume". */
export function withArticle(noun: string): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}
