import { button, setDisabled } from "../ui/button";
import { checkbox } from "../ui/checkbox";
import { h, setText } from "../ui/element";
import { range, setRange } from "../ui/range";
import { t } from "../ui/text";

/** Callbacks of the controls above the charts. */
export interface ControlEvents {
  /** @param weight of the exponential smoothing, from 0 to under 1 */
  smooth(weight: number): void;
  logarithmic(on: boolean): void;
  reset(): void;
  saveCsv(): void;
}

/** The largest weight of the exponential smoothing. With 1 the average would never change. */
const maxSmoothingWeight = 0.99;

/** The bar above the charts: smoothing, log scale, zoom reset, and export as CSV. */
export class Controls {
  readonly element: HTMLElement;
  /** The text element that {@link show} fills. `LossSection` puts it into its heading. */
  readonly place = h("span", { class: "charts-range" });
  private readonly resetButton: HTMLElement;

  constructor(weight: number, events: ControlEvents) {
    const shown = h("output", { for: "charts-smoothing" }, weight.toFixed(2));
    const slider = range(t("Smoothing"), { step: 0.01 }, (value) => {
      setText(shown, value.toFixed(2));
      events.smooth(value);
    });
    slider.id = "charts-smoothing";
    setRange(slider, weight, maxSmoothingWeight);
    this.resetButton = button(t("Reset zoom"), {
      title: t("Shows all steps, and follows new ones"),
      onPress: () => events.reset(),
    });
    setDisabled(this.resetButton, true);
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

  /** Updates text and buttons. @param place the text for the cursor's step, or without a cursor for the visible range */
  show(place: string, isZoomed: boolean): void {
    setText(this.place, place);
    setDisabled(this.resetButton, !isZoomed);
  }
}
