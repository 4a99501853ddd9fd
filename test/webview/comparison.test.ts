import type { Locator } from "playwright-core";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import type { ComparisonLine } from "../../extension/protocol/lines";
import type { ToWebview } from "../../extension/protocol/panel";
import { accessibilityFaults } from "../support/browser/axe";
import { screenshot } from "../support/browser/browser";
import { until } from "../support/browser/until";
import { comparisonOf, worth } from "./support/comparison";
import { eventually, focusedName, opened, says } from "./support/opened";
import { closeBrowser, type OpenPage, type PageOptions } from "./support/page";
import { exampleSnapshot, exampleSummary, exampleView } from "./support/runs";
import { themeNames } from "./support/themes";

afterAll(closeBrowser);

const quality = (mae: number, psnr: number, ssim: number) => ({ mae, psnr, ssim });
const judged = { by: "evaluation", images: 10 } as const;
const deeper = {
  metrics: { AtoB: quality(18.4, 20.1, 0.61), BtoA: quality(15.2, 21.6, 0.58) },
  parameters: 12_139_526,
  peakBytes: 436_000_000,
  secondsPerStep: 13.1,
  judged,
};
const cyclegan = {
  kind: "cyclegan",
  metrics: { AtoB: quality(20.9, 18.8, 0.55), BtoA: quality(16.7, 20.9, 0.54) },
  parameters: 22_756_358,
  peakBytes: 832_500_000,
  secondsPerStep: 10.2,
  judged,
} as const;
const pix2pix = {
  kind: "pix2pix",
  metrics: { AtoB: quality(19.1, 19.9, 0.6) },
  parameters: 11_378_179,
  peakBytes: 397_600_000,
  secondsPerStep: 5.31,
  judged,
} as const;
const own = { metrics: { AtoB: quality(19.8, 19.4, 0.58), BtoA: quality(16, 21.2, 0.56) }, judged };

/** The shown run beside three others, as a host would tell of them. */
function comparison(
  others: Readonly<Record<string, Partial<ComparisonLine>>> = { deeper, cyclegan, pix2pix },
  asked: "here" | "elsewhere" = "here",
  shown: Partial<ComparisonLine> = own,
): ToWebview {
  const { steps } = exampleView({ steps: 50 });
  const runs = Object.entries(others).map(([name, line]) => {
    const run = exampleSummary({ id: `/data/runs/${name}`, name, steps: 1000, lastStep: 1000, state: "finished" });
    return { run, steps, worth: worth(run.id, line) };
  });
  return { type: "comparison", asked, runs, shown: worth(exampleSummary().id, shown) };
}

const section = (open: OpenPage): Locator => open.page.getByRole("region", { name: "Comparison", exact: true });
const table = (open: OpenPage): Locator => section(open).getByRole("table");
const slider = (open: OpenPage): Locator => open.page.getByRole("slider", { name: "Quality against cost: run" });
const button = (open: OpenPage, name: string): Locator => section(open).getByRole("button", { name, exact: true });
const readout = (open: OpenPage): Promise<string> => section(open).locator(".comparison-readout").innerText();
const rows = (open: OpenPage): Promise<string[][]> =>
  table(open)
    .locator("tbody tr")
    .evaluateAll((all) =>
      all.map((row) =>
        [...row.children].map((cell) =>
          (cell as unknown as { innerText: string }).innerText.replaceAll(/\s+/g, " ").trim(),
        ),
      ),
    );

async function compared(options: PageOptions = {}, message: ToWebview = comparison()): Promise<OpenPage> {
  const open = await opened(options);
  await open.send(message);
  await section(open).waitFor();
  return open;
}

/** The points of the chart against a cost: 0 parameters, 1 memory, 2 time. */
async function points(
  open: OpenPage,
  chart: number,
): Promise<{ run: string; cost: number; quality: number; x: number; y: number }[]> {
  const drawn = section(open).locator(`.comparison-svg > g > g:nth-of-type(${chart + 1}) .comparison-point`);
  return drawn.evaluateAll((all) =>
    all.map((one) => {
      const { dataset } = one as unknown as { dataset: { run: string; cost: string; quality: string } };
      const { left, top, width, height } = one.getBoundingClientRect();
      return {
        run: dataset.run.split("/").at(-1)!,
        cost: Number(dataset.cost),
        quality: Number(dataset.quality),
        x: left + width / 2,
        y: top + height / 2,
      };
    }),
  );
}

/** What was asked to be saved last. */
async function saved(open: OpenPage, pressed: string): Promise<{ name: string; content: Buffer }> {
  await button(open, pressed).click();
  const message = await until("a file", () => Promise.resolve(open.sent().findLast((each) => each.type === "save")));
  return { name: message.name, content: Buffer.from(message.base64, "base64") };
}

describe.each(themeNames)("in the theme %s", (theme) => {
  test("a comparison has no accessibility faults, a run looked at", async () => {
    const open = await compared({ theme });
    await slider(open).focus();
    await open.page.keyboard.press("ArrowRight");
    expect(await accessibilityFaults(open.page)).toEqual([]);
    await section(open).scrollIntoViewIfNeeded();
    await screenshot(open.page, `comparison-${theme}`);
  });
});

test.each([320, 640, 1000, 1920])("%i pixels wide, nothing runs out at the right", async (width) => {
  const open = await compared({ width });
  expect(await open.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
  await section(open).scrollIntoViewIfNeeded();
  await screenshot(open.page, `comparison-${width}`);
});

test("nothing is there until runs are compared, nor after it", async () => {
  const open = await opened();
  expect(await section(open).count()).toBe(0);
  await open.send(comparison());
  await section(open).waitFor();
  await open.send(comparisonOf([]));
  await section(open).waitFor({ state: "detached" });
  await open.send(comparison());
  await section(open).waitFor();
  await open.send({ type: "run", view: exampleView({ id: "/data/runs/older", name: "older", steps: 20 }) });
  await section(open).waitFor({ state: "detached" });
});

test("the table has every figure, and says which is the best", async () => {
  const open = await compared();
  expect(await rows(open)).toEqual([
    [
      `1 ${exampleSummary().name}`,
      "RevGAN",
      "6,826,502 (best)",
      "351 MB (best)",
      "9.48",
      "1,000",
      "10 test pictures",
      "19.80",
      "19.40 dB",
      "0.580",
      "16.00",
      "21.20 dB",
      "0.560",
    ],
    [
      "2 deeper",
      "RevGAN",
      "12,139,526",
      "436 MB",
      "13.1",
      "1,000",
      "10 test pictures",
      "18.40 (best)",
      "20.10 dB (best)",
      "0.610 (best)",
      "15.20 (best)",
      "21.60 dB (best)",
      "0.580 (best)",
    ],
    [
      "3 cyclegan",
      "CycleGAN",
      "22,756,358",
      "833 MB",
      "10.2",
      "1,000",
      "10 test pictures",
      "20.90",
      "18.80 dB",
      "0.550",
      "16.70",
      "20.90 dB",
      "0.540",
    ],
    [
      "4 pix2pix",
      "pix2pix",
      "11,378,179",
      "398 MB",
      "5.31 (best)",
      "1,000",
      "10 test pictures",
      "19.10",
      "19.90 dB",
      "0.600",
      "–",
      "–",
      "–",
    ],
  ]);
  const heads = await table(open)
    .locator("thead th")
    .evaluateAll((cells) =>
      cells.map((cell) => [cell.textContent, cell.getAttribute("scope"), cell.getAttribute("colspan")]),
    );
  expect(heads.filter(([, scope]) => scope === "colgroup")).toEqual([
    ["A to B", "colgroup", "3"],
    ["B to A", "colgroup", "3"],
  ]);
  expect(heads).toHaveLength(7 + 2 + 6);
});

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
  const words = "2 deeper, RevGAN: MAE 18.40, Parameters 12,139,526, Peak memory 436 MB, Seconds a step 13.1";
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
  expect(await readout(open)).toContain("3 cyclegan, CycleGAN: MAE 20.90");
  await open.page.mouse.move(at.x - 90, at.y + 60);
  expect(await readout(open)).toContain("Point at a marker");
});

test("figures of different pictures are not held against each other, and it is said so", async () => {
  const open = await compared({}, comparison({ other: { ...deeper, judged: { by: "validation", step: 640 } } }));
  expect(await section(open).locator(".comparison-note").innerText()).toBe(
    "The figures of quality are of different pictures, so none of them is marked as the best. The command revgan evaluate judges a run on its test pictures.",
  );
  expect((await rows(open))[1]!.slice(2)).toEqual([
    "12,139,526",
    "436 MB",
    "13.1",
    "1,000",
    "validation, step 640",
    "18.40",
    "20.10 dB",
    "0.610",
    "15.20",
    "21.60 dB",
    "0.580",
  ]);
  expect(await section(open).locator("path.comparison-frontier").count()).toBe(0);
});

test("runs that were not judged are compared by what they cost alone", async () => {
  const open = await compared(
    {},
    comparison({ new: { parameters: 5, peakBytes: null, secondsPerStep: null } }, "here", {}),
  );
  expect(await rows(open)).toEqual([
    [`1 ${exampleSummary().name}`, "RevGAN", "6,826,502", "351 MB", "9.48", "1,000", "not yet"],
    ["2 new", "RevGAN", "5 (best)", "–", "–", "1,000", "not yet"],
  ]);
  expect(await slider(open).count()).toBe(0);
  expect(await accessibilityFaults(open.page)).toEqual([]);
});

test("a run whose folder is damaged says so in its row, and the others are compared", async () => {
  const message = comparison();
  if (message.type !== "comparison") throw new Error("no comparison");
  const [first, ...others] = message.runs;
  const open = await compared(
    {},
    {
      ...message,
      runs: [
        { ...first!, worth: { line: null, problem: "evaluation/test-AtoB.json is damaged; evaluate the run again" } },
        ...others,
      ],
    },
  );
  expect((await rows(open))[1]).toEqual(["2 deeper", "evaluation/test-AtoB.json is damaged; evaluate the run again"]);
  expect((await points(open, 0)).map(({ run }) => run)).toEqual(["nuclei", "cyclegan", "pix2pix"]);
  expect(await accessibilityFaults(open.page)).toEqual([]);
});

test("sixteen other runs, some with the same figures, are all there", async () => {
  const others = Object.fromEntries(
    Array.from({ length: 16 }, (_, i) => [
      `seed-${i}`,
      i % 3 === 0 ? deeper : { ...cyclegan, parameters: 7e6 + 1e6 * i },
    ]),
  );
  const open = await compared({}, comparison(others));
  expect(await points(open, 0)).toHaveLength(17);
  expect(await table(open).locator("tbody tr").count()).toBe(17);
  expect(await accessibilityFaults(open.page)).toEqual([]);
});

test("what a command compares is ticked in the list, seen at once, and has the focus", async () => {
  const open = await opened();
  const [, older] = exampleSnapshot().runs;
  const { steps } = exampleView({ steps: 50 });
  await open.send({ ...comparisonOf([{ run: older!, steps }], "elsewhere") });
  await section(open).waitFor();
  await eventually("the focus", async () => (await focusedName(open)) === "Comparison");
  await eventually("the tick", () => open.page.getByRole("checkbox", { name: `Compare ${older!.name}` }).isChecked());
  await eventually("the section in sight", async () => (await section(open).boundingBox())!.y < 900);
  // The user goes on from there.
  await open.page.getByRole("checkbox", { name: `Compare ${older!.name}` }).click();
  await says(open, { type: "compare", runs: [] });
});

test("what was compared before the page was reloaded is compared again, and the page stays where it is", async () => {
  const open = await opened();
  const [, older] = exampleSnapshot().runs;
  await open.send({ ...comparisonOf([{ run: older!, steps: exampleView({ steps: 50 }).steps }], "before") });
  await section(open).waitFor();
  await eventually("the tick", () => open.page.getByRole("checkbox", { name: `Compare ${older!.name}` }).isChecked());
  expect(await open.page.evaluate("scrollY")).toBe(0);
});

test("it is saved as CSV with the figures as they are", async () => {
  const open = await compared();
  const { name, content } = await saved(open, "Save Comparison as CSV");
  expect(name).toBe(`${exampleSummary().name}-comparison.csv`);
  expect(content.toString().split("\r\n")).toEqual([
    "run,folder,kind,parameters,peakBytes,secondsPerStep,steps,judged,AtoB.mae,AtoB.psnr,AtoB.ssim,BtoA.mae,BtoA.psnr,BtoA.ssim",
    `${exampleSummary().name},/data/runs/nuclei,revgan,6826502,351100000,9.48,1000,evaluation,19.8,19.4,0.58,16,21.2,0.56`,
    "deeper,/data/runs/deeper,revgan,12139526,436000000,13.1,1000,evaluation,18.4,20.1,0.61,15.2,21.6,0.58",
    "cyclegan,/data/runs/cyclegan,cyclegan,22756358,832500000,10.2,1000,evaluation,20.9,18.8,0.55,16.7,20.9,0.54",
    "pix2pix,/data/runs/pix2pix,pix2pix,11378179,397600000,5.31,1000,evaluation,19.1,19.9,0.6,,,",
    "",
  ]);
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

test("in a plain browser it is the same, without accessibility faults", async () => {
  const open = await compared({ theme: null });
  expect(await rows(open)).toHaveLength(4);
  expect(await accessibilityFaults(open.page)).toEqual([]);
});
