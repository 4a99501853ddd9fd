import type { ExportedChart, ExportedLine } from "./exportedChart";

/** A chart as the text of an SVG file, without style sheet or script. */
export function svgOf({
  title,
  width,
  height,
  background,
  foreground,
  frame,
  texts,
  curves,
  box,
}: ExportedChart): string {
  const parts = [
    element("title", {}, escaped(title)),
    element("rect", { width, height, fill: background }),
    ...frame.map((line) => polyline(line)),
    ...texts.map(({ x, y, text, anchor, isTitle }) =>
      element(
        "text",
        {
          x: round(x),
          y: round(y),
          "text-anchor": anchor,
          ...(isTitle ? { "font-size": 15, "font-weight": 600 } : {}),
        },
        escaped(text),
      ),
    ),
    element(
      "clipPath",
      { id: "box" },
      element("rect", { x: box.left, y: box.top, width: box.width, height: box.height }),
    ),
    element("g", { "clip-path": "url(#box)", class: "curves" }, curves.map((line) => polyline(line)).join("\n")),
  ];
  const root = {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    "font-family": "sans-serif",
    "font-size": 12,
    fill: foreground,
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("svg", root, parts.join("\n"))}\n`;
}

type Attributes = Readonly<Record<string, string | number>>;

/** An SVG element as text. @param content markup that is inserted unescaped */
function element(name: string, attributes: Attributes, content = ""): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  return `<${name}${written.join("")}>${content}</${name}>`;
}

function polyline({ points, stroke: { colour, width, dash }, opacity }: ExportedLine): string {
  return element("polyline", {
    points: points.map(([x, y]) => `${round(x)},${round(y)}`).join(" "),
    fill: "none",
    stroke: colour,
    "stroke-width": width,
    "stroke-linejoin": "round",
    ...(dash.length === 0 ? {} : { "stroke-dasharray": dash.join(" ") }),
    ...(opacity === 1 ? {} : { "stroke-opacity": opacity }),
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Escapes text for XML, and drops the control characters that XML does not permit. */
function escaped(content: string): string {
  return content
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "")
    .replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
