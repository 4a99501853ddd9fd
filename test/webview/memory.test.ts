import type { Locator } from "playwright-core";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import { parseConfig } from "../../extension/protocol/config";
import { parts } from "../../extension/protocol/parts";
import { MemoryTheory } from "../../extension/trainer/theory/costs";
import { bytesText } from "../../webview/memory/bytes";
import { accessibilityFaults } from "../support/browser/axe";
import { until } from "../support/browser/until";
import { chart, exampleTheory, giveStep, lastLine, lines, measured, openMemory, snapshotWith } from "./memoryPage";
import { eventually, focusedName, opened, says } from "./support/opened";
import { closeBrowser, type OpenPage } from "./support/page";
import { exampleSnapshot, exampleSummary } from "./support/runs";
import { themeNames } from "./support/themes";

afterAll(closeBrowser);

const run = exampleSummary();
const slider = (open: OpenPage): Locator =>
  open.page.getByRole("slider", { name: "Memory against depth: number of blocks" });
const button = (open: OpenPage, name: string): Locator =>
  open.page.locator(".memory").getByRole("button", { name, exact: true });
const cursor = (open: OpenPage): Locator => open.page.locator(".memory-cursor");
const legend = async (open: OpenPage): Promise<string> =>
  (await open.page.getByRole("table", { name: "Legend and values" }).innerText()).replace(/\s+/g, " ").trim();
const number = async (element: Locator, name: string): Promise<number> => Number(await element.getAttribute(name));

/** Where a marker stands, in the chart's own pixels. */
async function placeOf(open: OpenPage, marker: Locator): Promise<{ x: number; y: number }> {
  const [of, box] = await Promise.all([marker.boundingBox(), chart(open).boundingBox()]);
  return { x: of!.x + of!.width / 2 - box!.x, y: of!.y + of!.height / 2 - box!.y };
}

/** Reads a place in the chart from the numbers at its axes. */
async function scaleOf(open: OpenPage): Promise<(place: { x: number; y: number }) => { depth: number; bytes: number }> {
  const labels = await chart(open)
    .locator(".memory-axes text")
    .evaluateAll((texts) =>
      texts.map((text) => {
        const element = text as unknown as { textContent: string; getAttribute(name: string): string };
        return {
          text: element.textContent,
          x: Number(element.getAttribute("x")),
          y: Number(element.getAttribute("y")),
          anchor: element.getAttribute("text-anchor"),
        };
      }),
    );
  const bytes = labels
    .filter(({ anchor }) => anchor === "end")
    .map(({ text, y }) => ({ value: Number(text.replace(" MB", "")) * 1e6, at: y - 4 }));
  const depths = labels
    .filter(({ text }) => /^\d+$/.test(text))
    .filter(({ anchor }) => anchor === "middle")
    .map(({ text, x }) => ({ value: Number(text), at: x }));
  const between = (ticks: { value: number; at: number }[], at: number): number => {
    const [first, last] = [ticks[0]!, ticks.at(-1)!];
    return first.value + ((at - first.at) / (last.at - first.at)) * (last.value - first.value);
  };
  return ({ x, y }) => ({ depth: between(depths, x), bytes: between(bytes, y) });
}

/** What was asked to be saved last. */
async function saved(open: OpenPage): Promise<{ name: string; content: Buffer }> {
  const message = await until("a file", () => Promise.resolve(open.sent().findLast((each) => each.type === "save")));
  return { name: message.name, content: Buffer.from(message.base64, "base64") };
}

describe.each(themeNames)("in the theme %s", (theme) => {
  test("the memory view has no accessibility faults, its table and readout open", async () => {
    const open = await openMemory({ theme });
    await slider(open).focus();
    await open.page.keyboard.press("ArrowLeft");
    await open.page.locator(".memory summary").click();
    await open.page.locator(".memory-scroll table").waitFor();
    expect(await accessibilityFaults(open.page)).toEqual([]);
  });
});

test("the training is a point at its depth and its peak, with the process beside it", async () => {
  const open = await openMemory();
  const [live, resident] = [chart(open).locator(".memory-live"), chart(open).locator(".memory-resident")];
  expect([await number(live, "data-depth"), await number(live, "data-bytes")]).toEqual([9, lastLine.bytes.peak]);
  expect([await number(resident, "data-depth"), await number(resident, "data-bytes")]).toEqual([
    9,
    lastLine.residentBytes,
  ]);
  const read = (await scaleOf(open))(await placeOf(open, live));
  expect(read.depth).toBeCloseTo(9, 1);
  expect(Math.abs(read.bytes - lastLine.bytes.peak)).toBeLessThan(1e6);
  expect(await chart(open).textContent()).toContain("now 178 MB");
  // Far above all tensors: at the edge, and said so.
  expect(await chart(open).textContent()).toContain("resident 620 MB, beyond the chart");
});

test("the point moves with the training, and nothing else is drawn again", async () => {
  const open = await openMemory();
  const live = chart(open).locator(".memory-live");
  const before = await placeOf(open, live);
  await open.page.evaluate(
    `window.marked = [...document.querySelectorAll(".memory-svg .memory-curve, .memory-pulse")]`,
  );
  await giveStep(open, {
    ...lastLine,
    step: 641,
    bytes: {
      ...lastLine.bytes,
      peak: lastLine.bytes.peak - 40_000_000,
      peakByPart: { ...lastLine.bytes.peakByPart, decoders: 1_943_040 },
    },
  });
  await eventually(
    "the new point",
    async () => (await number(live, "data-bytes")) === lastLine.bytes.peak - 40_000_000,
  );
  const after = await placeOf(open, live);
  expect(after.x).toBeCloseTo(before.x, 0);
  expect(after.y).toBeGreaterThan(before.y + 10);
  expect(await open.page.evaluate("window.marked.map((element) => element.isConnected)")).toEqual([
    true,
    true,
    true,
    true,
  ]);
});

test("every measurement is a marker of its own shape, at its depth and bytes", async () => {
  const open = await openMemory();
  const markers = chart(open).locator(".memory-measured");
  const drawn = await markers.evaluateAll((all) =>
    all.map((one) => {
      const { dataset, tagName } = one as unknown as {
        dataset: { mode: string; depth: string; bytes: string };
        tagName: string;
      };
      return { mode: dataset.mode, depth: Number(dataset.depth), bytes: Number(dataset.bytes), tag: tagName };
    }),
  );
  expect(drawn.map(({ mode, depth, bytes }) => ({ mode, depth, bytes }))).toEqual(
    lines.map(({ backprop, depth, measured: { peak } }) => ({ mode: backprop, depth, bytes: peak })),
  );
  expect(new Set(drawn.map(({ tag }) => tag)).size).toBe(3);
  const scale = await scaleOf(open);
  for (const [
    at,
    {
      depth,
      measured: { peak },
    },
  ] of lines.entries()) {
    const read = scale(await placeOf(open, markers.nth(at)));
    expect(read.depth).toBeCloseTo(depth, 1);
    expect(Math.abs(read.bytes - peak)).toBeLessThan(2e6);
  }
});

test("activations alone are the peak without weights, moments and gradients, and their curve is flat when recomputing", async () => {
  const open = await openMemory();
  await button(open, "Activations only").click();
  const { weights, moments, gradients } = lastLine.bytes.peakByPart;
  expect(await number(chart(open).locator(".memory-live"), "data-bytes")).toBe(
    lastLine.bytes.peak - weights - moments - gradients,
  );
  expect(await chart(open).locator(".memory-resident").count()).toBe(0);
  const heights = String(await chart(open).locator("path[data-mode=recompute]").first().getAttribute("d"))
    .split(/[ML]/)
    .slice(2)
    .map((point) => Number(point.split(",")[1]));
  expect(new Set(heights).size).toBe(1);
  await button(open, "Peak").click();
  expect(await number(chart(open).locator(".memory-live"), "data-bytes")).toBe(lastLine.bytes.peak);
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

test("arrow keys go through the depths, and the values are said and seen", async () => {
  const open = await openMemory();
  expect(await slider(open).getAttribute("aria-valuetext")).toContain("9 blocks; store");
  await slider(open).focus();
  await open.page.keyboard.press("ArrowLeft");
  expect(await slider(open).getAttribute("aria-valuenow")).toBe("8");
  expect(await slider(open).getAttribute("aria-valuetext")).toMatch(
    /^8 blocks; store \d+ MB by theory, \d+ MB measured, \+2\.0%; checkpoint .*; recompute [^;]*$/,
  );
  expect(await legend(open)).toMatch(/8 blocks.*recompute \d+ MB \d+ MB \+2\.0% this training – – its/);
  expect(await cursor(open).isVisible()).toBe(true);
  await open.page.keyboard.press("Home");
  expect(await slider(open).getAttribute("aria-valuenow")).toBe("0");
  await open.page.keyboard.press("Escape");
  expect(await cursor(open).isVisible()).toBe(false);
  expect(await slider(open).getAttribute("aria-valuenow")).toBe("9");
});

test("the pointer shows the values of the depth below it, and without it those of the training's", async () => {
  const open = await openMemory();
  const { x, y } = await placeOf(open, chart(open).locator(".memory-measured").first());
  await slider(open).hover({ position: { x: x + 2, y: y + 20 } });
  expect(await legend(open)).toMatch(/2 blocks/);
  await open.page.mouse.move(0, 0);
  expect(await legend(open)).toMatch(
    /9 blocks.*this training \d+ MB 178 MB [-+][\d.]+% its process \(resident\) – 620 MB/,
  );
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
  expect(drawn.map(({ part }) => part)).toEqual(parts);
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

test("the chart is saved as SVG that stands alone, in the theme's colours", async () => {
  const open = await openMemory({
    theme: "light",
    snapshot: { ...measured, runs: [], shown: { ...measured.shown!, run: { ...run, name: 'horse/zebra "1": <b>' } } },
  });
  await button(open, "Save Memory against depth as SVG").click();
  const { name, content } = await saved(open);
  expect(name).toMatch(/^[^/\\:*?"<>|]+-memory\.svg$/);
  const svg = content.toString();
  const root = await open.page.evaluate(
    `(() => { const { documentElement } = new DOMParser().parseFromString(${JSON.stringify(svg)}, "image/svg+xml"); return [documentElement.tagName, documentElement.querySelectorAll("parsererror").length, documentElement.querySelectorAll("path").length > 5]; })()`,
  );
  expect(root).toEqual(["svg", 0, true]);
  expect(svg).not.toMatch(/var\(|currentcolor|class=|<script|style=/i);
  expect(svg).toContain("rgb(229, 20, 0)");
});

test("the chart is saved as a PNG with something on it", async () => {
  const open = await openMemory();
  const box = await chart(open).boundingBox();
  await button(open, "Save Memory against depth as PNG").click();
  const { name, content } = await saved(open);
  expect(name).toBe("nuclei-labels-20260314-090000-memory.png");
  const { data, info } = await sharp(content).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([Math.ceil(box!.width * 2), Math.ceil(box!.height * 2)]);
  const colours = new Set<number>();
  for (let at = 0; at < data.length; at += info.channels) colours.add(data.readUIntBE(at, 3));
  // The editor's background, and the colours of the three curves.
  for (const colour of [0x1f1f1f, 0xf14c4c, 0xcca700, 0x3794ff])
    expect(colours.has(colour), colour.toString(16)).toBe(true);
});

test("the point pulses while the training runs, and not for those who want no motion", async () => {
  const animation = (open: OpenPage) =>
    chart(open)
      .locator(".memory-pulse")
      .evaluate(
        (ring) =>
          (globalThis as unknown as { getComputedStyle(element: unknown): { animationName: string } }).getComputedStyle(
            ring,
          ).animationName,
      );
  const open = await openMemory();
  expect(await animation(open)).toBe("memory-pulse");
  expect(await animation(await openMemory({ reducedMotion: true }))).toBe("none");
  const stopped = await openMemory({ snapshot: snapshotWith({ lines, measuring: null }, { state: "stopped" }) });
  expect(await chart(stopped).locator(".memory-pulse").count()).toBe(0);
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
