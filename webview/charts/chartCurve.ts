import { nearest } from "./plot/decimate";
import type { LegendValue } from "./legend";
import type { SceneCurve } from "./plot/scene";

/** A curve of a chart, with its name and its looks. */
export interface ChartCurve extends SceneCurve {
  /** The loss's name for the shown run; those of other runs have the run's id before it. */
  readonly id: string;
  /** For people; that of another run names the run. */
  readonly label: string;
}

/** What a curve says at the step that is nearest to this one and has a value; null asks for the latest. */
export function valueAt({ curve }: ChartCurve, step: number | null): LegendValue {
  const index = nearest(curve.steps, curve.raw, step ?? Infinity);
  if (index === undefined) return { raw: undefined, smooth: undefined };
  return { raw: curve.raw[index], smooth: curve.smooth === curve.raw ? undefined : curve.smooth[index] };
}
