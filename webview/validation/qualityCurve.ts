import { withMargin } from "../../extension/charts/ticks";
import { stepText } from "../charts/plot/numbers";
import { h, setText } from "../ui/element";
import { s } from "../ui/svg";
import type { Quality } from "../../extension/comparison/quality";

/** Size and margin of the drawing in its own units; CSS stretches it to the width of its container. */
const [width, height, margin] = [240, 56, 4];

/** A small curve of the quality over the steps, with dots at the best and the latest validation. */
export class QualityCurve {
  private readonly svg = s("svg", {
    class: "quality-curve",
    viewBox: `0 0 ${width} ${height}`,
    preserveAspectRatio: "none",
    role: "img",
  });
  private readonly from = h("span");
  private readonly to = h("span");
  readonly element = h(
    "div",
    { class: "quality-course" },
    this.svg as unknown as Node,
    h("div", { class: "quality-steps", "aria-hidden": "true" }, this.from, this.to),
  );

  /** Draws the curve; hides it if there are fewer than two validations. @param words the text for screen readers */
  show({ points, first, latest, best }: Quality, words: string): void {
    this.element.hidden = points.length < 2;
    if (points.length < 2) return;
    const values = points.map(({ value }) => value);
    const y = withMargin({ min: Math.min(...values), max: Math.max(...values) }, false);
    const place = ({ step, value }: { readonly step: number; readonly value: number }): string => {
      const across = margin + ((step - first.step) / (latest.step - first.step)) * (width - 2 * margin);
      const down = height - margin - ((value - y.min) / (y.max - y.min)) * (height - 2 * margin);
      return `${across.toFixed(1)},${down.toFixed(1)}`;
    };
    const line = `M${points.map(place).join("L")}`;
    // A line of length 0 with round ends is a dot that stays round although the drawing is stretched.
    const dot = (point: typeof best, name: string): SVGElement =>
      s("path", { class: `quality-dot ${name}`, d: `M${place(point)}h0` });
    this.svg.replaceChildren(
      s("path", { class: "quality-base", d: `M${margin},${height - 0.5}H${width - margin}` }),
      s("path", { class: "quality-line", d: line }),
      dot(best, "quality-best"),
      dot(latest, "quality-latest"),
    );
    this.svg.setAttribute("aria-label", words);
    setText(this.from, stepText(first.step));
    setText(this.to, stepText(latest.step));
  }
}
