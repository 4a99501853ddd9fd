import { linearTicks } from "../../extension/charts/ticks";
import { t } from "../ui/text";
import { bytesText } from "./bytes";
import type { Point, AxisLimits } from "./chartData";
import { s } from "../ui/svg";

/** Margins around the plot for the labels of the axes and of the curves, in CSS pixels. */
const margin = { top: 36, right: 84, bottom: 42, left: 64 };
/** The right margin in CSS pixels if the curves' labels include bytes. */
const wideRightMargin = 136;
/** Width of the chart, in CSS pixels, from which the curves' labels include bytes and the right margin has room for them. */
const minWideWidth = 480;

/** Maps depths and bytes to positions, and draws the axes. */
export class ChartAxes {
  constructor(
    readonly width: number,
    readonly height: number,
    readonly reach: AxisLimits,
  ) {}

  get left(): number {
    return margin.left;
  }

  get right(): number {
    return Math.max(margin.left + 40, this.width - (this.isWide ? wideRightMargin : margin.right));
  }

  /** Whether the curves' labels have room for bytes. */
  get isWide(): boolean {
    return this.width >= minWideWidth;
  }

  get top(): number {
    return margin.top;
  }

  get bottom(): number {
    return this.height - margin.bottom;
  }

  x(depth: number): number {
    return round(this.left + (depth / this.reach.depth) * (this.right - this.left));
  }

  /** The y position of a number of bytes; bytes beyond the axis are placed at its top. */
  y(bytes: number): number {
    return round(Math.max(this.top, this.bottom - (bytes / this.reach.bytes) * (this.bottom - this.top)));
  }

  /** The depth at an x position, not rounded to whole blocks. */
  depthAt(x: number): number {
    return ((x - this.left) / (this.right - this.left)) * this.reach.depth;
  }

  line(points: readonly Point[]): string {
    return points.map(({ depth, bytes }, at) => `${at === 0 ? "M" : "L"}${this.x(depth)},${this.y(bytes)}`).join("");
  }

  /** Draws the grid, the tick labels and the titles. @param title of the axis of bytes */
  draw(title: string): SVGElement {
    const group = s("g", { class: "memory-axes" });
    for (const bytes of linearTicks({ min: 0, max: this.reach.bytes }, this.height / 60)) {
      const y = this.y(bytes);
      group.append(s("line", { class: "memory-grid", x1: this.left, x2: this.right, y1: y, y2: y }));
      group.append(
        s("text", { x: this.left - 8, y: y + 4, "text-anchor": "end" }, bytes === 0 ? "0" : bytesText(bytes)),
      );
    }
    for (const depth of linearTicks({ min: 0, max: this.reach.depth }, Math.min(9, (this.right - this.left) / 40), 1)) {
      const x = this.x(depth);
      group.append(s("line", { class: "memory-tick", x1: x, x2: x, y1: this.bottom, y2: this.bottom + 4 }));
      group.append(s("text", { x, y: this.bottom + 17, "text-anchor": "middle" }, String(depth)));
    }
    group.append(s("text", { class: "memory-title", x: 0, y: 14 }, title));
    group.append(
      s(
        "text",
        { x: (this.left + this.right) / 2, y: this.height - 6, "text-anchor": "middle" },
        t("number of blocks"),
      ),
    );
    return group;
  }
}

/** Rounds to a tenth of a pixel, which keeps the SVG short. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
