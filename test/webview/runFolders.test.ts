import { afterAll, expect, test } from "vitest";
import { accessibilityFaults } from "../support/browser/axe";
import { screenshot } from "../support/browser/browser";
import { eventually, opened, says } from "./support/opened";
import { closeBrowser, type OpenPage } from "./support/page";
import { exampleSnapshot, exampleSummary, exampleView } from "./support/runs";

afterAll(closeBrowser);

const folder = "/data/runs/depths";
const swept = ["depth-18", "depth-3", "depth-9"].map((name, i) =>
  exampleSummary({ id: `${folder}/${name}`, name, group: folder, state: i === 0 ? "running" : "finished" }),
);
const snapshot = exampleSnapshot();
const withFolder = { ...snapshot, runs: [...snapshot.runs, ...swept] };

const list = (open: OpenPage) => open.page.getByRole("region", { name: "Runs", exact: true });
const opener = (open: OpenPage) => list(open).getByRole("button", { name: "depths", exact: true });
const names = (open: OpenPage): Promise<string[]> => list(open).locator("tbody tr:visible th").allInnerTexts();

test("runs of a folder stand below it in order, once it is opened", async () => {
  const open = await opened({ snapshot: withFolder });
  const alone = snapshot.runs.map(({ name }) => name);
  expect(await names(open)).toEqual([...alone, "depths"]);
  expect(await list(open).locator("tr.runs-group .runs-state").innerText()).toBe("2 of 3 finished");
  await opener(open).focus();
  await open.page.keyboard.press("Enter");
  expect(await opener(open).getAttribute("aria-expanded")).toBe("true");
  expect(await names(open)).toEqual([...alone, "depths", "depth-3", "depth-9", "depth-18"]);
  expect(await accessibilityFaults(open.page)).toEqual([]);
  await list(open).scrollIntoViewIfNeeded();
  await screenshot(open.page, "folder-of-runs");
  await open.send({ type: "runs", runs: snapshot.runs, actions: [] });
  await eventually("the folder to go", async () => (await names(open)).length === alone.length);
});

test("all runs of a folder are compared by one tick", async () => {
  const open = await opened({ snapshot: withFolder });
  const all = open.page.getByRole("checkbox", { name: "Compare all runs of depths" });
  const runs = ["depth-3", "depth-9", "depth-18"].map((name) => `${folder}/${name}`);
  await all.click();
  await eventually("the message", () => open.sent().some(({ type }) => type === "compare"));
  const [asked] = open.sent().filter((message) => message.type === "compare");
  expect([...asked!.runs].sort()).toEqual([...runs].sort());
  await opener(open).click();
  const one = open.page.getByRole("checkbox", { name: "Compare depth-9" });
  await eventually("the tick of each", () => one.isChecked());
  await one.click();
  await eventually("the tick of all to go", async () => !(await all.isChecked()));
});

test("a folder with the shown run is open, and that run is not compared with itself", async () => {
  const [shown] = swept;
  const view = { ...exampleView({ id: shown!.id, name: shown!.name, group: folder }) };
  const open = await opened({ snapshot: { ...withFolder, shown: view } });
  expect(await opener(open).getAttribute("aria-expanded")).toBe("true");
  await open.page.getByRole("checkbox", { name: "Compare all runs of depths" }).click();
  await says(open, { type: "compare", runs: [`${folder}/depth-3`, `${folder}/depth-9`] });
});
