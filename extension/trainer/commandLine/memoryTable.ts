import type { MemoryLine } from "../../protocol/lines";
import { formatBytes } from "../engines/formatBytes";
import type { Output } from "./output";

const columns = [
  ["DEPTH", 5],
  ["BACKPROP", 10],
  ["PEAK", 9],
  ["THEORY", 9],
  ["ACTIVATIONS", 11],
  ["RESIDENT", 9],
  ["SECONDS", 7],
  // Where there is one.
  ["GPU", 9],
] as const;

/** Shows measurements to people: a row each, as soon as it is there. */
export class MemoryTable {
  private announced = false;
  private headed = false;

  constructor(private readonly output: Output) {}

  /** Told by every measurement which engine it runs on: the same for all. */
  readonly engine = (why: string): void => {
    if (!this.announced) this.output.note(`Engine: ${why}`);
    this.announced = true;
  };

  /** Told what is being measured, the `nth` of `count`. */
  begin({ depth, backprop }: Pick<MemoryLine, "depth" | "backprop">, nth: number, count: number): void {
    if (this.output.isTerminal && !this.output.json)
      this.output.progress(`${nth}/${count}: measuring depth ${depth} with backprop ${backprop} …`);
  }

  row({ depth, backprop, measured, theory, residentBytes, gpuBytes, seconds }: MemoryLine): void {
    const bytes = [measured.peak, theory.peak, measured.activations, residentBytes].map(formatBytes);
    const cells = [
      String(depth),
      backprop,
      ...bytes,
      seconds.toPrecision(3),
      ...(gpuBytes === undefined ? [] : [formatBytes(gpuBytes)]),
    ];
    if (!this.headed) this.output.result(aligned(columns.slice(0, cells.length).map(([title]) => title)));
    this.headed = true;
    this.output.result(aligned(cells));
  }
}

/** Numbers end, and words begin, in one column. */
function aligned(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 1 ? cell.padEnd(columns[i][1]) : cell.padStart(columns[i]![1]))).join("  ");
}
