import { s } from "../ui/svg";
import type { Scale } from "./chartScales";

/** Space around the plot for the labels of the axes, in CSS pixels. */
const margin = { top: 12, right: 20, bottom: 40, left: 52 };

/** The smallest distance of two ticks on the x and the y axis, in CSS pixels: about the room that their labels need. */
const tickDistance = { across: 70, up: 38 };

/** Maps the values of one chart to positions in the drawing, and draws the axes. */
export class ChartArea<X> {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;

  constructor(
    private readonly across: Scale<X>,
    private readonly up: Scale<number>,
    box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  ) {
    this.left = box.x + margin.left;
    this.right = box.x + box.width - margin.right;
    this.top = box.y + margin.top;
    this.bottom = box.y + box.height - margin.bottom;
  }

  x(value: X): number {
    return round(this.left + this.across.place(value) * (this.right - this.left));
  }

  y(value: number): number {
    return round(this.bottom - this.up.place(value) * (this.bottom - this.top));
  }

  /** Draws the grid, the tick labels and the title of the x axis. */
  axes(): SVGElement {
    const { left, right, top, bottom } = this;
    const group = s("g", { class: "comparison-axes" });
    for (const { place, text } of this.up.ticks(bottom - top, tickDistance.up)) {
      const y = round(bottom - place * (bottom - top));
      group.append(s("line", { class: "comparison-grid", x1: left, x2: right, y1: y, y2: y }));
      group.append(s("text", { x: left - 8, y: y + 4, "text-anchor": "end" }, text));
    }
    for (const { place, text } of this.across.ticks(right - left, tickDistance.across)) {
      const x = round(left + place * (right - left));
      group.append(s("line", { class: "comparison-tick", x1: x, x2: x, y1: bottom, y2: bottom + 4 }));
      group.append(s("text", { x, y: bottom + 17, "text-anchor": "middle" }, text));
    }
    group.append(s("line", { class: "comparison-tick", x1: left, x2: right, y1: bottom, y2: bottom }));
    group.append(
      s(
        "text",
        { class: "comparison-title", x: (left + right) / 2, y: bottom + 35, "text-anchor": "middle" },
        this.across.title,
      ),
    );
    return group;
  }
}

/** Rounds to a tenth of a pixel, which keeps the SVG short. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
