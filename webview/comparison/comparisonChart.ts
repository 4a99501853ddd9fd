import { h } from "../ui/element";
import { s } from "../ui/svg";
import type { Drawing, Spot } from "./drawing";

/** The largest distance in CSS pixels between the pointer and a spot at which the spot's row is selected. */
const reach = 28;

/** Shows a drawing, with rings around the spots of the selected row. */
export class ComparisonChart {
  private readonly rings = s("g");
  private readonly still = s("g");
  readonly svg = s("svg", { class: "comparison-svg", "aria-hidden": "true" }, this.still, this.rings);
  readonly element = h("div", {}, this.svg);
  private drawing: Drawing | null = null;
  private width = 0;
  private highlighted: string | null = null;

  /** Shows another drawing. @param width of the drawing, in CSS pixels */
  draw(drawing: Drawing, width: number): void {
    [this.drawing, this.width] = [drawing, width];
    resize(this.svg, width, drawing.height);
    this.still.replaceChildren(...drawing.nodes);
    this.highlight(this.highlighted);
  }

  /** Draws a ring around each spot of a row. @param row the row's id; null removes the rings */
  highlight(row: string | null): void {
    this.highlighted = row;
    this.rings.replaceChildren(
      ...this.spots
        .filter((spot) => spot.row === row)
        .map(({ x, y }) => s("circle", { class: "comparison-ring", cx: x, cy: y, r: 9.5 })),
    );
  }

  /** The row of the spot that is nearest to a position; null where none is near. */
  nearest(x: number, y: number): string | null {
    const distance = (at: Spot): number => Math.hypot(at.x - x, at.y - y);
    const best = this.spots.reduce<Spot | null>(
      (nearest, each) => (nearest === null || distance(each) < distance(nearest) ? each : nearest),
      null,
    );
    return best !== null && distance(best) <= reach ? best.row : null;
  }

  /** A copy with its legend, for a file. It is attached to the page, so that styles apply; the caller removes it. */
  copyForFile(): SVGSVGElement {
    const { height, legend } = this.drawing!;
    const below = s("g", { transform: `translate(0,${height})` }, ...legend.nodes);
    const svg = s("svg", { class: "comparison-svg", "aria-hidden": "true" }, this.still.cloneNode(true), below);
    resize(svg, this.width, height + legend.height);
    this.element.append(svg);
    return svg;
  }

  private get spots(): readonly Spot[] {
    return this.drawing?.spots ?? [];
  }
}

function resize(svg: SVGSVGElement, width: number, height: number): void {
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` }))
    svg.setAttribute(name, String(value));
}
