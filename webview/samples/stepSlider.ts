import { h, setText } from "../ui/element";
import { t } from "../ui/text";
import { setPressed, toggle } from "../ui/toggle";
import type { StepChoice } from "./stepChoice";

/** A slider over the steps, and a button for the latest. */
export class StepSlider {
  private readonly range = h("input", {
    type: "range",
    class: "samples-range",
    min: 0,
    step: 1,
    "aria-label": t("Step"),
    onInput: () => this.choose(Number(this.range.value)),
  });
  private readonly said = h("output", { class: "samples-step", "aria-hidden": "true" });
  private readonly latest = toggle(t("Latest"), () => this.choose(Infinity));
  readonly element = h("div", { class: "samples-slider" }, this.range, this.said, this.latest);

  constructor(
    private readonly choice: StepChoice,
    private readonly onChosen: () => void,
  ) {}

  private choose(index: number): void {
    this.choice.choose(index);
    this.onChosen();
  }

  show(): void {
    const { step, index, count, following } = this.choice;
    if (step === null) return;
    this.range.max = String(count - 1);
    this.range.value = String(index);
    this.range.disabled = count < 2;
    const place = t("step {0}, {1} of {2}", step, index + 1, count);
    if (this.range.getAttribute("aria-valuetext") !== place) this.range.setAttribute("aria-valuetext", place);
    setText(this.said, t("Step {0}", step));
    setPressed(this.latest, following);
  }
}
