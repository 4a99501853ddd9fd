import { createReadStream } from "node:fs";

/** Characters of the longest line that is one of ours; a file may hold anything. */
const longest = 1 << 20;

/** A line and where it lies, from its first byte to the one after its end. */
export interface FileLine {
  readonly begin: number;
  readonly end: number;
  /** Without its end; null for a last line that is torn, and for one that is too long to be ours. */
  readonly text: string | null;
}

/**
 * The lines of a file, which may be larger than memory.
 *
 * @throws Node's error when the file cannot be read
 */
export async function* fileLines(file: string): AsyncGenerator<FileLine> {
  let [begin, position, length] = [0, 0, 0];
  let pieces: Buffer[] = [];
  const add = (piece: Buffer): void => {
    length += piece.length;
    if (length <= longest) pieces.push(piece);
  };
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let newline = chunk.indexOf(10); newline >= 0; newline = chunk.indexOf(10, from)) {
      add(chunk.subarray(from, newline));
      from = newline + 1;
      yield { begin, end: position + from, text: length > longest ? null : Buffer.concat(pieces).toString("utf8") };
      [begin, length, pieces] = [position + from, 0, []];
    }
    add(chunk.subarray(from));
    position += chunk.length;
  }
  if (position > begin) yield { begin, end: position, text: null };
}
