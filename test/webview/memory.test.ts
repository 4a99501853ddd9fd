import type { Locator } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { parseConfig } from "../../extension/configuration/config";
import type { MemoryShares } from "../../extension/protocol/lines";
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
import { closeBrowser, type OpenPage } from "./support/page";
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

test("a sentence says what depth costs, of the quantity in the chart", async () => {
  const open = await openMemory();
  const at = (backprop: "recompute" | "store", depth = 16) => exampleTheory.at({ depth, backprop });
  const [kept, stored] = [at("recompute"), at("store")].map((needs) => bytesText(needs.largestActivations));
  expect(await open.page.locator(".memory-sentence").innerText()).toBe(
    `16 blocks keep what 2 do, ${kept}; storing would take ${stored}.`,
  );
  await button(open, "Peak").click();
  const more = bytesText(at("recompute").peak - at("recompute", 2).peak);
  expect(await open.page.locator(".memory-sentence").innerText()).toBe(
    `16 blocks need ${bytesText(at("recompute").peak)} in all, ${more} more than 2: weights, moments and gradients; ` +
      `storing would need ${bytesText(at("store").peak)}.`,
  );
});

const storing = [
  [{ kind: "cyclegan", width: 32 }, 16],
  [{ kind: "pix2pix", generator: "unet128", width: 16 }, 7],
] as const;

test.each(storing)(
  "a network that is not reversible has one way, and its sentence says so: %o",
  async (network, depth) => {
    const config = { network: { ...network, depth }, data: { loadSize: null, cropSize: 128 } };
    const { largestActivations } = new MemoryTheory(parseConfig(config, "")).at({ depth, backprop: "store" });
    const open = await openMemory({ snapshot: exampleSnapshot({ config }) });
    const sentence = await open.page.locator(".memory-sentence").innerText();
    expect(sentence).toContain("not reversible");
    expect(sentence).toContain(bytesText(largestActivations));
    expect(await costs(open).isVisible()).toBe(network.kind === "cyclegan");
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
  await button(open, "Peak").click();
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

const costs = (open: OpenPage): Locator => open.page.getByRole("group", { name: "What would depth cost here?" });
const depthSlider = (open: OpenPage): Locator => costs(open).getByRole("slider", { name: "Number of blocks" });
const figure = (open: OpenPage, name: string): Promise<string[]> =>
  costs(open).locator(`tr[data-figure=${name}] td`).allInnerTexts();

test("a depth is chosen by keys and marks, and its cost stands beside the present one", async () => {
  const open = await openMemory();
  expect(await depthSlider(open).getAttribute("aria-valuetext")).toBe("16 blocks");
  const peaks = (depths: readonly number[]) =>
    depths.map((depth) => exampleTheory.at({ depth, backprop: "recompute" }));
  const [now, then] = peaks([9, 17]) as [MemoryShares, MemoryShares];
  await depthSlider(open).focus();
  await open.page.keyboard.press("ArrowRight");
  expect(await depthSlider(open).getAttribute("aria-valuetext")).toBe("17 blocks");
  expect(await figure(open, "peak")).toEqual([
    bytesText(now.peak),
    bytesText(then.peak),
    `+${bytesText(then.peak - now.peak)}`,
  ]);
  const same = bytesText(now.largestActivations);
  expect(await figure(open, "largestActivations")).toEqual([same, same, "none"]);
  const chosen = chart(open).locator("circle.memory-chosen");
  expect(await chosen.getAttribute("data-bytes")).toBe(String(then.largestActivations));
  // 2560 steps of about 0.31 s: more blocks take longer.
  expect((await figure(open, "seconds"))[0]).toBe("13 min");
  expect((await figure(open, "secondsPerStep"))[2]).toMatch(/^\+0\.\d+ s$/);
  for (const depth of [4, 64]) {
    await costs(open)
      .getByRole("button", { name: `${depth} blocks`, exact: true })
      .click();
    expect(await depthSlider(open).getAttribute("aria-valuetext")).toBe(`${depth} blocks`);
  }
});

test("a new run at the chosen depth is the host's to write, and of the present depth there is none", async () => {
  const open = await openMemory();
  const start = button(open, "New Run at This Depth");
  await costs(open).getByRole("button", { name: "64 blocks" }).click();
  await start.click();
  await says(open, { type: "newRunAtDepth", run: run.id, depth: 64 });
  await depthSlider(open).fill("8");
  expect(await depthSlider(open).getAttribute("aria-valuetext")).toBe("9 blocks");
  const before = open.sent().length;
  await start.focus();
  await open.page.keyboard.press("Enter");
  await depthSlider(open).focus();
  expect(open.sent().slice(before)).toEqual([]);
});

test("where no files can be written the configuration is offered to be copied and saved", async () => {
  const open = await openMemory({ snapshot: { ...measured, actions: [] } });
  await button(open, "New Run at This Depth").click();
  await says(open, { type: "configuration", run: run.id, depth: 16 });
  const text = '{\n  "network": { "depth": 16 }\n}\n';
  await open.send({ type: "configuration", run: run.id, depth: 16, name: "depth-16.revgan.json", text });
  const offer = costs(open).getByRole("textbox", { name: "Configuration" });
  await offer.waitFor();
  expect(await offer.inputValue()).toBe(text);
  expect(await focusedName(open)).toBe("Configuration");
  await expectNoFaultsInAnyTheme(open);
  await costs(open).getByRole("button", { name: "Save" }).click();
  await says(open, {
    type: "save",
    name: "depth-16.revgan.json",
    base64: Buffer.from(text).toString("base64"),
  });
  // Another depth is another configuration.
  await costs(open).getByRole("button", { name: "4 blocks", exact: true }).click();
  expect(await offer.isVisible()).toBe(false);
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
