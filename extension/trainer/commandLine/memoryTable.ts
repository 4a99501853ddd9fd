import type { MemoryLine, MemoryMode } from "../../protocol/lines";
import { formatBytes } from "../formatBytes";
import type { Output } from "./output";
import { type ColumnStyle, tableLines } from "./table";

const titles = ["DEPTH", "BACKPROP", "PEAK", "THEORY", "ACTIVATIONS", "LARGEST", "RESIDENT", "SECONDS", "GPU"];
/**
 * The columns' styles. Their widths are fixed, because each row is printed as soon as it is measured. @param modeWidth minimal width of the
 * BACKPROP column
 */
const stylesOf = (modeWidth: number): readonly [ColumnStyle, ...ColumnStyle[]] => [
  { align: "right" },
  { align: "left", least: modeWidth },
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
  private readonly styles: readonly [ColumnStyle, ...ColumnStyle[]];

  /** @param modes the backprop modes that will be measured */
  constructor(
    private readonly output: Output,
    modes: readonly MemoryMode[],
  ) {
    this.styles = stylesOf(modes.includes("budget") ? "budget, 100 stored".length : "checkpoint".length);
  }

  /** Prints the engine at the first call; every measurement calls it with the same text. */
  readonly engine = (why: string): void => {
    if (!this.announced) this.output.note(`Engine: ${why}`);
    this.announced = true;
  };

  /** Shows which measurement is running, the `nth` of `count`. */
  begin(depth: number, mode: MemoryMode, nth: number, count: number): void {
    if (this.output.isTerminal && !this.output.json)
      this.output.progress(`${nth}/${count}: measuring depth ${depth} with backprop ${mode} …`);
  }

  row({ depth, backprop, storedBlocks, measured, theory, residentBytes, gpuBytes, seconds }: MemoryLine): void {
    const { peak, activations, largestActivations } = measured;
    const bytes = [peak, theory.peak, activations, largestActivations, residentBytes].map(formatBytes);
    const cells = [
      String(depth),
      storedBlocks === undefined ? backprop : `${backprop}, ${storedBlocks} stored`,
      ...bytes,
      seconds.toPrecision(3),
      ...(gpuBytes === undefined ? [] : [formatBytes(gpuBytes)]),
    ];
    // Laid out together with the head, so that all rows have its widths.
    const [head, row] = tableLines([titles.slice(0, cells.length), cells], this.styles);
    if (!this.headed) this.output.result(head!);
    this.headed = true;
    this.output.result(row!);
  }
}
