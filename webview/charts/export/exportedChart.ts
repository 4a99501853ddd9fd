import { tickText } from "../plot/numbers";
import type { Palette, Stroke } from "../plot/palette";
import { faintOpacity, projection, type Box, type Scene } from "../plot/scene";
import { linearTicks, logTicks } from "../../../extension/charts/ticks";

/** The contents of a chart to be exported. */
export interface ExportedChartOptions {
  readonly title: string;
  /** Title of the x axis. */
  readonly axis: string;
  readonly scene: Scene;
  readonly legend: readonly { readonly label: string; readonly stroke: Stroke }[];
  readonly palette: Pick<Palette, "background" | "foreground" | "lines" | "strong">;
}

/** A line through points, in CSS pixels. */
export interface ExportedLine {
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly stroke: Stroke;
  readonly opacity: number;
}

/** A text in an exported chart; `y` is the text's baseline. Lengths in CSS pixels. */
export interface ExportedText {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly anchor: "start" | "middle" | "end";
  readonly isTitle: boolean;
}

/** A chart with its title, legend and axes, ready to become an SVG or a PNG file. Lengths in CSS pixels. */
export interface ExportedChart {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly background: string;
  readonly foreground: string;
  readonly frame: readonly ExportedLine[];
  readonly texts: readonly ExportedText[];
  /** The curves. Who draws them has to clip them to `box`. */
  readonly curves: readonly ExportedLine[];
  readonly box: Box;
}

/** Width of the plot of a saved chart, in CSS pixels. Curves are reduced to the points that so many columns can show. */
export const exportedColumns = 800;

const plotHeight = 360;
const legendRowHeight = 18;
const [left, right] = [64, 32];

/** Lays out a chart for a file, in a size that does not depend on the screen. */
export function exportedChartOf({ title, axis, scene, legend, palette }: ExportedChartOptions): ExportedChart {
  const box: Box = { left, top: 44 + legend.length * legendRowHeight, width: exportedColumns, height: plotHeight };
  const [bottom, end] = [box.top + box.height, left + box.width];
  const place = projection(scene, box);
  const lines: Stroke = { colour: palette.lines, width: 1, dash: [] };
  const ticks = {
    x: linearTicks(scene.x, 10, 1).map((value) => ({ at: place.x(value), text: tickText(value) })),
    y: (scene.log ? logTicks : linearTicks)(scene.y, 6).map((value) => ({ at: place.y(value), text: tickText(value) })),
  };
  const text = (
    x: number,
    y: number,
    words: string,
    anchor: ExportedText["anchor"] = "start",
    isTitle = false,
  ): ExportedText => ({ x, y, text: words, anchor, isTitle });
  const rowAt = (row: number): number => 42 + row * legendRowHeight;
  return {
    title,
    width: end + right,
    height: bottom + 48,
    background: palette.background,
    foreground: palette.foreground,
    box,
    frame: [
      ...legend.map(({ stroke }, row) => ({
        points: [
          [16, rowAt(row)],
          [44, rowAt(row)],
        ] as const,
        stroke,
        opacity: 1,
      })),
      ...ticks.y.map(({ at }) => ({
        points: [
          [left, at],
          [end, at],
        ] as const,
        stroke: lines,
        opacity: palette.strong ? 1 : 0.35,
      })),
      {
        points: [
          [left, box.top],
          [left, bottom],
          [end, bottom],
        ],
        stroke: lines,
        opacity: 1,
      },
    ],
    texts: [
      text(16, 24, title, "start", true),
      ...legend.map(({ label }, row) => text(52, rowAt(row) + 4, label)),
      ...ticks.y.map((tick) => text(left - 8, tick.at + 4, tick.text, "end")),
      ...ticks.x.map((tick) => text(tick.at, bottom + 18, tick.text, "middle")),
      text(left + box.width / 2, bottom + 38, axis, "middle"),
    ],
    curves: scene.lines.map(({ xs, ys, points, stroke, faint }) => ({
      points: Array.from(points, (index) => [place.x(xs[index]!), place.y(ys[index]!)] as const),
      stroke: faint ? { colour: stroke.colour, width: 1, dash: [] } : stroke,
      opacity: faint ? faintOpacity(palette.strong) : 1,
    })),
  };
}
