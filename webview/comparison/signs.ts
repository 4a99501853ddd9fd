import { marker, type Shape, s } from "../ui/svg";
import type { ComparisonRow } from "./comparisonRows";

/** How a row is marked: by a colour, and by a shape for readers who cannot distinguish the colours. */
export interface Sign {
  readonly shape: Shape;
  /** The CSS class that sets the colour. */
  readonly colour: string;
}

/** The marker of each kind of network. */
const kindShapes = { revgan: "circle", cyclegan: "square", pix2pix: "triangle" } as const;

/** Number of colours of compared runs, as in the loss charts. */
const colourCount = 4;

/** Markers for the values of the setting that has a line for each value. */
const seriesShapes = ["circle", "square", "triangle", "diamond", "plus"] as const;

/** Dash patterns of the lines of these values, in CSS pixels. */
const seriesDashes = ["none", "7 4", "2 3", "8 3 2 3"] as const;

/** The CSS class of a colour: place 0 has the colour of the shown run's loss curves, places from 1 those of compared runs. */
function colourClass(place: number): string {
  return place === 0 ? "compared-own" : `compared-${(place - 1) % colourCount}`;
}

/** The sign of a setting's value, by its place among the values; repeats after 20. */
export function seriesSign(index: number): Sign {
  return { shape: seriesShapes[index % seriesShapes.length]!, colour: colourClass(index) };
}

export function seriesDash(index: number): string {
  return seriesDashes[index % seriesDashes.length]!;
}

/** The sign of a row without series: the shape of its kind of network, and for a single run the colour of its loss curves. */
export function rowSign({ runs: [first, ...others] }: ComparisonRow): Sign {
  return { shape: kindShapes[first.line.kind], colour: colourClass(others.length === 0 ? first.place : 0) };
}

/** Draws a sign with its centre at x and y. @param r half the side of the marker, in CSS pixels */
export function signMarker({ shape, colour }: Sign, x: number, y: number, r: number): SVGElement {
  return marker(shape, x, y, r, { class: `comparison-point ${colour}` });
}

/** A sign as a small SVG element for a table or a text; empty for null. */
export function inlineSign(sign: Sign | null): SVGElement {
  return s(
    "svg",
    { class: "comparison-sign", width: 14, height: 14, "aria-hidden": "true" },
    ...(sign === null ? [] : [signMarker(sign, 7, 7, 5)]),
  );
}
