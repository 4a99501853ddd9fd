import { h } from "../ui/element";
import { range, setRange } from "../ui/range";
import { t } from "../ui/text";

/** Depths that have a button below the slider, in blocks. */
const marks = [4, 16, 64];

/** Half of the thumb's width, in CSS pixels. The thumb's centre keeps this distance from both ends of the track, so the marks do, too. */
const thumb = 7;

/** A slider over depths. Buttons below it choose some of the depths at once. */
export class DepthSlider {
  private readonly input = range(t("Number of blocks"), {}, (index) => this.chooseAt(index));
  private readonly marks = h("div", { class: "depth-marks" });
  readonly element = h(
    "div",
    { class: "depth-slider" },
    h("span", { class: "memory-note", "aria-hidden": "true" }, t("Number of blocks")),
    this.input,
    this.marks,
  );
  /** The depths in ascending order. The slider's positions are indices into this array. */
  private depths: readonly number[] = [];

  /** @param onChoose called when the user chooses another depth */
  constructor(private readonly onChoose: (depth: number) => void) {}

  /** Shows depths, ascending, and the chosen one. */
  show(depths: readonly number[], chosen: number): void {
    if (depths !== this.depths) {
      this.depths = depths;
      this.marks.replaceChildren(...marks.filter((depth) => depths.includes(depth)).map((depth) => this.mark(depth)));
    }
    setRange(this.input, depths.indexOf(chosen), depths.length - 1);
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

  private chooseAt(index: number): void {
    const depth = this.depths[index];
    if (depth !== undefined) this.onChoose(depth);
  }
}
