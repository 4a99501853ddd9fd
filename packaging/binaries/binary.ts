/** What a compiled file is for, and what it asks of the system and the program that load it. */
export interface Binary {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Libraries that are loaded with it. */
  readonly libraries: readonly string[];
  /** Functions and variables that it takes from others; on Windows also those of Node's that it asks the program for. */
  readonly imports: readonly string[];
  /** The versions that it asks for, such as `GLIBC_2.27` and `macOS_11.0`. */
  readonly versions: readonly string[];
}

/** The text that begins at a byte and ends with a zero. */
export function textAt(bytes: Buffer, at: number): string {
  return bytes.toString("latin1", at, bytes.indexOf(0, at));
}

/** Each text once, in order. */
export function distinct(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort();
}
