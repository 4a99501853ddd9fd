import { decimate, type Numbers } from "./decimate";
import type { Stroke } from "./palette";
import type { Curve } from "../runCurves";
import { padded, type Extent } from "./ticks";

/** A curve that takes part in a picture. */
export interface SceneCurve {
  readonly curve: Curve;
  readonly stroke: Stroke;
  /** Whether the curve as it is shows behind the smoothed one. */
  readonly faint: boolean;
}

/** A line through some points of a curve. */
export interface SceneLine {
  readonly xs: Numbers;
  readonly ys: Numbers;
  /** Indices of the points, ascending. */
  readonly points: Uint32Array;
  readonly stroke: Stroke;
  /** The curve as it is, behind the smoothed one. */
  readonly faint: boolean;
}

/** What a picture of curves shows, before it is a canvas or an SVG file. */
export interface Scene {
  readonly x: Extent;
  readonly y: Extent;
  readonly log: boolean;
  readonly lines: readonly SceneLine[];
}

/** A rectangle; its unit is the caller's. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Faint lines come first, so that they hide none, and the first curve last, so that none hides it. @param columns how many columns of pixels there are */
export function sceneOf(curves: readonly SceneCurve[], x: Extent, columns: number, log: boolean): Scene {
  const lines: SceneLine[] = [];
  const add = ({ curve, stroke }: SceneCurve, ys: Numbers, faint: boolean): void => {
    const points = decimate(curve.steps, ys, { ...x, columns });
    lines.push({ xs: curve.steps, ys, points: log ? points.filter((index) => ys[index]! > 0) : points, stroke, faint });
  };
  const backwards = [...curves].reverse();
  for (const one of backwards) if (one.faint && one.curve.smooth !== one.curve.raw) add(one, one.curve.raw, true);
  for (const one of backwards) add(one, one.curve.smooth, false);
  return { x, y: padded(heights(lines, x), log), log, lines };
}

/** Lowest and highest point inside the range of x. */
function heights(lines: readonly SceneLine[], x: Extent): Extent {
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

/** Where values lie in a box. */
export interface Projection {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** How a scene's values become places in a box whose y runs downwards. */
export function projection({ x, y, log }: Scene, { left, top, width, height }: Box): Projection {
  const scale = log ? Math.log : (value: number): number => value;
  const low = scale(y.min);
  const perX = width / (x.max - x.min);
  const perY = height / (scale(y.max) - low);
  return { x: (value) => left + (value - x.min) * perX, y: (value) => top + height - (scale(value) - low) * perY };
}
