import { afterAll, expect, test } from "vitest";
import { bytesText } from "../../webview/memory/bytes";
import { button, chart, exampleTheory, lastLine, legend, lines, openMemory, slider } from "./memoryPage";
import { expectNoFaultsInAnyTheme } from "./support/everyTheme";
import { eventually } from "./support/opened";
import { closeBrowser, type OpenPage, type PageOptions } from "./support/page";
import { exampleConfig, exampleSnapshot, exampleView } from "./support/runs";

afterAll(closeBrowser);

const stored = (depth: number, storedBlocks: number) =>
  exampleTheory.at({ depth, backprop: "recompute", storedBlocks });
/** In which 6 of the run's 9 blocks are stored. */
const memoryBudget = stored(9, 6).peak;
const config = { ...exampleConfig, network: { ...exampleConfig.network, memoryBudget } };
const measurement = {
  ...lines[0]!,
  depth: 9,
  backprop: "budget",
  budget: memoryBudget,
  storedBlocks: 6,
  measured: stored(9, 6),
  theory: stored(9, 6),
} as const;

async function openBudget(options: PageOptions = {}): Promise<OpenPage> {
  const memory = { lines: [measurement], measuring: null };
  const snapshot = { ...exampleSnapshot({ config }), shown: { ...exampleView({ config }), memory } };
  const open = await openMemory({ snapshot, ...options });
  await button(open, "Peak").click();
  return open;
}

test("a memory budget is a fourth curve, of its own dashes and marker, on which the training lies", async () => {
  const open = await openBudget();
  const curves = chart(open).locator(".memory-curve");
  const drawn = await curves.evaluateAll((all) =>
    all.map((curve) => {
      const element = curve as unknown as { dataset: { mode: string }; getAttribute(name: string): string };
      return { mode: element.dataset.mode, dashes: element.getAttribute("stroke-dasharray") };
    }),
  );
  expect(drawn.map(({ mode }) => mode)).toEqual(["store", "budget", "checkpoint", "recompute"]);
  expect(new Set(drawn.map(({ dashes }) => dashes)).size).toBe(4);
  // Beside the ends of the curves that reach the right edge.
  const named = await chart(open).locator(".memory-name").allTextContents();
  expect(named.map((name) => name.split(" ")[0])).toEqual(["store", "checkpoint", "recompute"]);
  const live = chart(open).locator(".memory-live");
  expect(await live.getAttribute("data-mode")).toBe("budget");
  expect(await live.getAttribute("data-bytes")).toBe(String(lastLine.bytes.peak));
  expect(await chart(open).locator(".memory-measured").getAttribute("data-bytes")).toBe(String(memoryBudget));
});

test("the legend names the budget, and has the theory within it", async () => {
  const open = await openBudget();
  const budget = bytesText(memoryBudget);
  expect(await legend(open)).toContain(`within the budget (${budget}) ${budget} ${budget} equal`);
  expect(await slider(open).getAttribute("aria-valuetext")).toContain(`; budget ${budget} by theory`);
  expect(await open.page.locator(".memory-sentence").innerText()).toBe(
    `9 blocks need ${budget} in all, within the budget of ${budget}; recomputing all would need ` +
      `${bytesText(stored(9, 0).peak)}, storing all ${bytesText(stored(9, 9).peak)}.`,
  );
});

test("another depth costs what it takes within the budget, and one beyond it is said to be so", async () => {
  const open = await openBudget();
  const costs = open.page.getByRole("group", { name: "What would depth cost here?" });
  const peaks = (): Promise<string[]> => costs.locator("tr[data-figure=peak] td").allInnerTexts();
  const start = costs.getByRole("button", { name: "New Run at This Depth" });
  const fitting = [0, 1, 2, 3, 4].map((each) => stored(4, each).peak).findLast((peak) => peak <= memoryBudget)!;
  await costs.getByRole("button", { name: "4 blocks", exact: true }).click();
  expect((await peaks()).slice(0, 2)).toEqual([bytesText(memoryBudget), bytesText(fitting)]);
  expect(stored(64, 0).peak).toBeGreaterThan(memoryBudget);
  await costs.getByRole("button", { name: "64 blocks", exact: true }).click();
  expect(await costs.locator("thead").innerText()).toContain("64 blocks: beyond the budget");
  await eventually("a disabled button", async () => (await start.getAttribute("aria-disabled")) === "true");
});

test("has a colour of its own in every theme, and no accessibility faults, its table open", async () => {
  const open = await openBudget();
  await open.page.locator(".memory summary").click();
  await open.page.locator(".memory-scroll table").waitFor();
  await expectNoFaultsInAnyTheme(open, async (theme) => {
    const colours = await chart(open)
      .locator(".memory-curve")
      .evaluateAll((all) =>
        all.map(
          (curve) =>
            (globalThis as unknown as { getComputedStyle(element: unknown): { stroke: string } }).getComputedStyle(
              curve,
            ).stroke,
        ),
      );
    expect(new Set(colours).size, theme).toBe(4);
    expect(colours.every((colour) => colour.startsWith("rgb"))).toBe(true);
  });
});
