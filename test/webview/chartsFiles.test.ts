import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { ChartsPage, stepsOf, written } from "./chartsPage";
import { closeBrowser, openPage, type OpenPage } from "./support/page";
import { exampleSnapshot } from "./support/runs";
import { themes } from "./support/themes";

const snapshot = exampleSnapshot({ name: "a/b: <run>" });
const steps = stepsOf(snapshot);

let open: OpenPage;
let charts: ChartsPage;

beforeEach(async () => {
  open = await openPage({ snapshot });
  charts = new ChartsPage(open);
  await charts.rangeIs(1, 640);
});

afterEach(async () => {
  expect(open.errors()).toEqual([]);
  await open.close();
});

afterAll(closeBrowser);

test("the table behind a chart has the data's numbers, the first step and the last among them", async () => {
  const button = charts.chart("Generator").getByRole("button", { name: "Generator: table" });
  await button.click();
  expect(await button.getAttribute("aria-expanded")).toBe("true");
  const table = charts.chart("Generator").getByRole("table");
  expect(await table.locator("caption").textContent()).toBe(
    "Generator: 200 steps, evenly taken from the 640 that the chart shows",
  );
  const rows = await table
    .locator("tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
  expect(rows).toHaveLength(200);
  expect([rows[0]![0], rows.at(-1)![0]]).toEqual(["1", "640"]);
  for (const [step, ...values] of rows) {
    expect(values).toEqual(["G_A", "G_B"].map((name) => written(steps.loss(name)[Number(step) - 1]!)));
  }
  expect(
    await table.locator("thead th").evaluateAll((cells) => cells.map((cell) => cell.getAttribute("scope"))),
  ).toEqual(["col", "col", "col"]);
  expect(await table.locator("tbody th").first().getAttribute("scope")).toBe("row");
});

test("a chart is saved as a PNG on the theme's background", async () => {
  const { name, bytes } = await charts.saved("Save Cycle as PNG");
  expect(name).toBe("a-b- -run-cycle.png");
  const pixels = await open.page.evaluate(
    async (address) => {
      const image = new Image();
      image.src = address;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width, image.height];
      const context = canvas.getContext("2d")!;
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      const colours = new Set<string>();
      for (let at = 0; at < data.length; at += 4)
        colours.add([data[at], data[at + 1], data[at + 2], data[at + 3]].join());
      return { width: image.width, height: image.height, corner: [...data.slice(0, 4)], colours: [...colours] };
    },
    `data:image/png;base64,${bytes.toString("base64")}`,
  );
  const rgb = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  const { tokens } = themes.dark;
  expect(pixels.corner).toEqual([...rgb(tokens["editor-background"]), 255]);
  expect(pixels.colours).toContain([...rgb(tokens["charts-blue"]), 255].join());
  // Large enough for print, whatever the size of the panel is.
  expect(pixels.width).toBeGreaterThan(1600);
  expect(pixels.height).toBeGreaterThan(800);
});

test("a chart is saved as an SVG that any program reads, with its title, legend and axes", async () => {
  const { name, bytes } = await charts.saved("Save Cycle as SVG");
  expect(name).toBe("a-b- -run-cycle.svg");
  const read = await open.page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
    return {
      fault: parsed.querySelector("parsererror")?.textContent ?? null,
      texts: [...parsed.querySelectorAll("text")].map(({ textContent }) => textContent),
      lines: parsed.querySelectorAll(".curves polyline").length,
    };
  }, bytes.toString());
  expect(read.fault).toBeNull();
  expect(read.texts).toEqual(expect.arrayContaining(["Cycle", "A → B → A", "B → A → B", "Step", "200"]));
  expect(read.lines).toBe(4);
});

test("the metrics are saved as CSV: all steps, all columns", async () => {
  const { name, bytes } = await charts.saved("Save CSV");
  expect(name).toBe("a-b- -run-metrics.csv");
  const [head, ...rows] = bytes
    .toString()
    .trimEnd()
    .split("\r\n")
    .map((row) => row.split(","));
  expect(head).toEqual([
    "step",
    "epoch",
    "time",
    "seconds",
    "learningRate",
    "live",
    "peak",
    "resident",
    ...steps.losses,
  ]);
  expect(rows).toHaveLength(640);
  rows.forEach((row, index) => {
    expect([row[0], row[6]].map(Number)).toEqual([index + 1, steps.column("peak")[index]]);
    expect(Date.parse(row[2]!)).toBe(steps.column("time")[index]);
    expect(row.slice(8).map((text) => Math.fround(Number(text)))).toEqual(
      steps.losses.map((loss) => steps.loss(loss)[index]),
    );
  });
});
