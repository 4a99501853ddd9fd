import type { MetricsLine, ValidationLine } from "../protocol/lines";
import { cutFrom, replacedBy } from "./metricsLine";
import { MetricsReader, type PlacedLine } from "./metricsReader";

/** A range of bytes in a file: `begin` is the first byte, `end` the one after the last. */
export interface Piece {
  readonly begin: number;
  readonly end: number;
}

/** Collects the byte ranges of those lines of `metrics.jsonl` that no later line replaces. */
export class KeptLines {
  readonly steps: (Piece & { readonly step: number })[] = [];
  readonly validations: (Piece & { readonly step: number; readonly line: ValidationLine })[] = [];

  add({ begin, end, line }: PlacedLine): void {
    const from = replacedBy(line);
    cutFrom(this.steps, from.steps);
    cutFrom(this.validations, from.validations);
    const { step } = line;
    if (line.type === "step") this.steps.push({ begin, end, step });
    else this.validations.push({ begin, end, step, line });
  }

  /** The byte ranges in the order of the file; adjacent lines are joined to one range. */
  pieces(): Piece[] {
    const pieces: { begin: number; end: number }[] = [];
    for (const { begin, end } of [...this.steps, ...this.validations].sort((a, b) => a.begin - b.begin)) {
      const last = pieces.at(-1);
      if (last?.end === begin) last.end = end;
      else pieces.push({ begin, end });
    }
    return pieces;
  }
}

/**
 * Yields the lines of `metrics.jsonl` that no later line replaces, in the order of the file. The file may be larger than memory, so it is
 * read twice: for the byte ranges of these lines, and for the lines.
 *
 * @param warn called with a sentence about damaged lines, if there are any
 * @throws RevganError `run` when the file cannot be read
 */
export async function* readKeptLines(
  run: string,
  warn: (text: string) => void,
): AsyncGenerator<MetricsLine, void, void> {
  const [reader, kept] = [new MetricsReader(run), new KeptLines()];
  for await (const { lines } of reader.read()) for (const line of lines) kept.add(line);
  if (reader.damage !== null) warn(reader.damage);
  const pieces = kept.pieces();
  let at = 0;
  for await (const { lines } of new MetricsReader(run).read())
    for (const { begin, line } of lines) {
      while (at < pieces.length && pieces[at]!.end <= begin) at++;
      if (at < pieces.length && pieces[at]!.begin <= begin) yield line;
    }
}
