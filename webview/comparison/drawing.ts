import type { Sign } from "./signs";

/** How a row is drawn in every chart. */
export interface DrawnRow {
  readonly sign: Sign;
  /** The row's name in a legend. */
  readonly name: string;
}

/** The position of a row's marker in a chart, in CSS pixels. */
export interface Spot {
  /** The row's id. */
  readonly row: string;
  readonly x: number;
  readonly y: number;
}

/** A drawn chart, to be put into an SVG element. */
export interface Drawing {
  /** Height of the drawing, in CSS pixels. */
  readonly height: number;
  readonly nodes: readonly Node[];
  readonly spots: readonly Spot[];
  /** The legend that a saved file has below the chart. The page shows the same in its table. */
  readonly legend: { readonly height: number; readonly nodes: readonly Node[] };
}
