import { afterAll, expect, test } from "vitest";
import { expectNoFaultsInAnyTheme } from "./support/everyTheme";
import { focusedName, opened } from "./support/opened";
import { closeBrowser } from "./support/page";
import { emptySnapshot, exampleSnapshot, exampleSummary } from "./support/runs";

afterAll(closeBrowser);

const side = { view: "side", width: 300, height: 800 } as const;

test("the side view has no accessibility faults in any theme: training, failed, empty", async () => {
  const open = await opened(side);
  await expectNoFaultsInAnyTheme(open);
  await open.send({ ...exampleSnapshot({ state: "failed" }) });
  await open.page.getByRole("region", { name: "Error" }).waitFor();
  await expectNoFaultsInAnyTheme(open);
  await open.send({ ...emptySnapshot });
  await open.page.getByRole("heading", { name: "No runs yet" }).waitFor();
  await expectNoFaultsInAnyTheme(open);
});

test.each([220, 300, 600])("%i pixels wide, nothing runs out at the right", async (width) => {
  const open = await opened({ ...side, width, snapshot: exampleSnapshot({ state: "failed" }) });
  expect(await open.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
});

test("it shows the run, curves, the newest samples of both directions and memory", async () => {
  const { page } = await opened(side);
  await page.getByRole("heading", { name: exampleSummary().name }).waitFor();
  expect(await page.locator("main").innerText()).toMatch(/Training[^]*640 of 2,560[^]*10 min left/);
  for (const words of ["Generator", "Discriminator", "Cycle", "A to B", "B to A", "178 MB"])
    await page.getByText(words).first().waitFor();
  await page.locator("img[src$='000600/a-translated-0.png']").waitFor();
  await page.locator("img[src$='000600/b-translated-0.png']").waitFor();
});

test("its buttons are pressed with the keyboard", async () => {
  const open = await opened(side);
  for (const name of ["Pause", "Stop", "Open Panel"]) {
    await open.page.keyboard.press("Tab");
    expect(await focusedName(open)).toBe(name);
  }
  await open.page.keyboard.press("Space");
  await open.page.keyboard.press("Shift+Tab");
  await open.page.keyboard.press("Shift+Tab");
  await open.page.keyboard.press("Enter");
  await open.page.locator(".state", { hasText: "Pausing…" }).waitFor();
  expect(open.sent().slice(1)).toEqual([
    { type: "act", action: "openPanel", run: exampleSummary().id },
    { type: "act", action: "pause", run: exampleSummary().id },
  ]);
  await open.send({ type: "runs", runs: [exampleSummary({ state: "paused" })], actions: [] });
  await open.page.locator(".state", { hasText: "Paused" }).waitFor();
  expect(await focusedName(open)).toBe("Resume");
});

test("without runs it offers the ways to the first one", async () => {
  const open = await opened({ ...side, snapshot: emptySnapshot });
  await open.page.getByRole("button", { name: "Try with Sample Data" }).click();
  expect(open.sent().at(-1)).toEqual({ type: "act", action: "trySampleData", run: null });
});
