import { afterAll, expect, test } from "vitest";
import { parseConfig } from "../../extension/configuration/config";
import { memoryParts } from "../../extension/protocol/memoryParts";
import { MemoryTheory } from "../../extension/trainer/memoryTheory/memoryTheory";
import { bytesText } from "../../webview/memory/bytes";
import {
  button,
  chart,
  exampleTheory,
  giveStep,
  lastLine,
  legend,
  lines,
  measured,
  openMemory,
  slider,
  snapshotWith,
} from "./memoryPage";
import { expectNoFaultsInAnyTheme } from "./support/everyTheme";
import { eventually, focusedName, opened, says } from "./support/opened";
import { closeBrowser } from "./support/page";
import { exampleSnapshot, exampleSummary } from "./support/runs";

afterAll(closeBrowser);

const run = exampleSummary();

test("the memory view has no accessibility faults in any theme, its table and readout open", async () => {
  const open = await openMemory();
  await slider(open).focus();
  await open.page.keyboard.press("ArrowLeft");
  await open.page.locator(".memory summary").click();
  await open.page.locator(".memory-scroll table").waitFor();
  await expectNoFaultsInAnyTheme(open);
});

test("a sentence says what recomputing needs and what storing would", async () => {
  const open = await openMemory();
  const [recompute, store] = (["recompute", "store"] as const).map(
    (backprop) => `${Math.round(exampleTheory.at({ depth: 9, backprop }).peak / 1e6)} MB`,
  );
  expect(await open.page.locator(".memory-sentence").innerText()).toBe(
    `Recomputing needs ${recompute} at depth 9; storing would need ${store} (theory).`,
  );
});

const storing = [
  [{ kind: "cyclegan", width: 32 }, 9],
  [{ kind: "pix2pix", generator: "unet128", width: 16 }, 7],
] as const;

test.each(storing)(
  "a network that is not reversible has one way, and its sentence says so: %o",
  async (network, depth) => {
    const config = { network, data: { loadSize: null, cropSize: 128 } };
    const { peak } = new MemoryTheory(parseConfig(config, "")).at({ depth, backprop: "store" });
    const open = await openMemory({ snapshot: exampleSnapshot({ config }) });
    expect(await open.page.locator(".memory-sentence").innerText()).toBe(
      `This network needs ${bytesText(peak)} at depth ${depth} (theory). It is not reversible, so everything is stored.`,
    );
    expect(await chart(open).locator(".memory-curve").count()).toBe(1);
    expect(await legend(open)).toMatch(/^(?!.*checkpoint).*store/);
  },
);

test("a run without a theory is told of, and still has its point", async () => {
  const example = { config: { mode: "unpaired", data: { path: "x", cropSize: null } } };
  const open = await opened({ snapshot: exampleSnapshot(example) });
  await open.page.getByText("There is no theory for this run: data.cropSize is null").waitFor();
  expect(await chart(open).locator(".memory-live").count()).toBe(1);
});

test("the table has the bytes of every measurement and their theory", async () => {
  const open = await openMemory();
  await open.page.locator(".memory summary").click();
  await open.page.locator(".memory-scroll table").waitFor();
  for (const {
    depth,
    backprop,
    measured: { peak },
    theory,
    residentBytes,
  } of lines) {
    const cells = open.page.locator(`.memory-scroll tr[data-depth="${depth}"][data-mode="${backprop}"] td`);
    expect(
      await cells.evaluateAll((all) =>
        all.map((cell) => (cell as unknown as { dataset: { bytes?: string } }).dataset.bytes),
      ),
    ).toEqual([undefined, String(theory.peak), String(peak), undefined, String(residentBytes)]);
    expect(await cells.nth(3).innerText()).toBe("+2.0%");
  }
  expect(await open.page.locator('.memory-scroll tr[data-depth="9"] td:nth-child(4)').allInnerTexts()).toEqual([
    "–",
    "–",
    "–",
  ]);
});

test("the bar's parts sum to the peak and to its whole width, and the table beside it has the same bytes", async () => {
  const open = await openMemory();
  const segments = open.page.locator(".memory-breakdown .parts-segment");
  const drawn = await segments.evaluateAll((all) =>
    all.map((one) => {
      const { dataset, width } = one as unknown as {
        dataset: { part: string; bytes: string };
        width: { baseVal: { value: number } };
      };
      return { part: dataset.part, bytes: Number(dataset.bytes), width: width.baseVal.value };
    }),
  );
  expect(drawn.map(({ part }) => part)).toEqual(memoryParts);
  expect(drawn.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(lastLine.bytes.peak);
  const bar = await open.page.locator(".memory-breakdown .parts-bar").boundingBox();
  expect(drawn.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(bar!.width, 0);
  const cells = await open.page
    .locator(".parts-table td[data-part]")
    .evaluateAll((all) => all.map((cell) => Number((cell as unknown as { dataset: { bytes: string } }).dataset.bytes)));
  expect(cells).toEqual(drawn.map(({ bytes }) => bytes));
});

test("a measurement is started, watched and cancelled, and the focus stays with its buttons", async () => {
  const open = await opened({ snapshot: snapshotWith({ lines: [], measuring: null }, { state: "finished" }) });
  await button(open, "Measure Memory by Depth").focus();
  await open.page.keyboard.press("Enter");
  await says(open, { type: "act", action: "measureMemory", run: run.id });
  await open.send({
    type: "memory",
    run: run.id,
    memory: { lines: lines.slice(0, 3), measuring: { done: 3, of: 12 } },
  });
  const progress = open.page.getByRole("progressbar", { name: "Measuring memory by depth" });
  await progress.waitFor();
  expect(
    await progress.evaluate((bar) => [
      (bar as unknown as { value: number; max: number }).value,
      (bar as unknown as { max: number }).max,
    ]),
  ).toEqual([3, 12]);
  expect(await open.page.locator(".memory-progress").innerText()).toContain("3 of 12");
  expect(await chart(open).locator(".memory-measured").count()).toBe(3);
  expect(await focusedName(open)).toBe("Cancel");
  await open.page.keyboard.press("Enter");
  await says(open, { type: "act", action: "cancelMeasurement", run: run.id });
  await open.send({ type: "memory", run: run.id, memory: { lines, measuring: null } });
  await eventually("the button back", async () => (await focusedName(open)) === "Measure Memory by Depth");
});

test("what cannot be measured now is not asked for", async () => {
  const open = await openMemory();
  const before = open.sent().length;
  await button(open, "Measure Memory by Depth").focus();
  await open.page.keyboard.press("Enter");
  await giveStep(open, { ...lastLine, step: 641 });
  expect(
    open
      .sent()
      .slice(before)
      .filter(({ type }) => type === "act"),
  ).toEqual([]);
});

test("the side view has the peak, the process and a thin bar", async () => {
  const open = await opened({ view: "side", width: 220, snapshot: measured });
  const memory = open.page.getByRole("region", { name: "Memory", exact: true });
  expect((await memory.innerText()).replace(/\s+/g, " ")).toBe("tensors 178 MB resident 620 MB");
  expect(await memory.getByRole("img").getAttribute("aria-label")).toContain(
    "Peak of 178 MB: weights 11.0%, Adam's moments 22.1%",
  );
  await giveStep(open, { ...lastLine, step: 641, residentBytes: 700_000_000 });
  await eventually("the new figure", async () => (await memory.innerText()).includes("resident 700 MB"));
});
