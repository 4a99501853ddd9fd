import { h, setText } from "../ui/element";
import { t } from "../ui/text";
import type { SliceChoice } from "./sliceChoice";

/** A slider over the slices of volumes; hidden for pictures. */
export class SliceSlider {
  private readonly range = h("input", {
    type: "range",
    class: "samples-range",
    min: 0,
    step: 1,
    "aria-label": t("Place in the volume"),
    onInput: () => this.choose(Number(this.range.value)),
  });
  private readonly said = h("output", { class: "samples-place", "aria-hidden": "true" });
  readonly element = h("div", { class: "samples-slider" }, this.range, this.said);

  constructor(
    private readonly choice: SliceChoice,
    private readonly onChosen: () => void,
  ) {}

  show(): void {
    const { slices, slice, index } = this.choice;
    this.element.hidden = slices.length < 2;
    this.range.max = String(slices.length - 1);
    this.range.value = String(index);
    const place = t("{0} % of the way through", slice);
    if (this.range.getAttribute("aria-valuetext") !== place) this.range.setAttribute("aria-valuetext", place);
    setText(this.said, t("Slices at {0} %", slice));
  }

  private choose(index: number): void {
    this.choice.choose(index);
    this.onChosen();
  }
}
