import { stepText } from "../charts/plot/numbers";
import { h, setText } from "../ui/element";
import { range, setRange } from "../ui/range";
import { t } from "../ui/text";
import { setPressed, toggle } from "../ui/toggle";
import { Film } from "./film";
import type { StepChoice } from "./stepChoice";

/** A slider over the steps, a button that plays them, and one for the latest. */
export class StepSlider {
  private readonly range = range(t("Step"), {}, (index) => this.choose(index));
  private readonly step = h("output", { class: "samples-step", "aria-hidden": "true" });
  private readonly latest = toggle(t("Latest"), () => this.choose(Infinity));
  private readonly film: Film;
  readonly element: HTMLElement;

  constructor(
    private readonly choice: StepChoice,
    private readonly onChosen: () => void,
  ) {
    this.film = new Film(choice, onChosen);
    this.element = h("div", { class: "samples-slider" }, this.film.element, this.range, this.step, this.latest);
  }

  show(): void {
    const { step, index, count, following } = this.choice;
    if (step === null) {
      this.film.stop();
      return;
    }
    setRange(this.range, index, count - 1);
    this.range.disabled = count < 2;
    const place = t("step {0}, {1} of {2}", step, index + 1, count);
    if (this.range.getAttribute("aria-valuetext") !== place) this.range.setAttribute("aria-valuetext", place);
    setText(this.step, t("Step {0}", stepText(step)));
    setPressed(this.latest, following);
    this.film.show();
  }

  /** Stops the film and follows the latest step. */
  toLatest(): void {
    this.film.stop();
    this.choice.choose(Infinity);
  }

  private choose(index: number): void {
    this.film.stop();
    this.choice.choose(index);
    this.onChosen();
  }
}
