/** Makes an SVG element with its presentation attributes and children. */
export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** Shapes that can be distinguished without colour. */
export type Shape = "square" | "triangle" | "circle" | "diamond" | "up" | "plus";

/** A marker centred at x and y. @param r half the marker's side, in CSS pixels */
export function marker(
  shape: Shape,
  x: number,
  y: number,
  r: number,
  attributes: Readonly<Record<string, string | number>> = {},
): SVGElement {
  switch (shape) {
    case "circle":
      return s("circle", { cx: x, cy: y, r, ...attributes });
    case "square":
      return s("rect", { x: x - r * 0.9, y: y - r * 0.9, width: r * 1.8, height: r * 1.8, ...attributes });
    case "triangle":
    case "up":
      return s("path", { d: `M${x},${y - r * 1.15}L${x + r * 1.1},${y + r * 0.85}H${x - r * 1.1}Z`, ...attributes });
    case "plus": {
      const [long, wide] = [r * 1.2, r * 0.45];
      const [width, arm] = [2 * wide, long - wide];
      const right = `h${width}v${arm}h${arm}v${width}h${-arm}v${arm}`;
      const left = `h${-width}v${-arm}h${-arm}v${-width}h${arm}Z`;
      return s("path", { d: `M${x - wide},${y - long}${right}${left}`, ...attributes });
    }
    case "diamond":
      return s("path", {
        d: `M${x},${y - r * 1.25}L${x + r * 1.25},${y}L${x},${y + r * 1.25}L${x - r * 1.25},${y}Z`,
        ...attributes,
      });
  }
}

/** The marker of each backprop mode in the chart of memory. */
export const shapes = { store: "square", budget: "plus", checkpoint: "triangle", recompute: "circle" } as const;
/** The dash pattern of each backprop mode's curve in the chart of memory. */
export const dashes = { store: "none", budget: "8 3 2 3", checkpoint: "7 4", recompute: "2 3" } as const;
