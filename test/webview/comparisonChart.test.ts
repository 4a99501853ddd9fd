import sharp from "sharp";
import { afterAll, expect, test } from "vitest";
import { until } from "../support/browser/until";
import {
  button,
  compared,
  comparison,
  cyclegan,
  deeper,
  own,
  points,
  readout,
  saved,
  section,
  slider,
  table,
} from "./comparisonPage";
import { closeBrowser } from "./support/page";
import { exampleSummary } from "./support/runs";

afterAll(closeBrowser);

test("every run is a marker at its cost and quality, of its kind's shape, against each cost", async () => {
  const open = await compared();
  const expected = {
    parameters: [6_826_502, 12_139_526, 22_756_358, 11_378_179],
    peakBytes: [351_100_000, 436_000_000, 832_500_000, 397_600_000],
    secondsPerStep: [9.48, 13.1, 10.2, 5.31],
  };
  for (const [chart, costs] of Object.values(expected).entries()) {
    const drawn = await points(open, chart);
    expect(drawn.map(({ cost, quality: mae }) => [cost, mae])).toEqual(
      costs.map((cost, i) => [cost, [19.8, 18.4, 20.9, 19.1][i]]),
    );
    // Places are linear in the figures: those of two runs give the third's.
    const [one, two, three] = drawn as [(typeof drawn)[0], (typeof drawn)[0], (typeof drawn)[0]];
    expect(three.x).toBeCloseTo(one.x + ((three.cost - one.cost) / (two.cost - one.cost)) * (two.x - one.x), 0);
    expect(three.y).toBeCloseTo(
      one.y + ((three.quality - one.quality) / (two.quality - one.quality)) * (two.y - one.y),
      0,
    );
  }
  expect(
    await section(open)
      .locator(".comparison-svg > g > g:nth-of-type(1) .comparison-point")
      .evaluateAll((all) => all.map(({ tagName }) => tagName)),
  ).toEqual(["circle", "circle", "rect", "path"]);
});

test("measure and direction are chosen, and a run without the figure is left out", async () => {
  const open = await compared();
  await button(open, "SSIM").click();
  expect((await points(open, 0)).map(({ quality: ssim }) => ssim)).toEqual([0.58, 0.61, 0.55, 0.6]);
  await button(open, "B to A").click();
  expect((await points(open, 0)).map(({ run, quality: ssim }) => [run, ssim])).toEqual([
    ["nuclei", 0.56],
    ["deeper", 0.58],
    ["cyclegan", 0.54],
  ]);
  expect(await section(open).locator(".comparison-svg").textContent()).toContain("SSIM, B to A (higher is better)");
  expect([
    await button(open, "SSIM").getAttribute("aria-pressed"),
    await button(open, "MAE").getAttribute("aria-pressed"),
  ]).toEqual(["true", "false"]);
  // What no run was judged by is not offered.
  expect(await button(open, "Class IoU").count()).toBe(0);
});

test("label maps are compared by their pixels and classes, too", async () => {
  const more = { pixelAccuracy: 0.91, classAccuracy: 0.8, classIoU: 0.72 };
  const open = await compared(
    {},
    comparison({ labels: { ...own, metrics: { AtoB: { ...own.metrics.AtoB, ...more } } } }),
  );
  await button(open, "Class IoU").click();
  expect((await points(open, 0)).map(({ run, quality: iou }) => [run, iou])).toEqual([["labels", 0.72]]);
});

test("the line goes along the runs that no other beats in both", async () => {
  const open = await compared();
  const corners = (chart: number): Promise<string[][]> =>
    section(open)
      .locator(`.comparison-svg > g > g:nth-of-type(${chart + 1}) .comparison-frontier`)
      .evaluateAll((paths) => paths.map((path) => path.getAttribute("d")!.split(/[ML]/).slice(1)));
  // Against parameters: 1, 4 and 2; against time: 4 and 2.
  expect((await corners(0)).map((path) => path.length)).toEqual([3]);
  expect((await corners(2)).map((path) => path.length)).toEqual([2]);
});

test("arrow keys go from run to run, which is ringed, marked in the table, read and said", async () => {
  const open = await compared();
  await slider(open).focus();
  expect(await slider(open).getAttribute("aria-valuemax")).toBe("4");
  await open.page.keyboard.press("ArrowRight");
  await open.page.keyboard.press("ArrowRight");
  const words = "2 deeper (RevGAN): MAE 18.40, Parameters 12,139,526, Peak memory 436 MB, Seconds a step 13.1";
  expect([
    await slider(open).getAttribute("aria-valuenow"),
    await slider(open).getAttribute("aria-valuetext"),
    await readout(open),
  ]).toEqual(["2", words, words]);
  expect(await section(open).locator(".comparison-ring").count()).toBe(3);
  expect(await table(open).locator(".comparison-looked th").innerText()).toContain("deeper");
  await open.page.keyboard.press("End");
  expect(await slider(open).getAttribute("aria-valuenow")).toBe("4");
  await open.page.keyboard.press("Escape");
  expect(await section(open).locator(".comparison-ring").count()).toBe(0);
});

test("the pointer reads the run that is nearest, and none far from all", async () => {
  const open = await compared();
  await section(open).locator(".comparison-svg").scrollIntoViewIfNeeded();
  const at = (await points(open, 1))[2]!;
  await open.page.mouse.move(at.x + 6, at.y + 6);
  expect(await readout(open)).toContain("3 cyclegan (CycleGAN): MAE 20.90");
  await open.page.mouse.move(at.x - 90, at.y + 60);
  expect(await readout(open)).toContain("Point at a marker");
});

test("the charts are saved as pictures that stand alone, with the names of the runs", async () => {
  const open = await compared({ theme: "light" }, comparison({ 'a "1" <b>': deeper, cyclegan }));
  const svg = (await saved(open, "Save Comparison as SVG")).content.toString();
  const root = await open.page.evaluate(
    `(() => { const { documentElement } = new DOMParser().parseFromString(${JSON.stringify(svg)}, "image/svg+xml"); return [documentElement.tagName, documentElement.querySelectorAll("parsererror").length, documentElement.textContent]; })()`,
  );
  expect(root).toEqual(["svg", 0, expect.stringContaining('2  a "1" <b> (RevGAN)3  cyclegan (CycleGAN)')]);
  expect(svg).not.toMatch(/var\(|currentcolor|class=|<script|style=/i);
  const { name, content } = await saved(open, "Save Comparison as PNG").then(async () => {
    const message = await until("a PNG", () =>
      Promise.resolve(open.sent().findLast((each) => each.type === "save" && each.name.endsWith(".png"))),
    );
    return message.type === "save"
      ? { name: message.name, content: Buffer.from(message.base64, "base64") }
      : { name: "", content: Buffer.alloc(0) };
  });
  expect(name).toBe(`${exampleSummary().name}-comparison.png`);
  const { data, info } = await sharp(content).raw().toBuffer({ resolveWithObject: true });
  const colours = new Set<number>();
  for (let at = 0; at < data.length; at += info.channels) colours.add(data.readUIntBE(at, 3));
  // The editor's background, and the colours of the three runs.
  for (const colour of [0xffffff, 0x0063d3, 0x388a34, 0x652d90])
    expect(colours.has(colour), colour.toString(16)).toBe(true);
});
