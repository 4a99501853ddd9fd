import type { MetricsLine, ValidationLine } from "../protocol/lines";
import { cutFrom, replacedBy } from "./metricsLine";
import { MetricsReader, type PlacedLine } from "./metricsReader";

/** A range of bytes, from the first to the one after the last. */
export interface Piece {
  readonly begin: number;
  readonly end: number;
}

/** The places of a file's lines that no later line replaces. */
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

  /** In the order of the file; adjacent lines are one range. */
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
 * The lines of `metrics.jsonl` that no later line replaces, in the order of the file, which may be larger than memory: it is read twice.
 *
 * @param warn called about damaged lines
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
