import type { Split } from "./layout";
import { stemOf } from "./fileKind";

/** Which part of a file is meant: pairs side by side hold A left and B right. */
export type Half = "whole" | "left" | "right";

/** One image of one domain on disk. */
export interface Source {
  readonly file: string;
  readonly half: Half;
}

/** The images of both domains; in paired mode the same place is a pair. */
export interface Sources {
  readonly a: readonly Source[];
  readonly b: readonly Source[];
}

/** The images of a split, in the order of their names. An absent split has none. */
export function sourcesOf(split: Split | null): Sources {
  if (split === null) return { a: [], b: [] };
  if (split.kind === "aligned")
    return {
      a: split.files.map((file) => ({ file, half: "left" })),
      b: split.files.map((file) => ({ file, half: "right" })),
    };
  return { a: split.a.map((file) => ({ file, half: "whole" })), b: split.b.map((file) => ({ file, half: "whole" })) };
}

/** What reports call an image: its file's name without folder and ending. */
export function nameOf(source: Source): string {
  return stemOf(source.file);
}
