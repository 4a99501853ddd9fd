import type { MemoryLine } from "../../protocol/lines";
import { formatBytes } from "../formatBytes";
import type { Output } from "./output";
import { type ColumnStyle, tableLines } from "./table";

const titles = ["DEPTH", "BACKPROP", "PEAK", "THEORY", "ACTIVATIONS", "LARGEST", "RESIDENT", "SECONDS", "GPU"];
/** Each row is printed when it is measured, so the widths are fixed. */
const styles: readonly [ColumnStyle, ...ColumnStyle[]] = [
  { align: "right" },
  { align: "left", least: 10 },
  { align: "right", least: 9 },
  { align: "right", least: 9 },
  { align: "right", least: 11 },
  { align: "right", least: 9 },
  { align: "right", least: 9 },
  { align: "right", least: 7 },
  { align: "right", least: 9 },
];

/** Prints a row for each measurement. */
export class MemoryTable {
  private announced = false;
  private headed = false;

  constructor(private readonly output: Output) {}

  /** Prints the engine at the first call; every measurement calls it with the same text. */
  readonly engine = (why: string): void => {
    if (!this.announced) this.output.note(`Engine: ${why}`);
    this.announced = true;
  };

  /** Shows what is being measured, the `nth` of `count`. */
  begin({ depth, backprop }: Pick<MemoryLine, "depth" | "backprop">, nth: number, count: number): void {
    if (this.output.isTerminal && !this.output.json)
      this.output.progress(`${nth}/${count}: measuring depth ${depth} with backprop ${backprop} …`);
  }

  row({ depth, backprop, measured, theory, residentBytes, gpuBytes, seconds }: MemoryLine): void {
    const { peak, activations, largestActivations } = measured;
    const bytes = [peak, theory.peak, activations, largestActivations, residentBytes].map(formatBytes);
    const cells = [
      String(depth),
      backprop,
      ...bytes,
      seconds.toPrecision(3),
      ...(gpuBytes === undefined ? [] : [formatBytes(gpuBytes)]),
    ];
    // Laid out together with the head, so that all rows have its widths.
    const [head, row] = tableLines([titles.slice(0, cells.length), cells], styles);
    if (!this.headed) this.output.result(head!);
    this.headed = true;
    this.output.result(row!);
  }
}
