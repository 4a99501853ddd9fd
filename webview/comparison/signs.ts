import type { ComparisonLine } from "../../extension/protocol/lines";
import { marker, s } from "../memory/svg";
import type { Entry } from "./entries";

/** Each kind's own, so that they are told apart without colour. */
const shapes = { revgan: "circle", cyclegan: "square", pix2pix: "triangle" } as const;

/** As many colours as the curves of compared runs have. */
const colours = 4;

/** The class of a run's colour: that of its curves among the losses. */
export function colourClass(number: number): string {
  return number === 1 ? "compared-own" : `compared-${(number - 2) % colours}`;
}

/** A run's marker around a place. */
export function runMarker({ number }: Entry, { kind }: ComparisonLine, x: number, y: number, r: number): SVGElement {
  return marker(shapes[kind], x, y, r, { class: `comparison-point ${colourClass(number)}` });
}

/** A run's marker for a table. */
export function sign(entry: Entry): SVGElement {
  return s(
    "svg",
    { class: "comparison-sign", width: 14, height: 14, "aria-hidden": "true" },
    ...(entry.line === null ? [] : [runMarker(entry, entry.line, 7, 7, 5)]),
  );
}
