import { afterAll, describe, expect, test } from "vitest";
import { accessibilityFaults } from "../support/browser/axe";
import { comparisonOf } from "./support/comparison";
import { expectNoFaultsInAnyTheme } from "./support/everyTheme";
import { eventually, focusedName, opened } from "./support/opened";
import { closeBrowser, type OpenPage } from "./support/page";
import { emptySnapshot, exampleSnapshot, exampleSummary, exampleView, stepLines } from "./support/runs";
import { themes } from "./support/themes";
import { StepColumns } from "../../extension/protocol/stepColumns";

afterAll(closeBrowser);

const run = exampleSummary();
const others = exampleSnapshot().runs.slice(1);
const named = (open: OpenPage, name: string) => open.page.getByRole("button", { name, exact: true });
const acts = (open: OpenPage) => open.sent().flatMap((message) => (message.type === "act" ? [message.action] : []));
const readies = (open: OpenPage) => open.sent().filter(({ type }) => type === "ready");

test("a training panel has no accessibility faults in any theme", async () => {
  const open = await opened();
  await open.page.locator("canvas").first().waitFor();
  await expectNoFaultsInAnyTheme(open);
});

test("a failed run and an empty panel have none either", async () => {
  const open = await opened({ snapshot: exampleSnapshot({ state: "failed" }) });
  await expectNoFaultsInAnyTheme(open);
  await open.send({ ...emptySnapshot });
  await open.page.getByRole("heading", { name: "No runs yet" }).waitFor();
  await expectNoFaultsInAnyTheme(open);
});

describe.each([320, 640, 1000, 1920])("%i pixels wide", (width) => {
  test("nothing runs out at the right", async () => {
    const open = await opened({ width, snapshot: exampleSnapshot({ state: "failed" }) });
    await open.page.locator("canvas").first().waitFor();
    // It comes with the theory, last of all.
    await open.page.locator(".depth-table").waitFor();
    expect(await open.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    await open.send({ type: "run", view: null });
    await open.page.getByRole("heading", { name: "No run is shown" }).waitFor();
    expect(await open.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
  });
});

test("the head tells run, state, step, epoch, speed, time left and engine", async () => {
  const open = await opened();
  const head = await open.page.locator(".head").innerText();
  for (const words of [
    run.name,
    "Training",
    "640 of 2,560",
    "10 of 40",
    "3.2 steps/s",
    "10 min left",
    "TensorFlow · CPU",
  ])
    expect(head).toContain(words);
  const bar = open.page.getByRole("progressbar", { name: "Training progress" });
  expect([await bar.getAttribute("aria-valuenow"), await bar.getAttribute("aria-valuemax")]).toEqual(["640", "2560"]);
});

test("domains that have names give the run its title, and are called by them everywhere", async () => {
  const config = { mode: "unpaired", data: { path: "x", names: { a: "tissue", b: "labels" } } };
  const open = await opened({ snapshot: exampleSnapshot({ config }) });
  await open.page.getByRole("heading", { name: "tissue ⇄ labels", exact: true }).waitFor();
  expect(await open.page.locator(".head-about").innerText()).toMatch(
    new RegExp(`^${run.name} · unpaired · .* · 9 blocks`),
  );
  await open.page.locator('img[alt="Picture 1, tissue to labels, step 600"]').first().waitFor();
  expect(
    await open.page
      .locator(".samples")
      .getByRole("group", { name: "Direction", exact: true })
      .getByRole("button")
      .allInnerTexts(),
  ).toEqual(["tissue → labels", "labels → tissue"]);
  expect(await open.page.locator(".chart-label").allInnerTexts()).toEqual(
    expect.arrayContaining(["judges labels", "tissue → labels → tissue"]),
  );
});

test("headings go down one rank at a time, below one first heading", async () => {
  const open = await opened();
  await open.page.locator("canvas").first().waitFor();
  const ranks = await open.page.evaluate<number[]>(
    `[...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((heading) => heading.checkVisibility()).map((heading) => Number(heading.tagName[1]))`,
  );
  expect(ranks.filter((rank) => rank === 1)).toHaveLength(1);
  for (const [i, rank] of ranks.entries()) expect(rank - (ranks[i - 1] ?? 0)).toBeLessThanOrEqual(1);
});

test("only what can be asked for now has a button", async () => {
  const open = await opened({ snapshot: exampleSnapshot({ state: "paused" }) });
  const buttons = open.page.getByRole("group", { name: "Run", exact: true }).getByRole("button");
  expect(await Promise.all((await buttons.all()).map((each) => each.ariaSnapshot()))).toEqual(
    ["Resume", "Stop", "Reveal Run Folder", "Show Log"].map((name) => `- button "${name}"`),
  );
});

test("Stop answers at once, is asked for once, and the keyboard goes on where it was", async () => {
  const open = await opened();
  await named(open, "Stop").focus();
  await open.page.keyboard.press("Enter");
  await open.page.locator(".head .state", { hasText: "Stopping…" }).waitFor();
  await open.page.keyboard.press("Enter");
  expect(acts(open)).toEqual(["stop"]);
  expect(await focusedName(open)).toBe("Stop");
  expect(await named(open, "Pause").getAttribute("aria-disabled")).toBe("true");
  await open.send({ type: "runs", runs: [exampleSummary({ state: "stopped" }), ...others], actions: [] });
  await open.page.locator(".head .state", { hasText: "Stopped" }).waitFor();
  expect(await focusedName(open)).toBe("Resume from Checkpoint");
});

test("a failure says what happened and what to do, with the buttons that help beside it", async () => {
  const open = await opened({ snapshot: exampleSnapshot({ state: "failed" }) });
  const error = open.page.getByRole("region", { name: "Error" });
  expect(await error.innerText()).toContain("memory ran out");
  expect(await error.innerText()).toContain("Lower data.cropSize");
  await error.getByRole("button", { name: "Resume from Checkpoint" }).click();
  expect(acts(open)).toEqual(["resumeFromCheckpoint"]);
  expect(await named(open, "Show Log").count()).toBe(1);
});

test("while it starts it says what it is doing", async () => {
  const open = await opened({ snapshot: exampleSnapshot({ state: "starting", steps: 0 }) });
  expect(await open.page.locator(".head-state").innerText()).toContain("Loading TensorFlow");
});

test("an empty panel leads to a first run", async () => {
  const open = await opened({ snapshot: emptySnapshot });
  await named(open, "Try with Sample Data").click();
  await named(open, "New Run…").click();
  await named(open, "Show Example").click();
  expect(acts(open)).toEqual(["trySampleData", "newRun", "showExample"]);
});

test("a run is chosen to be shown, and others are laid over it", async () => {
  const open = await opened();
  const [older, horse] = others;
  await named(open, older!.name).click();
  await open.page.getByRole("checkbox", { name: `Compare ${horse!.name}` }).focus();
  await open.page.keyboard.press("Space");
  const choices = () => open.sent().filter(({ type }) => type === "show" || type === "compare");
  expect(choices()).toEqual([
    { type: "show", run: older!.id },
    { type: "compare", runs: [horse!.id] },
  ]);
  const box = open.page.getByRole("checkbox", { name: `Compare ${horse!.name}` });
  await open.page.keyboard.press("Space");
  await eventually("the end of the comparison", () => choices().length === 3);
  expect(choices()[2]).toEqual({ type: "compare", runs: [] });
  await open.page.keyboard.press("Space");
  await eventually("the box that was ticked again", () => box.isChecked());
  // Answers to the earlier presses come late, and undo nothing.
  const legend = open.page.locator(".chart-legend").filter({ hasText: horse!.name });
  await open.send(comparisonOf([{ run: horse!, steps: exampleView({ steps: 20 }).steps }]));
  await legend.first().waitFor();
  expect(await box.isChecked()).toBe(true);
  await open.send(comparisonOf([]));
  await eventually("the end of the first comparison", async () => (await legend.count()) === 0);
  expect(await box.isChecked()).toBe(true);
  await open.send({ ...exampleSnapshot() });
  await eventually("the box that another snapshot cleared", async () => !(await box.isChecked()));
});

test("a click anywhere in a run's row shows it, and one on the shown run's does nothing", async () => {
  const open = await opened();
  const row = (name: string) => open.page.getByRole("row", { name });
  await row(run.name).getByText("Training").click();
  await row(others[1]!.name).getByText("Failed").click();
  expect(open.sent().filter(({ type }) => type === "show")).toEqual([{ type: "show", run: others[1]!.id }]);
});

test("every control is reached with the Tab key, and shows that it has the focus", async () => {
  // Of a group of radio buttons the chosen one; the arrow keys lead to the others.
  const open = await opened({ snapshot: exampleSnapshot({ state: "failed" }) });
  await open.page.locator("canvas").first().waitFor();
  const controls = `[...document.querySelectorAll("button, input, select, summary, a[href], vscode-button, [tabindex='0']")].filter((element) => element.checkVisibility() && !element.disabled && !(element.role === "radio" && element.ariaChecked === "false"))`;
  const total = Number(await open.page.evaluate(`${controls}.length`));
  await open.page.evaluate(
    "window.reached = new Set(); window.unmarked = []; addEventListener('focusin', ({ target }) => window.reached.add(target))",
  );
  for (let i = 0; i < total + 5; i++) {
    await open.page.keyboard.press("Tab");
    await open.page.evaluate(`(() => {
      const inner = document.activeElement.shadowRoot?.activeElement ?? document.activeElement;
      const marked = [document.activeElement, inner, inner.shadowRoot?.querySelector(".control")].some((element) => element && getComputedStyle(element).outlineStyle !== "none");
      if (!marked && inner !== document.body && !inner.closest("vscode-checkbox")) window.unmarked.push(inner.outerHTML);
    })()`);
  }
  expect(
    await open.page.evaluate(
      `${controls}.filter((element) => !window.reached.has(element)).map((element) => element.outerHTML)`,
    ),
  ).toEqual([]);
  expect(await open.page.evaluate("window.unmarked")).toEqual([]);
});

test("updates keep the focus, the scroll position and the elements", async () => {
  const open = await opened({ height: 500 });
  const { page } = open;
  const row = named(open, others[0]!.name);
  await row.focus();
  await page.evaluate(`(() => {
    window.scrollTo(0, 300);
    window.added = [];
    window.marked = document.activeElement;
    new MutationObserver((changes) => window.added.push(...changes.flatMap(({ addedNodes }) => [...addedNodes]).filter(({ nodeType }) => nodeType === 1).map(({ outerHTML }) => outerHTML)))
      .observe(document.querySelector(".head"), { childList: true, subtree: true });
  })()`);
  for (let step = 641; step <= 660; step++) {
    const [line] = stepLines(step, step);
    const columns = new StepColumns();
    columns.append(line!);
    await open.send({
      type: "steps",
      run: run.id,
      from: step - 1,
      steps: columns.encode(),
      lastStepLine: line!,
      validations: [],
    });
    await open.send({ type: "runs", runs: [exampleSummary({ steps: step }), ...others], actions: [] });
  }
  await page.locator(".facts", { hasText: "660 of 2,560" }).waitFor();
  expect(await page.evaluate("[window.scrollY, document.activeElement === window.marked, window.added]")).toEqual([
    300,
    true,
    [],
  ]);
});

test("the state's change is said once, and nothing else is", async () => {
  const open = await opened();
  const status = open.page.locator(".head [role='status']");
  expect(await status.textContent()).toBe("");
  await open.send({ type: "runs", runs: [exampleSummary({ steps: 641 }), ...others], actions: [] });
  await open.page.locator(".facts", { hasText: "641 of 2,560" }).waitFor();
  expect(await status.textContent()).toBe("");
  await open.send({ type: "runs", runs: [exampleSummary({ state: "paused" }), ...others], actions: [] });
  await eventually("the word", async () => (await status.textContent()) === "Paused");
});

test("a page that comes back asks for the run that it showed", async () => {
  const open = await opened();
  await open.page.reload();
  await eventually("a second request", () => readies(open).length === 2);
  expect(readies(open).map((message) => message.type === "ready" && message.run)).toEqual([null, run.id]);
});

test("steps that do not fit, and messages that are wrong, make it ask for everything again", async () => {
  const open = await opened();
  const wrong = [
    { type: "runs", runs: [{ id: "" }] },
    { type: "steps", run: run.id, from: 9999, steps: { length: 0, columns: {} }, lastStepLine: null, validations: [] },
    {
      type: "steps",
      run: run.id,
      from: 640,
      steps: { length: 2, columns: { step: new Float64Array(0) } },
      lastStepLine: null,
      validations: [],
    },
    { type: "nonsense" },
  ];
  for (const [i, message] of wrong.entries()) {
    await open.send(message);
    await eventually(`request ${i + 2}`, () => readies(open).length === i + 2);
    await open.page.locator(".facts", { hasText: "640 of 2,560" }).waitFor();
  }
  await open.send({ source: "an extension of the browser" });
  await open.send({ type: "runs", runs: [exampleSummary({ steps: 700 }), ...others], actions: [] });
  await open.page.locator(".facts", { hasText: "700 of 2,560" }).waitFor();
});

test("a snapshot of another version is said, and not asked for again and again", async () => {
  const open = await opened({ snapshot: null });
  await eventually("a request", () => readies(open).length === 1);
  for (let i = 0; i < 5; i++) await open.send({ type: "snapshot", version: 999 });
  await open.page.getByText("different versions").waitFor();
  expect(readies(open)).toHaveLength(1);
});

test("the interface is in the words that the host sends", async () => {
  const open = await opened({
    snapshot: { ...exampleSnapshot(), strings: { Pause: "[Pause]", "{0} of {1}": "{1} > {0}" } },
  });
  expect(await named(open, "[Pause]").count()).toBe(1);
  expect(await open.page.locator(".facts").innerText()).toContain("2,560 > 640");
});

test("a change of theme reaches the page and the toolkit's buttons without a reload", async () => {
  const open = await opened({ theme: "dark", snapshot: exampleSnapshot({ state: "failed" }) });
  const color = () =>
    open.page.evaluate(
      `getComputedStyle(document.querySelector("vscode-button[appearance='primary']")).backgroundColor`,
    );
  const { page } = open;
  await eventually("the dark button", async () => (await color()) === rgb(themes.dark.tokens["button-background"]));
  await open.setTheme("light");
  await eventually("the light button", async () => (await color()) === rgb(themes.light.tokens["button-background"]));
  expect(await page.evaluate("getComputedStyle(document.body).color")).toBe(rgb(themes.light.tokens.foreground));
});

function rgb(hex: string): string {
  return `rgb(${[1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).join(", ")})`;
}

test.each([{ reducedMotion: true }, { reducedMotion: false, bodyClass: "vscode-reduce-motion" }])(
  "nothing moves for who wants no motion: %j",
  async ({ reducedMotion, bodyClass }) => {
    const open = await opened({ reducedMotion, snapshot: exampleSnapshot({ state: "starting", steps: 0 }) });
    if (bodyClass !== undefined) await open.page.evaluate(`document.body.classList.add("${bodyClass}")`);
    expect(
      await open.page.evaluate("document.getAnimations().filter(({ playState }) => playState === 'running').length"),
    ).toBe(0);
  },
);

describe("in a plain browser", () => {
  test.each(["light", "dark"] as const)(
    "has colours of its own without accessibility faults, %s",
    async (colorScheme) => {
      const open = await opened({ theme: null, colorScheme });
      await open.page.locator("canvas").first().waitFor();
      expect(await accessibilityFaults(open.page)).toEqual([]);
    },
  );

  test("says that the connection is lost, and asks again for its run when it comes back", async () => {
    const open = await opened({ theme: null });
    open.disconnect();
    await open.page.getByText("The connection is lost").waitFor();
    expect(await accessibilityFaults(open.page)).toEqual([]);
    await eventually("a second request", () => readies(open).length === 2);
    expect(readies(open)[1]).toMatchObject({ run: run.id });
    await open.page.getByText("The connection is lost").waitFor({ state: "hidden" });
  });

  test("saves a table as a download, and asks no host to", async () => {
    const open = await opened({ theme: null });
    const download = open.page.waitForEvent("download");
    await open.page.getByRole("button", { name: "Save CSV" }).click();
    expect((await download).suggestedFilename()).toMatch(/\.csv$/);
    expect(open.sent().map(({ type }) => type)).not.toContain("save");
  });

  test("saves a sample's picture as it is on the server", async () => {
    const open = await opened({ theme: null });
    await open.page.locator(".samples-large button:has(img[src$='a-translated-0.png'])").click();
    const download = open.page.waitForEvent("download");
    await open.page.getByRole("button", { name: "Save Picture…" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe("600-a-translated-0.png");
    expect(new URL(file.url()).pathname).toMatch(/\/samples\/000600\/a-translated-0\.png$/);
  });
});
