import { tickText } from "../charts/plot/numbers";
import { linearTicks, withMargin } from "../charts/plot/ticks";
import { s } from "../ui/svg";
import type { ChartPoint } from "./chartData";
import type { Cost } from "../../extension/comparison/figures";
import { costTick, costTitle } from "./comparisonText";

/** For the labels of the axes, in CSS pixels. */
const margin = { top: 12, right: 20, bottom: 40, left: 48 };

/** Maps the costs and qualities of one chart to positions in the drawing, and draws the axes. */
export class ChartArea {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  private readonly costs: { readonly min: number; readonly max: number };
  private readonly qualities: { readonly min: number; readonly max: number };

  constructor(
    private readonly cost: Cost,
    points: readonly ChartPoint[],
    box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  ) {
    this.left = box.x + margin.left;
    this.right = box.x + box.width - margin.right;
    this.top = box.y + margin.top;
    this.bottom = box.y + box.height - margin.bottom;
    // The cost axis begins at 0, so that distances are proportional.
    this.costs = { min: 0, max: 1.1 * Math.max(...points.map(({ cost: each }) => each)) || 1 };
    const all = points.map(({ quality }) => quality);
    this.qualities = withMargin({ min: Math.min(...all), max: Math.max(...all) }, false);
  }

  x(cost: number): number {
    return round(this.left + ((cost - this.costs.min) / (this.costs.max - this.costs.min)) * (this.right - this.left));
  }

  y(quality: number): number {
    return round(
      this.bottom -
        ((quality - this.qualities.min) / (this.qualities.max - this.qualities.min)) * (this.bottom - this.top),
    );
  }

  /** Grid, tick labels and the title of the cost axis. */
  axes(): SVGElement {
    const group = s("g", { class: "comparison-axes" });
    for (const quality of linearTicks(this.qualities, 4)) {
      const y = this.y(quality);
      group.append(s("line", { class: "comparison-grid", x1: this.left, x2: this.right, y1: y, y2: y }));
      group.append(s("text", { x: this.left - 8, y: y + 4, "text-anchor": "end" }, tickText(quality)));
    }
    for (const cost of linearTicks(this.costs, (this.right - this.left) / 70)) {
      const x = this.x(cost);
      group.append(s("line", { class: "comparison-tick", x1: x, x2: x, y1: this.bottom, y2: this.bottom + 4 }));
      group.append(s("text", { x, y: this.bottom + 17, "text-anchor": "middle" }, costTick(this.cost, cost)));
    }
    group.append(
      s("line", { class: "comparison-tick", x1: this.left, x2: this.right, y1: this.bottom, y2: this.bottom }),
    );
    group.append(
      s(
        "text",
        { class: "comparison-title", x: (this.left + this.right) / 2, y: this.bottom + 35, "text-anchor": "middle" },
        costTitle(this.cost),
      ),
    );
    return group;
  }
}

/** A tenth of a pixel is enough. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
