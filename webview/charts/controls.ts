import { button, setRefusing } from "../ui/button";
import { checkbox } from "../ui/checkbox";
import { h, setText } from "../ui/element";
import { t } from "../ui/text";

/** What a user sets above the charts. */
export interface ControlEvents {
  /** From 0 to under 1. */
  smooth(weight: number): void;
  logarithmic(on: boolean): void;
  reset(): void;
  saveCsv(): void;
}

/** The largest weight of the past: at 1 nothing would ever change. */
const mostSmoothing = 0.99;

/** The bar above the charts: smoothing, log scale, the way back from a zoom, and the metrics as a file. */
export class Controls {
  readonly element: HTMLElement;
  /** Says where one is; stands apart from the bar. */
  readonly place = h("span", { class: "charts-range" });
  private readonly resetButton: HTMLElement;

  constructor(weight: number, events: ControlEvents) {
    const shown = h("output", { for: "charts-smoothing" }, weight.toFixed(2));
    const slider = h("input", {
      id: "charts-smoothing",
      type: "range",
      min: 0,
      max: mostSmoothing,
      step: 0.01,
      value: weight,
    });
    slider.addEventListener("input", () => {
      setText(shown, slider.valueAsNumber.toFixed(2));
      events.smooth(slider.valueAsNumber);
    });
    this.resetButton = button(t("Reset zoom"), {
      title: t("Shows all steps, and follows new ones"),
      onPress: () => events.reset(),
    });
    setRefusing(this.resetButton, true);
    this.element = h(
      "div",
      { class: "charts-controls", role: "group", "aria-label": t("How losses are shown") },
      h("label", { for: "charts-smoothing" }, t("Smoothing")),
      slider,
      shown,
      checkbox(t("Log scale"), t("Log scale"), (on) => events.logarithmic(on)).element,
      h(
        "div",
        { class: "charts-actions" },
        this.resetButton,
        button(t("Save CSV"), { title: t("Saves all steps with all their figures"), onPress: () => events.saveCsv() }),
      ),
    );
  }

  /** Says which step the cursor is on, or which steps are seen. */
  show(place: string, isZoomed: boolean): void {
    setText(this.place, place);
    setRefusing(this.resetButton, !isZoomed);
  }
}
