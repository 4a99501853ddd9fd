import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../support/browser/until";
import { ChartsPage, stepsOf, written } from "./chartsPage";
import { closeBrowser, openPage, type OpenPage } from "./support/page";
import { exampleSnapshot } from "./support/runs";

const snapshot = exampleSnapshot();
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

test("four charts show both directions of each loss, with the latest values", async () => {
  expect(await charts.section.locator("article h3").allTextContents()).toEqual([
    "Generator",
    "Discriminator",
    "Cycle",
    "Identity",
  ]);
  const latest = (name: string) => written(steps.loss(name)[639]!);
  expect((await charts.legend("Cycle")).map((row) => row.slice(0, 2))).toEqual([
    ["A → B → A", latest("cycle_A")],
    ["B → A → B", latest("cycle_B")],
  ]);
  expect(await charts.chart("Cycle").locator("canvas").getAttribute("aria-label")).toBe(
    `Cycle. Latest, step 640: A → B → A: ${latest("cycle_A")}, B → A → B: ${latest("cycle_B")}`,
  );
});

test("hovering shows the values of the step under the pointer, in every chart", async () => {
  const box = (await charts.plot("Generator").locator(".u-over").boundingBox())!;
  await open.page.mouse.move(box.x + box.width * 0.25, box.y + 40);
  const place = await until(
    "a step under the cursor",
    async () => /^Step (\d+), epoch (\d+)$/.exec(await charts.place()) ?? undefined,
  );
  const step = Number(place[1]);
  expect(Math.abs(step - (1 + 639 * 0.25))).toBeLessThan(3);
  expect(Number(place[2])).toBe(steps.column("epoch")[step - 1]);
  for (const [title, name] of [
    ["Generator", "G_A"],
    ["Discriminator", "D_A"],
    ["Identity", "idt_A"],
  ] as const) {
    expect((await charts.legend(title))[0]![1]).toBe(written(steps.loss(name)[step - 1]!));
  }
  await open.page.mouse.move(2, 2);
  await charts.rangeIs(1, 640);
});

test("arrow keys read the values step by step, and a screen reader is told", async () => {
  await charts.plot("Discriminator").focus();
  await open.page.keyboard.press("ArrowLeft");
  await open.page.keyboard.press("ArrowLeft");
  await open.page.keyboard.press("ArrowLeft");
  expect(await charts.place()).toMatch(/^Step 638,/);
  const [judgeB, judgeA] = ["D_A", "D_B"].map((name) => written(steps.loss(name)[637]!));
  expect((await charts.legend("Discriminator")).map((row) => row[1])).toEqual([judgeB, judgeA]);
  const said = `Step 638, epoch 10. judges B: ${judgeB!}, judges A: ${judgeA!}`;
  await until("the announcement", async () =>
    (await charts.section.locator("[aria-live=polite]").textContent()) === said ? true : undefined,
  );
  await open.page.keyboard.press("Home");
  expect(await charts.place()).toMatch(/^Step 1,/);
  await open.page.keyboard.press("Escape");
  await charts.rangeIs(1, 640);
});

test("dragging zooms all charts to what was dragged over, a double click shows everything again", async () => {
  const box = (await charts.plot("Generator").locator(".u-over").boundingBox())!;
  await open.page.mouse.move(box.x + box.width * 0.25, box.y + 50);
  await open.page.mouse.down();
  await open.page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 5 });
  await open.page.mouse.up();
  await open.page.mouse.move(2, 2);
  const [first, last] = await charts.rangeAfter([1, 640]);
  expect([Math.abs(first - 161) < 4, Math.abs(last - 320) < 4]).toEqual([true, true]);
  const { lines } = await charts.seen("Identity");
  expect(lines.every(({ points }) => points <= last - first + 3)).toBe(true);
  await open.page.mouse.dblclick(box.x + box.width * 0.5, box.y + 50);
  await open.page.mouse.move(2, 2);
  await charts.rangeIs(1, 640);
});

test("keys zoom, move and reset the range", async () => {
  await charts.plot("Cycle").focus();
  await open.page.keyboard.press("+");
  const zoomed = await charts.rangeAfter([1, 640]);
  expect(zoomed[1] - zoomed[0]).toBeLessThan(330);
  await open.page.keyboard.press("Shift+ArrowLeft");
  const moved = await charts.rangeAfter(zoomed);
  expect(moved[0]).toBeLessThan(zoomed[0]);
  expect(Math.abs(moved[1] - moved[0] - (zoomed[1] - zoomed[0]))).toBeLessThanOrEqual(1);
  await open.page.keyboard.press("-");
  await charts.rangeAfter(moved);
  await open.page.keyboard.press("0");
  await charts.rangeIs(1, 640);
});

test("the wheel zooms with Ctrl and moves with Shift; alone it moves the page", async () => {
  await charts
    .plot("Generator")
    .locator(".u-over")
    .hover({ position: { x: 10, y: 40 } });
  await open.page.mouse.wheel(0, 40);
  await until("the page to move", async () => ((await open.page.evaluate(() => scrollY)) > 0 ? true : undefined));
  await open.page.mouse.move(2, 2);
  await charts.rangeIs(1, 640);
  await charts
    .plot("Generator")
    .locator(".u-over")
    .hover({ position: { x: 10, y: 40 } });
  await open.page.keyboard.down("Control");
  await open.page.mouse.wheel(0, -300);
  await open.page.keyboard.up("Control");
  await open.page.mouse.move(2, 2);
  const zoomed = await charts.rangeAfter([1, 640]);
  expect(zoomed[0]).toBeLessThan(30);
  expect(zoomed[1]).toBeLessThan(600);
  await charts
    .plot("Generator")
    .locator(".u-over")
    .hover({ position: { x: 10, y: 40 } });
  await open.page.keyboard.down("Shift");
  await open.page.mouse.wheel(0, 100);
  await open.page.keyboard.up("Shift");
  await open.page.mouse.move(2, 2);
  const moved = await charts.rangeAfter(zoomed);
  expect(moved[0]).toBeGreaterThan(zoomed[0]);
  await open.page.getByRole("button", { name: "Reset zoom" }).click();
  await charts.rangeIs(1, 640);
});

test("a button of the legend hides its curve and shows it again", async () => {
  const button = charts.chart("Generator").getByRole("button", { name: /^A → B \S/ });
  const strokes = async (): Promise<string[]> => [
    ...new Set((await charts.seen("Generator")).lines.map(({ stroke }) => stroke)),
  ];
  const both = await strokes();
  expect(both).toHaveLength(2);
  await button.click();
  await until("one curve less", async () => ((await strokes()).length === 1 ? true : undefined));
  expect(await button.getAttribute("aria-pressed")).toBe("false");
  await button.press("Enter");
  await until("both curves", async () => ((await strokes()).length === 2 ? true : undefined));
  expect(await button.getAttribute("aria-pressed")).toBe("true");
});

test("smoothing draws the curve over its faint original, and says the smoothed value", async () => {
  const slider = charts.section.getByRole("slider", { name: "Smoothing" });
  await slider.fill("0");
  await until("two lines", async () => ((await charts.seen("Cycle")).lines.length === 2 ? true : undefined));
  expect((await charts.legend("Cycle"))[0]![2]).toBe("");
  await slider.fill("0.9");
  await until("four lines", async () => ((await charts.seen("Cycle")).lines.length === 4 ? true : undefined));
  let [average, missing] = [0, 1];
  for (const value of steps.loss("cycle_A")) {
    average = average * 0.9 + 0.1 * value;
    missing *= 0.9;
  }
  expect((await charts.legend("Cycle"))[0]![2]).toBe(`smoothed ${written(average / (1 - missing))}`);
});

test("a log scale gives other heights and factors at its axis", async () => {
  const linear = await charts.seen("Cycle");
  await charts.section.getByRole("checkbox", { name: "Log scale" }).click();
  const log = await until("a log scale", async () => {
    const seen = await charts.seen("Cycle");
    return seen.texts.join() === linear.texts.join() ? undefined : seen;
  });
  expect(linear.texts).toContain("0");
  expect(log.texts).not.toContain("0");
  expect(log.svg).not.toContain("NaN");
});
