import { afterAll, expect, test } from "vitest";
import { accessibilityFaults } from "../support/browser/axe";
import { screenshot } from "../support/browser/browser";
import {
  compared,
  comparison,
  cyclegan,
  deeper,
  points,
  rows,
  saved,
  section,
  slider,
  table,
  own,
} from "./comparisonPage";
import { comparisonOf } from "./support/comparison";
import { expectNoFaultsInAnyTheme } from "./support/everyTheme";
import { eventually, focusedName, opened, says } from "./support/opened";
import { closeBrowser } from "./support/page";
import { exampleSnapshot, exampleSummary, exampleView } from "./support/runs";

afterAll(closeBrowser);

test("a comparison has no accessibility faults in any theme, a run looked at", async () => {
  const open = await compared();
  await slider(open).focus();
  await open.page.keyboard.press("ArrowRight");
  await section(open).scrollIntoViewIfNeeded();
  await expectNoFaultsInAnyTheme(open, (theme) => screenshot(open.page, `comparison-${theme}`));
});

test.each([320, 640, 1000, 1920])("%i pixels wide, nothing runs out at the right", async (width) => {
  const open = await compared({ width });
  // It comes with the theory, last of all.
  await open.page.locator(".depth-table").waitFor();
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
      "19.80",
      "19.40 dB",
      "0.580",
      "16.00",
      "21.20 dB",
      "0.560",
      "10 test pictures",
      "RevGAN",
      "6,826,502 (best)",
      "351 MB (best)",
      "9.48",
      "1,000",
    ],
    [
      "2 deeper",
      "18.40 (best)",
      "20.10 dB (best)",
      "0.610 (best)",
      "15.20 (best)",
      "21.60 dB (best)",
      "0.580 (best)",
      "10 test pictures",
      "RevGAN",
      "12,139,526",
      "436 MB",
      "13.1",
      "1,000",
    ],
    [
      "3 cyclegan",
      "20.90",
      "18.80 dB",
      "0.550",
      "16.70",
      "20.90 dB",
      "0.540",
      "10 test pictures",
      "CycleGAN",
      "22,756,358",
      "833 MB",
      "10.2",
      "1,000",
    ],
    [
      "4 pix2pix",
      "19.10",
      "19.90 dB",
      "0.600",
      "–",
      "–",
      "–",
      "10 test pictures",
      "pix2pix",
      "11,378,179",
      "398 MB",
      "5.31 (best)",
      "1,000",
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

test("figures of different pictures are not held against each other, and it is said so", async () => {
  const open = await compared({}, comparison({ other: { ...deeper, judged: { by: "validation", step: 640 } } }));
  expect(await section(open).locator(".comparison-note").innerText()).toBe(
    "The figures of quality are of different pictures, so none of them is marked as the best. Evaluate a run on its test pictures to compare it by them: here, or with revgan evaluate.",
  );
  expect((await rows(open))[1]!.slice(1)).toEqual([
    "18.40",
    "20.10 dB",
    "0.610",
    "15.20",
    "21.60 dB",
    "0.580",
    "validation, step 640",
    "RevGAN",
    "12,139,526",
    "436 MB",
    "13.1",
    "1,000",
  ]);
  expect(await section(open).locator("path.comparison-frontier").count()).toBe(0);
});

test("runs that were not judged are compared by what they cost alone", async () => {
  const open = await compared(
    {},
    comparison({ new: { parameters: 5, peakBytes: null, secondsPerStep: null } }, "here", {}),
  );
  expect(await rows(open)).toEqual([
    [`1 ${exampleSummary().name}`, "not yet", "RevGAN", "6,826,502", "351 MB", "9.48", "1,000"],
    ["2 new", "not yet", "RevGAN", "5 (best)", "–", "–", "1,000"],
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
        {
          ...first!,
          costAndQuality: { line: null, problem: "evaluation/test-AtoB.json is damaged; evaluate the run again" },
        },
        ...others,
      ],
    },
  );
  expect((await rows(open)).map(([name]) => name)).toEqual([
    `1 ${exampleSummary().name}`,
    "2 cyclegan",
    "3 pix2pix",
    "deeper",
  ]);
  expect((await rows(open)).at(-1)![1]).toBe("evaluation/test-AtoB.json is damaged; evaluate the run again");
  expect((await points(open, 0)).map(({ run }) => run)).toEqual(["nuclei", "cyclegan", "pix2pix"]);
  expect(await accessibilityFaults(open.page)).toEqual([]);
});

test("a run without figures of its test pictures is evaluated from its row", async () => {
  const message = comparison({ other: { ...deeper, judged: { by: "validation", step: 640 } } });
  if (message.type !== "comparison") throw new Error("no comparison");
  const [other] = message.runs;
  const run = { ...other!.run, actions: [...other!.run.actions, "evaluate" as const] };
  const open = await compared({}, { ...message, runs: [{ ...other!, run }] });
  expect(
    await section(open)
      .getByRole("button", { name: /^Evaluate/ })
      .count(),
  ).toBe(1);
  await section(open).getByRole("button", { name: "Evaluate other" }).click();
  await says(open, { type: "act", action: "evaluate", run: run.id });
});

test("the figures of quality are in sight in a panel of 1000 pixels", async () => {
  const open = await compared({ width: 1000 });
  const last = await table(open).locator("tbody tr").first().locator("td").nth(5).boundingBox();
  expect(last!.x + last!.width).toBeLessThanOrEqual(1000);
});

test("names keep to a few lines where many figures want the room", async () => {
  const labels = { pixelAccuracy: 0.91, classAccuracy: 0.8, classIoU: 0.72 };
  const each = {
    ...own,
    metrics: { AtoB: { ...own.metrics.AtoB, ...labels, cycleMae: 25 }, BtoA: { ...own.metrics.BtoA, cycleMae: 27 } },
  };
  const open = await compared({ width: 1000 }, comparison({ "revgan-18-blocks": each, "pix2pix-unet": each }));
  for (const row of await table(open).locator("tbody tr").all())
    expect((await row.boundingBox())!.height).toBeLessThan(80);
});

test("a run that is deleted leaves the comparison and the legends", async () => {
  const open = await opened();
  const [shown, older, horse] = exampleSnapshot().runs;
  const { steps } = exampleView({ steps: 50 });
  await open.send({
    ...comparisonOf([
      { run: older!, steps },
      { run: horse!, steps },
    ]),
  });
  const legend = (name: string) => open.page.locator(".chart-legend").first().getByText(name);
  await legend(older!.name).first().waitFor();
  await open.send({ type: "runs", runs: [shown!, horse!], actions: [] });
  await eventually("its curves to go", async () => (await legend(older!.name).count()) === 0);
  expect(await legend(horse!.name).count()).toBeGreaterThan(0);
  expect((await rows(open)).map(([name]) => name)).toEqual([`1 ${shown!.name}`, `2 ${horse!.name}`]);
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

test("what a command compares has the focus also in a page that is just opened", async () => {
  const snapshot = exampleSnapshot();
  const open = await opened({ snapshot: null });
  const { steps } = exampleView({ steps: 50 });
  // Together, so that both are drawn at once.
  await open.page.evaluate(
    (messages) => {
      const page = globalThis as unknown as { postMessage(value: unknown, origin: string): void };
      for (const message of messages) page.postMessage(message, "*");
    },
    [snapshot, comparisonOf([{ run: snapshot.runs[1]!, steps }], "elsewhere")],
  );
  await eventually("the focus", async () => (await focusedName(open)) === "Comparison");
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

test("in a plain browser it is the same, without accessibility faults", async () => {
  const open = await compared({ theme: null });
  expect(await rows(open)).toHaveLength(4);
  expect(await accessibilityFaults(open.page)).toEqual([]);
});
