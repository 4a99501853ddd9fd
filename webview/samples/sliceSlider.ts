import { h, setText } from "../ui/element";
import { range, setRange } from "../ui/range";
import { t } from "../ui/text";
import { setPressed, toggle } from "../ui/toggle";
import type { SliceChoice } from "./sliceChoice";

/** A slider over the slices of volumes, and a button for all three planes; hidden for pictures. */
export class SliceSlider {
  private readonly range = range(t("Place in the volume"), {}, (index) => {
    this.choice.choose(index);
    this.onChosen();
  });
  private readonly place = h("output", { class: "samples-place", "aria-hidden": "true" });
  private readonly planes = toggle(t("Three planes"), () => {
    this.choice.allPlanes = !this.choice.allPlanes;
    this.onChosen();
  });
  readonly element: HTMLElement;

  /** @param offersPlanes whether there is the button for all planes. The dialog needs none: it always shows all planes */
  constructor(
    private readonly choice: SliceChoice,
    private readonly onChosen: () => void,
    offersPlanes: boolean,
  ) {
    this.element = h("div", { class: "samples-slider" }, this.range, this.place, offersPlanes ? this.planes : null);
  }

  show(): void {
    const { slices, slice, index } = this.choice;
    this.element.hidden = slices.length < 2;
    setRange(this.range, index, slices.length - 1);
    const place = t("{0} % of the way through", slice);
    if (this.range.getAttribute("aria-valuetext") !== place) this.range.setAttribute("aria-valuetext", place);
    setText(this.place, t("Slices at {0} %", slice));
    setPressed(this.planes, this.choice.allPlanes);
  }
}
