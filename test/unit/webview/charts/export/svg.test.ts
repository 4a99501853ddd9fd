import { expect, test } from "vitest";
import { exportedChartOf } from "../../../../../webview/charts/export/exportedChart";
import { sceneOf } from "../../../../../webview/charts/plot/scene";
import { svgOf as written } from "../../../../../webview/charts/export/svg";

const steps = Float64Array.of(1, 2, 3, 4, 5);
const stroke = { colour: "#3794ff", width: 2, dash: [6, 4] };
const palette = { background: "#1f1f1f", foreground: "#ccc", lines: "rgba(204, 204, 204, 0.5)", strong: false };

function svgOf(raw: Float32Array, smooth: Float32Array, title = "Generator", label = "G_A", log = false): string {
  const scene = sceneOf([{ curve: { steps, raw, smooth }, stroke, faint: true }], { min: 1, max: 5 }, 800, log);
  return written(exportedChartOf({ title, axis: "Step", scene, legend: [{ label, stroke }], palette }));
}

const values = Float32Array.of(1, 2, 3, 2, 1);
const pointsOf = (svg: string): string[][] =>
  [...svg.slice(svg.indexOf('class="curves"')).matchAll(/<polyline points="([^"]*)"/g)].map(([, points]) =>
    points!.split(" "),
  );

/** Reads it as strictly as XML wants it, and gives the text of its `text` elements. */
function wellFormed(svg: string): string[] {
  const open: string[] = [];
  const texts: string[] = [];
  const body = svg.replace(/^<\?xml [^>]*\?>\n/, "");
  const token = /<(\/?)([a-zA-Z]+)((?: [a-zA-Z0-9:-]+="[^"<&]*(?:&#\d+;[^"<&]*)*")*)(\/?)>|([^<]+)/gy;
  let end = 0;
  for (const [whole, closing, name, , single, text] of body.matchAll(token)) {
    end += whole.length;
    if (text !== undefined) {
      expect(text.replace(/&#\d+;/g, "")).not.toMatch(/[&>]/);
      if (open.at(-1) === "text")
        texts.push(text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))));
    } else if (closing === "/") expect(open.pop()).toBe(name);
    else if (single !== "/") open.push(name!);
  }
  expect([end, open]).toEqual([body.length, []]);
  return texts;
}

test("is well-formed whatever the names are", () => {
  const hostile = `<script>&"'\u0000]]>`;
  expect(wellFormed(svgOf(values, values, hostile, hostile)).filter((text) => text.startsWith("<script>"))).toEqual([
    `<script>&"']]>`,
    `<script>&"']]>`,
  ]);
});

test("has its title, its legend, its axes and their numbers", () => {
  const texts = wellFormed(svgOf(values, values));
  expect(texts).toEqual(expect.arrayContaining(["Generator", "G_A", "Step", "1", "5", "2", "3"]));
});

test("has a line with every point, and a faint one behind it where there is smoothing", () => {
  expect(pointsOf(svgOf(values, values)).map(({ length }) => length)).toEqual([5]);
  const svg = svgOf(values, Float32Array.of(1, 1.5, 2, 2, 1.5));
  expect(pointsOf(svg).map(({ length }) => length)).toEqual([5, 5]);
  expect(svg).toContain("stroke-opacity");
});

test("points lie where their numbers say: equal ones at one height, higher ones higher", () => {
  const heights = pointsOf(svgOf(values, values))[0]!.map((point) => Number(point.split(",")[1]));
  expect(heights[0]).toBe(heights[4]);
  expect(heights[1]).toBeLessThan(heights[0]!);
  expect(heights[2]! - heights[1]!).toBeCloseTo(heights[1]! - heights[0]!, 1);
});

test("a log scale leaves out what it cannot show, and gives factors equal room", () => {
  const [points] = pointsOf(
    svgOf(Float32Array.of(0, 1, 10, 100, -1), Float32Array.of(0, 1, 10, 100, -1), "x", "x", true),
  );
  const heights = points!.map((point) => Number(point.split(",")[1]));
  expect(heights).toHaveLength(3);
  expect(heights[1]! - heights[0]!).toBeCloseTo(heights[2]! - heights[1]!, 1);
});
