import { afterAll, expect, test } from "vitest";
import { screenshot } from "../support/browser/browser";
import { button, compared, readout, rows, saved, section, table } from "./comparisonPage";
import { closeBrowser, type OpenPage, type PageOptions } from "./support/page";
import { expectNoFaultsInAnyTheme } from "./support/everyTheme";
import { exampleSummary } from "./support/runs";
import { comparisonOfSweep, depthSweep, settingsOf, type SweptRun } from "./support/sweep";

afterAll(closeBrowser);

const sweep = (runs: readonly SweptRun[] = depthSweep(), options: PageOptions = {}): Promise<OpenPage> =>
  compared(options, comparisonOfSweep(runs));

const opener = (open: OpenPage, place: number) => table(open).getByRole("button", { name: "3 runs" }).nth(place);
const choices = (open: OpenPage, group: string): Promise<string[]> =>
  section(open).getByRole("group", { name: group, exact: true }).getByRole("button").allInnerTexts();
const slider = (open: OpenPage, name: string) => section(open).getByRole("slider", { name, exact: true });

/** What is drawn of each run: where, how large its figure is, and in which shape. */
async function dots(open: OpenPage): Promise<{ run: string; figure: number; x: number; y: number; shape: string }[]> {
  const all = section(open).locator(".comparison-svg .comparison-point[data-figure]");
  return all.evaluateAll((each) =>
    each.map((dot) => {
      const { run, figure } = (dot as unknown as { dataset: { run: string; figure: string } }).dataset;
      const { left, top, width, height } = dot.getBoundingClientRect();
      return {
        run: run.split("/").at(-1)!,
        figure: Number(figure),
        x: left + width / 2,
        y: top + height / 2,
        shape: dot.tagName,
      };
    }),
  );
}

/** The corners of each line of means. */
const lines = (open: OpenPage): Promise<number[][][]> =>
  section(open)
    .locator("path.comparison-line")
    .evaluateAll((paths) =>
      paths.map((path) =>
        path
          .getAttribute("d")!
          .split(/[ML]/)
          .slice(1)
          .map((corner) => corner.split(",").map(Number)),
      ),
    );

test("a sweep has a column for what was swept, sorted by it, and a row for runs that differ in their seed alone", async () => {
  const open = await sweep(depthSweep().toReversed());
  const heads = await table(open).locator("thead tr").first().locator("th").allInnerTexts();
  expect(heads).toEqual([
    "Run",
    "Depth",
    "Backprop",
    "A to B",
    "B to A",
    "Evaluated on",
    "Network",
    "Parameters",
    "Peak memory",
    "Seconds a step",
    "Steps",
  ]);
  expect((await rows(open)).map((row) => row.slice(0, 5).join(" | "))).toEqual([
    "1 3 runs | 3 | recompute | 23.35 ± 0.46 | 16.65 ± 0.46 dB",
    "2 3 runs | 3 | store | 23.35 ± 0.46 | 16.65 ± 0.46 dB",
    "3 3 runs | 9 | recompute | 21.85 ± 0.46 | 18.15 ± 0.46 dB",
    "4 3 runs | 9 | store | 21.85 ± 0.46 | 18.15 ± 0.46 dB",
    "5 3 runs | 18 | recompute | 19.60 ± 0.46 (best) | 20.40 ± 0.46 dB (best)",
    "6 3 runs | 18 | store | 19.60 ± 0.46 (best) | 20.40 ± 0.46 dB (best)",
  ]);
  expect((await rows(open))[1]!.slice(-5)).toEqual([
    "RevGAN",
    "3,270,000 (best)",
    "370 MB",
    "1.25 ± 0.05 (best)",
    "1,000",
  ]);
  expect(await section(open).locator(".comparison-note").innerText()).toBe(
    "Runs that differ in their seed alone are one row: their mean ± the standard deviation.",
  );
});

test("a row of several runs opens out to them, by keyboard too, and stays open", async () => {
  const open = await sweep();
  await opener(open, 2).focus();
  await open.page.keyboard.press("Enter");
  expect(await opener(open, 2).getAttribute("aria-expanded")).toBe("true");
  const members = table(open).locator("tr.comparison-member:visible");
  expect(await members.locator("th").allInnerTexts()).toEqual(["Seed 0", "Seed 1", "Seed 2"]);
  expect(await members.nth(1).locator("td").nth(2).innerText()).toBe("22.35");
  expect(await members.nth(1).locator("th").getAttribute("title")).toBe(
    "/data/sweep/depth-9_backprop-recompute_seed-1",
  );
  await button(open, "Peak memory").click();
  expect(await members.count()).toBe(3);
  await opener(open, 2).click();
  expect(await members.count()).toBe(0);
});

test("each seed is a dot at its number, the means are a line for each value of the second setting, told apart without colour", async () => {
  const open = await sweep();
  const all = await dots(open);
  expect(all).toHaveLength(18);
  const [recomputed, stored] = [0, 9].map((from) => all.slice(from, from + 9));
  expect(new Set(recomputed!.map(({ shape }) => shape))).toEqual(new Set(["circle"]));
  expect(new Set(stored!.map(({ shape }) => shape))).toEqual(new Set(["rect"]));
  const [three, nine, eighteen] = [0, 3, 6].map((i) => recomputed![i]!);
  expect((nine!.x - three!.x) / (eighteen!.x - three!.x)).toBeCloseTo(6 / 15, 2);
  expect((nine!.y - three!.y) / (eighteen!.y - three!.y)).toBeCloseTo(1.5 / 3.75, 1);
  const means = await lines(open);
  expect(means.map((line) => line.length)).toEqual([3, 3]);
  // The mean lies between the dots.
  const svg = (await section(open).locator(".comparison-svg").boundingBox())!;
  const ys = recomputed!.slice(0, 3).map(({ y }) => y - svg.y);
  expect(means[0]![0]![1]).toBeCloseTo(ys.reduce((sum, y) => sum + y, 0) / 3, 0);
  const dashes = await section(open)
    .locator("path.comparison-line")
    .evaluateAll((paths) => paths.map((path) => path.getAttribute("stroke-dasharray")));
  expect(new Set(dashes).size).toBe(2);
  // Equal bits: the lines would hide each other, so it is said, and they stand side by side.
  expect(await section(open).locator(".comparison-svg").textContent()).toContain("Equal everywhere: recompute = store");
  expect(stored![0]!.x - recomputed![0]!.x).toBeGreaterThan(5);
  // The same signs as in the table.
  expect(
    await table(open)
      .locator("tbody .comparison-point")
      .evaluateAll((points) => points.map(({ tagName }) => tagName)),
  ).toEqual(["circle", "rect", "circle", "rect", "circle", "rect"]);
});

test("what is shown, and against what, is chosen", async () => {
  const open = await sweep();
  expect(await choices(open, "Against")).toEqual(["Depth", "Backprop", "Costs"]);
  expect(await choices(open, "Measure")).toEqual(["MAE", "PSNR", "SSIM", "Peak memory", "Seconds a step"]);
  await button(open, "Peak memory").click();
  expect(new Set((await dots(open)).map(({ figure }) => figure))).toEqual(
    new Set([294_200_000, 350_600_000, 435_200_000, 369_800_000, 577_400_000, 888_800_000]),
  );
  await slider(open, "Peak memory against Depth: run").waitFor();
  expect(await section(open).getByRole("button", { name: "A to B" }).count()).toBe(0);
  await button(open, "Backprop").click();
  expect(await button(open, "Backprop").getAttribute("aria-pressed")).toBe("true");
  // A line for each depth.
  expect((await lines(open)).map((line) => line.length)).toEqual([2, 2, 2]);
  expect(await section(open).locator(".comparison-svg").textContent()).toContain("Depth3918");
  await button(open, "Costs").click();
  await slider(open, "Quality against cost: run").waitFor();
  expect(await choices(open, "Measure")).toEqual(["MAE", "PSNR", "SSIM"]);
  // A point is the mean of a row's runs.
  expect(await section(open).locator(".comparison-point[data-cost]").count()).toBe(3 * 6);
});

test("of three settings the user chooses which is across and which has a line for each value", async () => {
  const runs = [8, 16].flatMap((width) =>
    depthSweep([3, 9], ["recompute", "store"], [0]).map(({ name, line }, i) => ({
      name: `width-${width}_${name}`,
      line: {
        ...line,
        ...settingsOf({
          "network.width": width,
          "network.depth": [3, 3, 9, 9][i],
          "network.backprop": ["recompute", "store"][i % 2],
        }),
      },
    })),
  );
  const open = await sweep(runs);
  expect(await choices(open, "Against")).toEqual(["Depth", "Width", "Backprop", "Costs"]);
  expect(await choices(open, "A line for each")).toEqual(["Width", "Backprop"]);
  // Two lines of each series: those of the third setting.
  expect((await lines(open)).map((line) => line.length)).toEqual([2, 2, 2, 2]);
  await button(open, "Width").last().click();
  await section(open).getByRole("group", { name: "Against" }).getByRole("button", { name: "Width" }).click();
  expect(await choices(open, "A line for each")).toEqual(["Depth", "Backprop"]);
  await section(open).getByRole("group", { name: "A line for each" }).getByRole("button", { name: "Backprop" }).click();
  expect(await section(open).locator(".comparison-svg").textContent()).toContain("Backproprecomputestore");
});

test("only what all judged runs have can be shown against a setting", async () => {
  const judged = { by: "evaluation", images: 10 } as const;
  const figures = { mae: 20, psnr: 19, ssim: 0.5 };
  const open = await sweep([
    { name: "revgan", line: { ...settingsOf({ mode: "paired" }), metrics: { AtoB: figures, BtoA: figures }, judged } },
    {
      name: "pix2pix",
      line: {
        ...settingsOf({ mode: "paired", "network.kind": "pix2pix" }),
        metrics: { AtoB: { mae: 21, psnr: 18 } },
        judged,
      },
    },
    { name: "new", line: { ...settingsOf({ mode: "paired", "network.depth": 3 }), steps: 0, peakBytes: null } },
  ]);
  expect(await choices(open, "Measure")).toEqual(["MAE", "PSNR", "Peak memory", "Seconds a step"]);
  await button(open, "Network").click();
  expect((await dots(open)).map(({ run, figure }) => [run, figure])).toEqual([
    ["pix2pix", 21],
    ["nuclei", 20],
  ]);
  expect(await section(open).locator(".comparison-axes").textContent()).toContain("pix2pixRevGANNetwork");
  expect((await rows(open)).map((row) => row.slice(0, 3))).toEqual([
    ["1 pix2pix", "pix2pix", "9"],
    ["2 new", "RevGAN", "3"],
    [`3 ${exampleSummary().name}`, "RevGAN", "9"],
  ]);
});

test("arrow keys go from row to row, which are ringed, marked in the table, read and said", async () => {
  const open = await sweep();
  const chart = slider(open, "MAE, A to B against Depth: run");
  await chart.focus();
  await open.page.keyboard.press("End");
  const words =
    "6 Depth 18, Backprop store (3 runs): MAE 19.60 ± 0.46, Parameters 12,120,000, Peak memory 889 MB, Seconds a step 7.25 ± 0.05";
  expect([
    await chart.getAttribute("aria-valuenow"),
    await chart.getAttribute("aria-valuetext"),
    await readout(open),
  ]).toEqual(["6", words, words]);
  expect(await section(open).locator(".comparison-ring").count()).toBe(3);
  expect(await table(open).locator(".comparison-looked th").innerText()).toMatch(/^6/);
  const at = (await dots(open))[4]!;
  await open.page.mouse.move(at.x - 3, at.y + 2);
  expect(await readout(open)).toContain("3 Depth 9, Backprop recompute (3 runs): MAE 21.85 ± 0.46");
});

test("a sweep has no accessibility faults in any theme, and nothing runs out at the right of a narrow panel", async () => {
  const open = await sweep(depthSweep(), { width: 320 });
  await opener(open, 0).click();
  await open.page.locator(".depth-table").waitFor();
  expect(await open.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(320);
  await open.page.setViewportSize({ width: 1000, height: 900 });
  await section(open).evaluate("document.querySelector('.comparison').scrollIntoView()");
  await expectNoFaultsInAnyTheme(open, (theme) => screenshot(open.page, `sweep-${theme}`));
});

test("it is saved with what was swept: as CSV, and as a picture that has its legend", async () => {
  const open = await sweep(depthSweep([3, 9], ["recompute", "store"], [0, 1]));
  const csv = (await saved(open, "Save Comparison as CSV")).content.toString().split("\r\n");
  expect(csv[0]).toBe(
    "run,folder,kind,network.depth,network.backprop,training.seed,parameters,peakBytes,secondsPerStep,steps,judged,AtoB.mae,AtoB.psnr,AtoB.ssim,BtoA.mae,BtoA.psnr,BtoA.ssim",
  );
  expect(csv[2]).toMatch(/^depth-3_backprop-recompute_seed-1,[^,]+,revgan,3,recompute,1,3270000,294200000,1\.70*\d?,/);
  expect(csv).toHaveLength(1 + 8 + 1);
  const svg = (await saved(open, "Save Comparison as SVG")).content.toString();
  for (const text of ["MAE, A to B (lower is better)", "Backprop", "recompute", "store", "Depth"])
    expect(svg).toContain(`>${text}<`);
  expect(svg).not.toMatch(/var\(|currentcolor|class=/i);
});
