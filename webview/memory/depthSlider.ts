import { h } from "../ui/element";
import { t } from "../ui/text";

/** Depths with a button below the slider. */
const marks = [4, 16, 64];

/** Half of the thumb, in CSS pixels: the ends of the track that its centre does not reach. */
const thumb = 8;

/** A slider over depths, with marks to jump to. */
export class DepthSlider {
  private readonly input = h("input", { type: "range", id: "depth-slider", class: "depth-range", min: 0, step: 1 });
  private readonly marks = h("div", { class: "depth-marks" });
  readonly element = h(
    "div",
    { class: "depth-slider" },
    h("label", { for: "depth-slider" }, t("Number of blocks")),
    this.input,
    this.marks,
  );
  /** Ascending. The slider's positions are their indices. */
  private depths: readonly number[] = [];

  /** @param onChoose called when the user chooses another depth */
  constructor(private readonly onChoose: (depth: number) => void) {
    this.input.addEventListener("input", () => this.moved());
  }

  /** Shows depths, ascending, and the chosen one. */
  show(depths: readonly number[], chosen: number): void {
    if (depths !== this.depths) {
      this.depths = depths;
      this.input.max = String(depths.length - 1);
      this.marks.replaceChildren(...marks.filter((depth) => depths.includes(depth)).map((depth) => this.mark(depth)));
    }
    this.input.valueAsNumber = depths.indexOf(chosen);
    this.input.setAttribute("aria-valuetext", t("{0} blocks", chosen));
  }

  private mark(depth: number): HTMLElement {
    const element = h(
      "button",
      {
        type: "button",
        class: "depth-mark",
        "aria-label": t("{0} blocks", depth),
        onClick: () => this.onChoose(depth),
      },
      String(depth),
    );
    const share = this.depths.indexOf(depth) / (this.depths.length - 1);
    element.style.left = `calc(${thumb}px + (100% - ${2 * thumb}px) * ${share.toFixed(4)})`;
    return element;
  }

  private moved(): void {
    const depth = this.depths[this.input.valueAsNumber];
    if (depth !== undefined) this.onChoose(depth);
  }
}
