import type { MemoryLine } from "../../extension/protocol/lines";
import type { TheoryPoint } from "../../extension/protocol/panel";
import { h } from "../ui/element";
import { t } from "../ui/text";
import { bytesText, differenceText, exactBytes } from "./bytes";
import { modeLabel, modes, type Quantity } from "./backpropModes";

/** The chart's values as a table in a `details` element. Rows are rendered only while it is open. */
export class MemoryTable {
  /** The region that scrolls if the table is wider; focusable, so that the keyboard can scroll it. */
  private readonly place = h("div", {
    class: "memory-scroll",
    role: "region",
    tabindex: 0,
    "aria-label": t("Memory by depth"),
  });
  readonly element = h(
    "details",
    { class: "memory-details", onToggle: () => this.fill() },
    h("summary", {}, t("Data as a table")),
    this.place,
  );
  private data: {
    quantity: Quantity;
    theory: readonly TheoryPoint[];
    lines: readonly MemoryLine[];
    depth: number;
  } | null = null;

  show(quantity: Quantity, theory: readonly TheoryPoint[], lines: readonly MemoryLine[], depth: number): void {
    this.data = { quantity, theory, lines, depth };
    this.fill();
  }

  private fill(): void {
    if (!this.element.open || this.data === null) {
      this.place.replaceChildren();
      return;
    }
    const { quantity, theory, lines, depth } = this.data;
    const onGpu = lines.some(({ gpuBytes }) => gpuBytes !== undefined);
    const head = [
      t("Blocks"),
      t("Backpropagation"),
      t("Theory"),
      t("Measured"),
      t("Difference"),
      t("Resident"),
      ...(onGpu ? [t("GPU")] : []),
    ].map((name) => h("th", { scope: "col" }, name));
    const depths = new Set(theory.map((point) => point.depth).filter((each) => each === depth || isPowerOfTwo(each)));
    for (const line of lines) depths.add(line.depth);
    const rows = [...depths]
      .sort((a, b) => a - b)
      .flatMap((each) =>
        rowsAt(
          each,
          quantity,
          theory.find((point) => point.depth === each),
          lines.filter((line) => line.depth === each),
          onGpu,
        ),
      );
    const caption = h(
      "caption",
      {},
      quantity === "peak"
        ? t("Bytes of tensors at the peak of a step")
        : t("The most bytes of activations at any moment of a step"),
    );
    this.place.replaceChildren(
      h("table", { class: "memory-table" }, caption, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows)),
    );
  }
}

/** Whether a depth is a power of two: the table lists these depths even without a measurement. */
function isPowerOfTwo(depth: number): boolean {
  return depth > 0 && Number.isInteger(Math.log2(depth));
}

function rowsAt(
  depth: number,
  quantity: Quantity,
  theory: TheoryPoint | undefined,
  lines: readonly MemoryLine[],
  onGpu: boolean,
): HTMLElement[] {
  return modes.flatMap((mode) => {
    const line = lines.findLast(({ backprop }) => backprop === mode);
    const expected = (line?.theory ?? theory?.needs[mode])?.[quantity];
    const measured = line?.measured[quantity];
    if (expected === undefined) return [];
    const difference = measured === undefined ? "" : differenceText(measured, expected);
    return [
      h(
        "tr",
        { "data-depth": depth, "data-mode": mode },
        h("th", { scope: "row" }, String(depth)),
        h("td", { class: "memory-word" }, modeLabel(mode)),
        bytesCell(expected),
        bytesCell(measured),
        h("td", {}, difference),
        bytesCell(line?.residentBytes),
        ...(onGpu ? [bytesCell(line?.gpuBytes)] : []),
      ),
    ];
  });
}

function bytesCell(bytes: number | undefined): HTMLElement {
  return bytes === undefined
    ? h("td", {}, "–")
    : h("td", { title: exactBytes(bytes), "data-bytes": bytes }, bytesText(bytes));
}
