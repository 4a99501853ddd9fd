import { afterAll, describe, expect, test } from "vitest";
import type { ShownState } from "../../extension/protocol/panel";
import { imageAt } from "./samplesPage";
import { expectNoFaultsInAnyTheme } from "./support/everyTheme";
import { withHints } from "./support/hints";
import { opened } from "./support/opened";
import { closeBrowser, type OpenPage } from "./support/page";
import { pairedPictureNames, pictureNames } from "./support/pictures";
import { exampleSnapshot, samplesBase, sampleSteps, type Snapshot } from "./support/runs";

afterAll(closeBrowser);

/** A run whose samples have the truth, or have not. */
function snapshotOf(pairs: boolean, state: ShownState = "running"): Snapshot {
  const snapshot = exampleSnapshot({ state });
  const pictures = pairs ? pairedPictureNames : pictureNames;
  return {
    ...snapshot,
    shown: { ...snapshot.shown!, samples: { base: samplesBase, steps: sampleSteps(640), pictures } },
  };
}

/** What a person must see without scrolling: the parts of it that are not wholly within the window. */
async function unseen({ page }: OpenPage): Promise<string[]> {
  return page.evaluate<string[]>(`Object.entries({
    state: ".head .state",
    steps: ".head .facts",
    action: "vscode-button[data-action=stop]:not([hidden]), vscode-button[data-action=resumeFromCheckpoint]:not([hidden])",
    progress: ".progress",
    quality: ".quality",
    input: '[data-picture="a-input-0.png"]',
    translation: '[data-picture="a-translated-0.png"]',
    back: '[data-picture="a-cycled-0.png"]',
    other: '[data-picture="b-translated-0.png"]',
    controls: ".samples-controls",
    strip: ".samples-strip",
  }).filter(([, selector]) => {
    const element = document.querySelector(selector);
    const box = element?.getBoundingClientRect();
    return !element?.checkVisibility() || box.top < 0 || box.left < 0 || box.bottom > innerHeight || box.right > innerWidth;
  }).map(([name]) => name)`);
}

const translated = (open: OpenPage) => imageAt(open, "a-translated-0.png", 600);

describe.each([
  // The editor of a window of 1400 × 900 with its side bar, the whole of it without, and a narrow column.
  { width: 1020, height: 815, least: 300 },
  { width: 1400, height: 900, least: 300 },
  { width: 700, height: 900, least: 200 },
])("$width × $height", ({ width, height, least }) => {
  test.each([true, false])(
    "a large translation, quality, time left and Stop without scrolling; with pairs: %s",
    async (pairs) => {
      const open = await opened({ width, height, snapshot: snapshotOf(pairs) });
      await translated(open).waitFor();
      await imageAt(open, "b-translated-0.png", 600).waitFor();
      expect((await translated(open).boundingBox())!.width).toBeGreaterThanOrEqual(least);
      expect(await unseen(open)).toEqual([]);
      expect(await open.page.locator(".facts").innerText()).toContain("10 min left");
      expect(await open.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    },
  );
});

test.each([true, false])("a hint pushes nothing of it away; with pairs: %s", async (pairs) => {
  const open = await opened({ width: 1020, height: 815, snapshot: withHints(snapshotOf(pairs)) });
  await open.page.locator(".hint").waitFor();
  await imageAt(open, "b-translated-0.png", 600).waitFor();
  expect(await unseen(open)).toEqual([]);
});

test.each(["paused", "stopped", "finished", "interrupted"] as const)(
  "a run that is %s shows its pictures, its quality and what can be done next at once",
  async (state) => {
    const open = await opened({ width: 1020, height: 815, snapshot: snapshotOf(true, state) });
    await imageAt(open, "b-translated-0.png", 600).waitFor();
    expect(await unseen(open)).toEqual([]);
  },
);

test("the truth stands beside the translation, as large", async () => {
  const open = await opened({ width: 1020, height: 815, snapshot: snapshotOf(true) });
  await imageAt(open, "a-truth-0.png", 600).waitFor();
  const [one, other] = [await translated(open).boundingBox(), await imageAt(open, "a-truth-0.png", 600).boundingBox()];
  expect([other!.y, other!.width, other!.height].map(Math.round)).toEqual(
    [one!.y, one!.width, one!.height].map(Math.round),
  );
  await expectNoFaultsInAnyTheme(open);
});

test("a panel beside an opened picture shows every sample of the strip whole", async () => {
  const open = await opened({ width: 520, height: 900, snapshot: snapshotOf(true) });
  await translated(open).waitFor();
  const [content, shown] = await open.page.evaluate<[number, number]>(
    `(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth])(document.querySelector(".samples-strip"))`,
  );
  expect(content).toBeLessThanOrEqual(shown);
});

test("plots of a row are level, though labels above them wrap", async () => {
  const open = await opened({ width: 700, height: 900, snapshot: snapshotOf(true) });
  await open.page.locator("canvas").first().waitFor();
  await open.page.evaluate(
    `document.querySelector(".chart-label").textContent = "a name that needs more than one line ".repeat(3)`,
  );
  const tops = await open.page.evaluate<number[]>(
    `[...document.querySelectorAll(".chart-plot")].slice(0, 2).map((plot) => plot.getBoundingClientRect().top)`,
  );
  expect(tops[0]).toBe(tops[1]);
});
