import { h } from "../ui/element";
import { t } from "../ui/text";
import { bytesText, exactBytes } from "./bytes";
import { axisLimits, type ChartData } from "./chartData";
import { ChartAxes } from "./chartAxes";
import { modeLabel, quantityLabel } from "./backpropModes";
import { dashes, marker, s, shapes } from "../ui/svg";

/** Height of the chart, in CSS pixels. */
const height = 300;

/** Draws memory against depth: curves of the theory, measured points, and the training as it is now. */
export class MemoryChart {
  private readonly still = s("g");
  /** The ring around the training's point. The element is reused, since a new one would restart the pulse animation at each step. */
  private readonly ring = s("circle", { r: 9, display: "none" });
  private readonly live = s("g");
  private readonly chosen = s("g");
  readonly svg = s(
    "svg",
    { class: "memory-svg", "aria-hidden": "true" },
    this.still,
    this.chosen,
    this.ring,
    this.live,
  );
  readonly element = h("div", { class: "memory-plot" }, this.svg);
  axes = new ChartAxes(0, height, { depth: 16, bytes: 1 });
  private drawn: ChartData | null = null;

  /** Draws the data. Parts that have not changed are kept. @param width of the chart, in CSS pixels */
  draw(data: ChartData, width: number): void {
    const reach = axisLimits(data);
    const { axes: frame, drawn } = this;
    const same = frame.width === width && frame.reach.depth === reach.depth && frame.reach.bytes === reach.bytes;
    this.axes = same ? frame : new ChartAxes(width, height, reach);
    const isDrawn =
      drawn !== null &&
      drawn.quantity === data.quantity &&
      drawn.curves === data.curves &&
      drawn.measured === data.measured;
    if (!same || !isDrawn) this.drawStill(data);
    this.drawLive(data);
    this.drawn = data;
  }

  private drawStill({ quantity, curves, measured }: ChartData): void {
    const { axes: frame } = this;
    for (const [name, value] of Object.entries({ width: frame.width, height, viewBox: `0 0 ${frame.width} ${height}` }))
      this.svg.setAttribute(name, String(value));
    const lines = curves.map(({ mode, points }) =>
      s("path", {
        class: `memory-curve mode-${mode}`,
        d: frame.line(points),
        "stroke-dasharray": dashes[mode],
        "data-mode": mode,
      }),
    );
    // The curve of a budget may end at a smaller depth than the others; then it has no label at its end, and only the legend names it.
    const lastDepth = Math.max(...curves.map(({ points }) => points.at(-1)!.depth));
    const ends = curves.flatMap(({ mode, points }) => {
      const { depth, bytes } = points.at(-1)!;
      return depth === lastDepth ? [{ mode, bytes, y: frame.y(bytes) }] : [];
    });
    const names = spreadLabels(ends, 15, frame.bottom).map(({ mode, bytes, y }) =>
      s(
        "text",
        { class: "memory-name", x: frame.right + 8, y: y + 4 },
        frame.isWide ? `${modeLabel(mode)} ${bytesText(bytes)}` : modeLabel(mode),
      ),
    );
    const points = measured.map(({ mode, depth, bytes }) =>
      marker(shapes[mode], frame.x(depth), frame.y(bytes), 4.5, {
        class: `memory-measured mode-${mode}`,
        "data-mode": mode,
        "data-depth": depth,
        "data-bytes": bytes,
      }),
    );
    this.still.replaceChildren(frame.draw(quantityLabel(quantity)), ...lines, ...names, ...points);
  }

  private drawLive({ live, resident, chosen }: ChartData): void {
    const { axes: frame } = this;
    this.drawChosen(chosen);
    if (live === null) {
      this.ring.setAttribute("display", "none");
      this.live.replaceChildren();
      return;
    }
    const [x, y] = [frame.x(live.depth), frame.y(live.bytes)];
    const beyond = resident !== null && resident.bytes > frame.reach.bytes;
    // The label is on the side away from the other curves: above the point for `store`, whose curve is the highest, else below.
    const words = [
      { y: y + (live.mode === "store" ? -14 : 15), text: t("now {0}", bytesText(live.bytes)), bytes: live.bytes },
    ];
    const parts: SVGElement[] = [];
    if (resident !== null) {
      const top = beyond ? frame.top - 10 : frame.y(resident.bytes);
      parts.push(
        marker(beyond ? "up" : "diamond", x, top, 4.5, {
          class: "memory-resident",
          "data-depth": resident.depth,
          "data-bytes": resident.bytes,
        }),
      );
      const size = bytesText(resident.bytes);
      words.push({
        y: top,
        text: beyond ? t("resident {0}, beyond the chart", size) : t("resident {0}", size),
        bytes: resident.bytes,
      });
    }
    for (const [name, value] of Object.entries({
      class: live.running ? "memory-pulse" : "memory-ring",
      cx: x,
      cy: y,
      display: "inline",
    }))
      this.ring.setAttribute(name, String(value));
    parts.push(
      marker(shapes[live.mode], x, y, 5.5, {
        class: `memory-live mode-${live.mode}`,
        "data-mode": live.mode,
        "data-depth": live.depth,
        "data-bytes": live.bytes,
      }),
    );
    // Labels are on the side of the point that has more room.
    const leftwards = x > (frame.left + frame.right) / 2;
    for (const { y: at, text, bytes } of spreadLabels(words, 16, frame.bottom)) {
      parts.push(
        s(
          "text",
          {
            class: "memory-label",
            x: leftwards ? x - 14 : x + 14,
            y: at + 4,
            "text-anchor": leftwards ? "end" : "start",
          },
          text,
          s("title", {}, exactBytes(bytes)),
        ),
      );
    }
    this.live.replaceChildren(...parts);
  }

  /** Draws a line at the depth whose cost is shown beside the chart. */
  private drawChosen(chosen: ChartData["chosen"]): void {
    const { axes: frame } = this;
    if (chosen === null) {
      this.chosen.replaceChildren();
      return;
    }
    const x = frame.x(chosen.depth);
    this.chosen.replaceChildren(
      s("line", { class: "memory-chosen", x1: x, x2: x, y1: frame.top, y2: frame.bottom }),
      s("circle", { class: "memory-chosen", cx: x, cy: frame.y(chosen.bytes), r: 5, "data-bytes": chosen.bytes }),
    );
  }
}

/**
 * Moves labels down until neighbours are at least `distance` pixels apart, then up until none is below `bottom`.
 * @returns the labels from top to bottom
 */
function spreadLabels<T extends { readonly y: number }>(labels: readonly T[], distance: number, bottom: number): T[] {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  const places: number[] = [];
  for (const { y } of sorted) places.push(Math.max(y, (places.at(-1) ?? -Infinity) + distance));
  for (let at = places.length - 1, limit = bottom; at >= 0; at--) {
    places[at] = Math.min(places[at]!, limit);
    limit = places[at]! - distance;
  }
  return sorted.map((each, at) => ({ ...each, y: places[at]! }));
}
