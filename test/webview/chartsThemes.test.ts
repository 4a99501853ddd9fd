import { afterAll, expect, test } from "vitest";
import { until } from "../support/browser/until";
import { ChartsPage, stepsOf, written } from "./chartsPage";
import { comparisonOf } from "./support/comparison";
import { expectNoFaultsInAnyTheme } from "./support/everyTheme";
import { closeBrowser, openPage } from "./support/page";
import { exampleSnapshot, exampleView } from "./support/runs";
import { themes } from "./support/themes";

const snapshot = exampleSnapshot();

afterAll(closeBrowser);

test("the charts have no accessibility faults in any theme, with another run's curves, an open table and a hidden curve", async () => {
  const open = await openPage({ snapshot });
  const charts = new ChartsPage(open);
  const { run, steps } = exampleView({ id: "/data/runs/older", name: "older", steps: 300 });
  await open.send(comparisonOf([{ run, steps }]));
  await charts.chart("Generator").getByRole("button", { name: "older: A → B" }).click();
  await charts.chart("Cycle").getByRole("button", { name: "Cycle: table" }).click();
  await charts.plot("Cycle").focus();
  // A table of 20 rows has every colour that one of 200 has.
  for (let round = 0; round < 5; round++) await open.page.keyboard.press("+");
  await until("the zoom", async () => (await charts.chart("Cycle").locator("tbody tr").count()) <= 21 || undefined);
  await expectNoFaultsInAnyTheme(open);
  expect(open.errors()).toEqual([]);
  await open.close();
});

test("another theme draws the charts in its colours, without a reload", async () => {
  const open = await openPage({ snapshot, theme: "dark" });
  const charts = new ChartsPage(open);
  await charts.rangeIs(1, 640);
  expect((await charts.seen("Cycle")).svg).toContain(themes.dark.tokens["charts-blue"]);
  await open.setTheme("hc-light");
  const { svg } = await until("the new theme's colours", async () => {
    const seen = await charts.seen("Cycle");
    return seen.svg.includes(themes["hc-light"].tokens["charts-blue"]) ? seen : undefined;
  });
  expect(svg).not.toContain(themes.dark.tokens["editor-background"]);
  expect(svg).toContain('stroke-width="2.5"');
  expect(open.errors()).toEqual([]);
  await open.close();
});

test("a narrow panel keeps the charts inside it", async () => {
  const open = await openPage({ snapshot, width: 360, height: 800 });
  const charts = new ChartsPage(open);
  await charts.rangeIs(1, 640);
  expect(await charts.section.evaluate((section) => section.scrollWidth - section.clientWidth)).toBeLessThanOrEqual(0);
  await open.page.setViewportSize({ width: 430, height: 800 });
  await until("a wider chart", async () =>
    (await charts
      .plot("Cycle")
      .locator("canvas")
      .evaluate((canvas) => canvas.clientWidth)) > 360
      ? true
      : undefined,
  );
  expect(open.errors()).toEqual([]);
  await open.close();
});

test("the side view has a curve for the generator, the discriminator and the cycle, and says their latest values", async () => {
  const open = await openPage({ snapshot, view: "side", width: 320 });
  const steps = stepsOf(snapshot);
  const curve = open.page.getByRole("img", { name: /^Cycle\. Latest/ });
  const latest = Object.entries({ cycle_A: "A → B → A", cycle_B: "B → A → B" }).map(
    ([name, label]) => `${label}: ${written(steps.loss(name)[639]!)}`,
  );
  expect(await curve.getAttribute("aria-label")).toBe(`Cycle. Latest: ${latest.join(", ")}`);
  expect(await open.page.locator(".spark").count()).toBe(3);
  const drawn = await curve.evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) return 0;
    return canvas
      .getContext("2d")!
      .getImageData(0, 0, canvas.width, canvas.height)
      .data.filter((_, at) => at % 4 === 3)
      .filter((alpha) => alpha > 0).length;
  });
  expect(drawn).toBeGreaterThan(200);
  expect(open.errors()).toEqual([]);
  await open.close();
});
