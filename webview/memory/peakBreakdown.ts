import type { StepLine } from "../../extension/protocol/lines";
import type { MemoryPart } from "../../extension/protocol/memoryParts";
import { h, setText } from "../ui/element";
import { t } from "../ui/text";
import { bytesText, exactBytes, percentText } from "./bytes";
import { PartsBar } from "./partsBar";
import { partLabel, peakParts } from "./peakParts";

/** The parts of the current peak: a bar, and a table as its legend. */
export class PeakBreakdown {
  private readonly title = h("h3", {});
  private readonly bar = new PartsBar();
  private readonly body = h("tbody");
  private readonly gpu = h("p", { class: "memory-note" });
  private readonly resident = h("p", { class: "memory-note" });
  private rows = new Map<MemoryPart, { bytes: HTMLElement; share: HTMLElement }>();
  readonly element: HTMLElement;
  private shown: StepLine | null = null;

  constructor() {
    const head = h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, t("Part")),
        h("th", { scope: "col" }, t("Bytes")),
        h("th", { scope: "col" }, t("Share")),
      ),
    );
    const table = h(
      "table",
      { class: "memory-table parts-table", "aria-label": t("Parts of the peak") },
      head,
      this.body,
    );
    this.element = h("div", { class: "memory-breakdown" }, this.title, this.bar.svg, table, this.gpu, this.resident);
  }

  update(line: StepLine | null): void {
    this.element.hidden = line === null;
    if (line === null || line === this.shown) return;
    const before = this.shown;
    this.shown = line;
    const { gpuBytes } = line;
    this.gpu.hidden = gpuBytes === undefined;
    setText(
      this.gpu,
      t("The process takes {0} of the GPU's memory; the tensors are a part of it.", bytesText(gpuBytes ?? 0)),
    );
    this.gpu.title = exactBytes(gpuBytes ?? 0);
    const resident = bytesText(line.residentBytes);
    setText(
      this.resident,
      gpuBytes === undefined
        ? t("The process takes {0} of the system's memory; the tensors are a part of it.", resident)
        : t("It takes {0} of the system's memory beside it.", resident),
    );
    this.resident.title = exactBytes(line.residentBytes);
    if (before !== null && JSON.stringify(before.bytes) === JSON.stringify(line.bytes)) return;
    setText(this.title, t("Present peak: {0}", bytesText(line.bytes.peak)));
    this.title.title = exactBytes(line.bytes.peak);
    this.bar.show(line.bytes);
    this.fill(line.bytes);
  }

  private fill(bytes: StepLine["bytes"]): void {
    const shown = peakParts(bytes);
    if (shown.length !== this.rows.size || shown.some(({ part }) => !this.rows.has(part))) {
      this.rows = new Map(shown.map(({ part }) => [part, { bytes: h("td", { "data-part": part }), share: h("td") }]));
      this.body.replaceChildren(
        ...[...this.rows].map(([part, cells]) =>
          h("tr", {}, h("th", { scope: "row" }, this.bar.swatch(part), partLabel(part)), cells.bytes, cells.share),
        ),
      );
    }
    for (const { part, bytes: own, share } of shown) {
      const cells = this.rows.get(part)!;
      setText(cells.bytes, bytesText(own));
      cells.bytes.title = exactBytes(own);
      cells.bytes.dataset.bytes = String(own);
      setText(cells.share, percentText(share));
    }
  }
}
