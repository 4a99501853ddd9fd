import type { Locator } from "playwright-core";
import sharp from "sharp";
import { afterAll, expect, test } from "vitest";
import { until } from "../support/browser/until";
import {
  button,
  chart,
  giveStep,
  lastLine,
  legend,
  lines,
  measured,
  openMemory,
  slider,
  snapshotWith,
} from "./memoryPage";
import { eventually } from "./support/opened";
import { closeBrowser, type OpenPage, type PageOptions } from "./support/page";
import { exampleSummary } from "./support/runs";

afterAll(closeBrowser);

const cursor = (open: OpenPage): Locator => open.page.locator(".memory-cursor");
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

/** With the peak in the chart. */
async function openPeak(options: PageOptions = {}): Promise<OpenPage> {
  const open = await openMemory(options);
  await button(open, "Peak").click();
  return open;
}

/** What was asked to be saved last. */
async function saved(open: OpenPage): Promise<{ name: string; content: Buffer }> {
  const message = await until("a file", () => Promise.resolve(open.sent().findLast((each) => each.type === "save")));
  return { name: message.name, content: Buffer.from(message.base64, "base64") };
}

test("the training is a point at its depth and its peak, with the process beside it", async () => {
  const open = await openPeak();
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
  expect(await chart(open).textContent()).toContain("resident 620 MB");
  // Far above all tensors: at the edge, and said so.
  await giveStep(open, { ...lastLine, step: 641, residentBytes: 2_000_000_000 });
  await eventually("the new label", async () =>
    String(await chart(open).textContent()).includes("resident 2 GB, beyond the chart"),
  );
});

test("the point moves with the training, and nothing else is drawn again", async () => {
  const open = await openPeak();
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
  const open = await openPeak();
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
    expect(Math.abs(read.bytes - peak)).toBeLessThan(3e6);
  }
});

test("the largest activations are shown first, and their curve is flat when recomputing", async () => {
  const open = await openMemory();
  expect(await button(open, "Largest activations").getAttribute("aria-pressed")).toBe("true");
  expect(await number(chart(open).locator(".memory-live"), "data-bytes")).toBe(lastLine.bytes.largestActivations);
  expect(await chart(open).locator(".memory-resident").count()).toBe(0);
  const heights = String(await chart(open).locator("path[data-mode=recompute]").first().getAttribute("d"))
    .split(/[ML]/)
    .slice(2)
    .map((point) => Number(point.split(",")[1]));
  expect(new Set(heights).size).toBe(1);
  await button(open, "Peak").click();
  expect(await number(chart(open).locator(".memory-live"), "data-bytes")).toBe(lastLine.bytes.peak);
});

test("arrow keys go through the depths, and the values are said and seen", async () => {
  const open = await openPeak();
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
  const open = await openPeak();
  const { x, y } = await placeOf(open, chart(open).locator(".memory-measured").first());
  await slider(open).hover({ position: { x: x + 2, y: y + 20 } });
  expect(await legend(open)).toMatch(/2 blocks/);
  await open.page.mouse.move(0, 0);
  expect(await legend(open)).toMatch(
    /9 blocks.*this training \d+ MB 178 MB [-+][\d.]+% its process \(resident\) – 620 MB/,
  );
});

test("the chart is saved as SVG that stands alone, in the theme's colours", async () => {
  const open = await openPeak({
    theme: "light",
    snapshot: {
      ...measured,
      runs: [],
      shown: { ...measured.shown!, run: { ...exampleSummary(), name: 'horse/zebra "1": <b>' } },
    },
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
  const open = await openPeak();
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
  const open = await openPeak();
  expect(await animation(open)).toBe("memory-pulse");
  expect(await animation(await openPeak({ reducedMotion: true }))).toBe("none");
  const stopped = await openPeak({ snapshot: snapshotWith({ lines, measuring: null }, { state: "stopped" }) });
  expect(await chart(stopped).locator(".memory-pulse").count()).toBe(0);
});
