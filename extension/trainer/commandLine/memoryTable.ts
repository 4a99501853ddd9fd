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
] as const;

/** Beside them, where there is one. */
const gpuColumn = 9;

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
    if (this.output.isTerminal && !this.output.json) this.output.progress(`${nth}/${count}: measuring depth ${depth} with backprop ${backprop} …`);
  }

  row({ depth, backprop, measured, theory, residentBytes, gpuBytes, seconds }: MemoryLine): void {
    const onGpu = gpuBytes === undefined ? [] : [gpuBytes];
    if (!this.headed) this.output.result(aligned([...columns.map(([title]) => title), ...onGpu.map(() => "GPU")]));
    this.headed = true;
    const bytes = [measured.peak, theory.peak, measured.activations, residentBytes].map(formatBytes);
    this.output.result(aligned([String(depth), backprop, ...bytes, seconds.toPrecision(3), ...onGpu.map(formatBytes)]));
  }
}

/** Numbers end, and words begin, in one column. */
function aligned(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 1 ? cell.padEnd(columns[i][1]) : cell.padStart(columns[i]?.[1] ?? gpuColumn))).join("  ");
}
