import type { Sign } from "./signs";

/** How a row is drawn in every chart. */
export interface DrawnRow {
  readonly sign: Sign;
  /** Its name in a legend. */
  readonly name: string;
}

/** The place of a row in a chart. */
export interface Spot {
  /** The row's id. */
  readonly row: string;
  readonly x: number;
  readonly y: number;
}

/** A drawn chart, to be put into an SVG element. */
export interface Drawing {
  /** In CSS pixels. */
  readonly height: number;
  readonly nodes: readonly Node[];
  readonly spots: readonly Spot[];
  /** What a file has below the chart, where the page tells it beside. */
  readonly legend: { readonly height: number; readonly nodes: readonly Node[] };
}
