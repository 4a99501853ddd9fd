import { decimate } from "../../../extension/charts/decimate";
import type { Numbers } from "../../../extension/charts/search";
import { withMargin, type Extent } from "../../../extension/charts/ticks";
import type { Stroke } from "./palette";

/** A loss over the steps. The arrays are views into their owner's buffers, valid until its next update. */
export interface Curve {
  readonly steps: Numbers;
  readonly raw: Numbers;
  /** The same array as `raw` when smoothing is off. */
  readonly smooth: Numbers;
}

/** A curve to draw. */
export interface SceneCurve {
  readonly curve: Curve;
  readonly stroke: Stroke;
  /** Whether the unsmoothed curve is drawn faintly behind the smoothed one. */
  readonly faint: boolean;
}

/** A line through some points of a curve. */
export interface SceneLine {
  readonly xs: Numbers;
  readonly ys: Numbers;
  /** Indices of the points, ascending. */
  readonly points: Uint32Array;
  readonly stroke: Stroke;
  /** Whether this is the unsmoothed curve behind the smoothed one. */
  readonly faint: boolean;
}

/** Lines to draw and the ranges of the axes, for a canvas or an SVG file. */
export interface Scene {
  readonly x: Extent;
  readonly y: Extent;
  readonly log: boolean;
  readonly lines: readonly SceneLine[];
}

/** A rectangle, in any unit of length that the caller chooses. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Makes the lines in drawing order: faint lines first, and the first curve last, on top of the others.
 * @param columns width of the plot in device pixels
 */
export function sceneOf(curves: readonly SceneCurve[], x: Extent, columns: number, log: boolean): Scene {
  const lines: SceneLine[] = [];
  const add = ({ curve, stroke }: SceneCurve, ys: Numbers, faint: boolean): void => {
    const points = decimate(curve.steps, ys, { ...x, columns });
    lines.push({ xs: curve.steps, ys, points: log ? points.filter((index) => ys[index]! > 0) : points, stroke, faint });
  };
  const backwards = [...curves].reverse();
  for (const one of backwards) if (one.faint && one.curve.smooth !== one.curve.raw) add(one, one.curve.raw, true);
  for (const one of backwards) add(one, one.curve.smooth, false);
  return { x, y: withMargin(rangeOfY(lines, x), log), log, lines };
}

/** The range of y of the points inside the range of x. */
function rangeOfY(lines: readonly SceneLine[], x: Extent): Extent {
  let min = Infinity;
  let max = -Infinity;
  for (const { xs, ys, points } of lines) {
    for (const index of points) {
      if (xs[index]! < x.min || xs[index]! > x.max) continue;
      min = Math.min(min, ys[index]!);
      max = Math.max(max, ys[index]!);
    }
  }
  return { min, max };
}

/** Maps values to positions in a box. */
export interface Projection {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** Maps a scene's values into a box whose y axis points down. */
export function projection({ x, y, log }: Scene, { left, top, width, height }: Box): Projection {
  const scale = log ? Math.log : (value: number): number => value;
  const low = scale(y.min);
  const perX = width / (x.max - x.min);
  const perY = height / (scale(y.max) - low);
  return { x: (value) => left + (value - x.min) * perX, y: (value) => top + height - (scale(value) - low) * perY };
}

/** Opacity of a faint line. @param strong high contrast */
export const faintOpacity = (strong: boolean): number => (strong ? 0.4 : 0.3);

/** Factor on a band's opacity in the gaps of its dash pattern. Empty gaps would hide the minima and maxima of their columns. */
const gapOpacity = 0.35;

/** Draws a scene's lines. @param box in device pixels. @param ratio device pixels per CSS pixel */
export function paintLines(
  context: CanvasRenderingContext2D,
  scene: Scene,
  box: Box,
  ratio: number,
  strong: boolean,
): void {
  const place = projection(scene, box);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  for (const line of scene.lines) {
    context.globalAlpha = line.faint ? faintOpacity(strong) : 1;
    // With several points in each column, stroking the path takes a hundred times as long as filling the columns.
    if (line.points.length > box.width) paintBand(context, line, place, ratio);
    else paintPath(context, line, place, ratio);
  }
  context.restore();
}

function paintPath(
  context: CanvasRenderingContext2D,
  { xs, ys, points, stroke, faint }: SceneLine,
  { x, y }: Projection,
  ratio: number,
): void {
  context.strokeStyle = stroke.colour;
  context.lineJoin = "bevel";
  context.lineWidth = (faint ? 1 : stroke.width) * ratio;
  context.setLineDash(faint ? [] : stroke.dash.map((length) => length * ratio));
  context.beginPath();
  for (const index of points) context.lineTo(x(xs[index]!), y(ys[index]!));
  context.stroke();
  if (points.length !== 1) return;
  // A path through a single point, as after the first step, draws nothing, so a dot is drawn.
  context.fillStyle = stroke.colour;
  context.beginPath();
  context.arc(x(xs[points[0]!]!), y(ys[points[0]!]!), 2.5 * ratio, 0, 2 * Math.PI);
  context.fill();
}

/** Fills each pixel column from its minimum to its maximum, extended to the last value of the column before it, so that no gaps arise. */
function paintBand(
  context: CanvasRenderingContext2D,
  { xs, ys, points, stroke, faint }: SceneLine,
  { x, y }: Projection,
  ratio: number,
): void {
  context.fillStyle = stroke.colour;
  const strength = context.globalAlpha;
  const width = (faint ? 1 : stroke.width) * ratio;
  const isGap = faint ? () => false : gapTest(stroke.dash, ratio);
  let column = NaN;
  let [top, bottom, before] = [NaN, NaN, NaN];
  const fill = (): void => {
    if (Number.isNaN(column)) return;
    context.globalAlpha = isGap(column) ? strength * gapOpacity : strength;
    context.fillRect(column, top - width / 2, 1, bottom - top + width);
  };
  for (const index of points) {
    const here = Math.floor(x(xs[index]!));
    const height = y(ys[index]!);
    if (here !== column) {
      fill();
      column = here;
      top = bottom = Number.isNaN(before) ? height : before;
    }
    top = Math.min(top, height);
    bottom = Math.max(bottom, height);
    before = height;
  }
  fill();
}

/** Makes a test whether a column of device pixels is in a gap of a dash pattern. @param dash lengths in CSS pixels */
function gapTest(dash: readonly number[], ratio: number): (column: number) => boolean {
  const period = dash.reduce((sum, length) => sum + length, 0);
  return (column) => {
    let at = (column / ratio) % period;
    const part = dash.findIndex((length) => (at -= length) < 0);
    return part % 2 === 1;
  };
}
