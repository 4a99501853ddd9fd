/** The platform of a shared library, and what it requires from the system and from the program that loads it. */
export interface Binary {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Names of the libraries that are loaded with it. */
  readonly libraries: readonly string[];
  /** Names of the functions and variables that it imports; on Windows also those of Node's functions that it looks up in the program. */
  readonly imports: readonly string[];
  /** The versions that it requires, such as `GLIBC_2.27` and `macOS_11.0`. */
  readonly versions: readonly string[];
}

/** The zero-terminated text that begins at an offset. */
export function textAt(bytes: Buffer, at: number): string {
  return bytes.toString("latin1", at, bytes.indexOf(0, at));
}

/** The texts without duplicates, sorted. */
export function distinct(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort();
}
