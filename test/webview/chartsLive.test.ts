import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { StepColumns } from "../../extension/protocol/stepColumns";
import { until } from "../support/browser/until";
import { ChartsPage, stepsOf, written } from "./chartsPage";
import { comparisonOf } from "./support/comparison";
import { closeBrowser, openPage, type OpenPage } from "./support/page";
import { exampleSnapshot, exampleView, stepLines } from "./support/runs";

const snapshot = exampleSnapshot();
const run = snapshot.shown!.run.id;

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

/** New steps come in after the first `from` that the page has. @param hours later than the made-up run, as after a checkpoint */
async function arrive(from: number, to: number, hours = 0): Promise<StepColumns> {
  const columns = new StepColumns();
  for (const line of stepLines(from + 1, to))
    columns.append({ ...line, time: new Date(Date.parse(line.time) + hours * 3_600_000).toISOString() });
  await open.send({ type: "steps", run, from, steps: columns.encode(), lastStepLine: null, validations: [] });
  return columns;
}

test("new steps appear at once while everything is shown", async () => {
  const added = await arrive(640, 700);
  await charts.rangeIs(1, 700);
  expect((await charts.legend("Generator"))[0]![1]).toBe(written(added.loss("G_A")[59]!));
});

test("a zoom stays where it is while new steps come", async () => {
  await charts.plot("Generator").focus();
  await open.page.keyboard.press("+");
  const zoomed = await charts.rangeAfter([1, 640]);
  const added = await arrive(640, 700);
  await until("the new values", async () =>
    (await charts.legend("Generator"))[0]![1] === written(added.loss("G_A")[59]!) ? true : undefined,
  );
  expect(await charts.range()).toEqual(zoomed);
  await open.page.keyboard.press("0");
  await charts.rangeIs(1, 700);
});

test("a run that goes on from a checkpoint is cut there and grows again", async () => {
  await arrive(300, 350, 2);
  await charts.rangeIs(1, 350);
  const again = await arrive(300, 660, 3);
  await charts.rangeIs(1, 660);
  expect((await charts.legend("Generator"))[0]![1]).toBe(written(again.loss("G_A")[359]!));
});

test("another run's curves lie over the shown run's, under its name, and can be hidden one by one", async () => {
  const other = exampleView({ id: "/data/runs/older", name: "deeper & wider", steps: 900 });
  await open.send(comparisonOf([other, snapshot.shown!]));
  await charts.rangeIs(1, 900);
  expect((await charts.legend("Cycle")).map(([label]) => label)).toEqual([
    "A → B → A",
    "B → A → B",
    "deeper & wider: A → B → A",
    "deeper & wider: B → A → B",
  ]);
  const theirs = stepsOf({ ...snapshot, shown: other });
  expect((await charts.legend("Cycle"))[2]![1]).toBe(written(theirs.loss("cycle_A")[899]!));
  await charts
    .chart("Cycle")
    .getByRole("button", { name: /^deeper & wider: A → B → A/ })
    .click();
  await until("five lines", async () => ((await charts.seen("Cycle")).lines.length === 5 ? true : undefined));
  await open.send(comparisonOf([]));
  await charts.rangeIs(1, 640);
  expect(await charts.legend("Cycle")).toHaveLength(2);
});

test("a run without steps says what will be there, and one step is shown as soon as it is there", async () => {
  await open.send({ type: "run", view: exampleView({ steps: 0 }) });
  await until("the empty charts", async () =>
    (await charts.section.locator("article").count()) === 0 ? true : undefined,
  );
  expect(await charts.section.textContent()).toContain("Losses appear here with the first step.");
  const added = await arrive(0, 1);
  await until("the first value", async () =>
    (await charts.legend("Generator"))[0]?.[1] === written(added.loss("G_A")[0]!) ? true : undefined,
  );
});

test("paired training and losses that nobody knows get charts of their own", async () => {
  const columns = new StepColumns();
  for (const line of stepLines(1, 20))
    columns.append({ ...line, losses: { G_AB: 1, G_BA: 2, G_L1_B: 3, G_L1_A: 4, D_AB: 5, D_BA: 6, perceptual: 7 } });
  await open.send({ type: "run", view: { ...exampleView({ steps: 20 }), steps: columns.encode() } });
  await charts.rangeIs(1, 20);
  expect(await charts.section.locator("article h3").allTextContents()).toEqual([
    "Generator",
    "Discriminator",
    "L1 distance",
    "Other losses",
  ]);
});
