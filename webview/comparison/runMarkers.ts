import type { ComparisonLine } from "../../extension/protocol/lines";
import { marker, s } from "../ui/svg";
import type { ComparedRun } from "./comparedRuns";

/** The marker of each network kind, distinguishable without colour. */
const shapes = { revgan: "circle", cyclegan: "square", pix2pix: "triangle" } as const;

/** Number of colours of compared runs, as in the loss charts. */
const colourCount = 4;

/** The CSS class of a run's colour, which is that of its loss curves. */
export function colourClass(number: number): string {
  return number === 1 ? "compared-own" : `compared-${(number - 2) % colourCount}`;
}

/** A run's marker around a place. */
export function runMarker(
  { number }: ComparedRun,
  { kind }: ComparisonLine,
  x: number,
  y: number,
  r: number,
): SVGElement {
  return marker(shapes[kind], x, y, r, { class: `comparison-point ${colourClass(number)}` });
}

/** A run's marker for a table. */
export function tableMarker(entry: ComparedRun): SVGElement {
  return s(
    "svg",
    { class: "comparison-sign", width: 14, height: 14, "aria-hidden": "true" },
    ...(entry.line === null ? [] : [runMarker(entry, entry.line, 7, 7, 5)]),
  );
}
