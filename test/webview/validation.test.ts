import { afterAll, expect, test } from "vitest";
import type { ValidationLine } from "../../extension/protocol/lines";
import { direction } from "./samplesPage";
import { opened } from "./support/opened";
import { closeBrowser, type OpenPage } from "./support/page";
import { exampleConfig, exampleSnapshot, exampleView } from "./support/runs";
import { expectNoFaultsInAnyTheme } from "./support/everyTheme";

afterAll(closeBrowser);

const line = (step: number, mae: number): ValidationLine => ({
  type: "validation",
  step,
  metrics: {
    AtoB: { mae, psnr: null, ssim: 0.51234, constantMae: 42.46 },
    BtoA: { mae: 2 * mae, psnr: 18.256, ssim: 0.9 },
  },
});
const shownWith = (validations: ValidationLine[]): ReturnType<typeof exampleSnapshot> => ({
  ...exampleSnapshot(),
  shown: { ...exampleView(), validations },
});
const card = (open: OpenPage) => open.page.getByRole("region", { name: "Quality", exact: true });
const errors = [9, 4, 8, 8, 7, 6, 1300.5];

test("the latest error is large, with where it began, the best, and what a plain colour gives", async () => {
  const open = await opened({ snapshot: shownWith(errors.map((mae, i) => line(1000 * (i + 1), mae))) });
  const words = (await card(open).innerText()).replace(/\s+/g, " ");
  expect(words).toBe(
    "Quality A → B Table 1,300.5 of 255 Mean error on validation pictures at step 7,000. It was 9.0 at step 1,000. Best: 4.0 at step 2,000. One plain colour: 42.5. 1,000 7,000 SSIM 0.512",
  );
  expect(await card(open).getByRole("img").getAttribute("aria-label")).toBe(
    "1,300.5. Mean error on validation pictures at step 7,000. It was 9.0 at step 1,000. Best: 4.0 at step 2,000. One plain colour: 42.5.",
  );
  await direction(open, "B → A").click();
  await card(open).getByText("2,601.0").waitFor();
  expect(await card(open).innerText()).toContain("18.3 dB");
});

test("its table has every validation of the direction, the newest first, with the best marked", async () => {
  const open = await opened({ snapshot: shownWith(errors.map((mae, i) => line(1000 * (i + 1), mae))) });
  await card(open).getByRole("button", { name: "Quality: table" }).click();
  await expectNoFaultsInAnyTheme(open);
  const rows = await open.page.evaluate<string[][]>(
    `[...document.querySelectorAll(".quality tr")].map((row) => [...row.cells].map((cell) => cell.textContent))`,
  );
  expect(rows.map(([step]) => step)).toEqual([
    "Step",
    "7,000",
    "6,000",
    "5,000",
    "4,000",
    "3,000",
    "2,000 (best)",
    "1,000",
  ]);
  expect(rows.slice(0, 2)).toEqual([
    ["Step", "Error", "SSIM", "Plain colour"],
    ["7,000", "1,300.50", "0.512", "42.46"],
  ]);
});

test("without pairs it is the distance of the two sets of pictures", async () => {
  const distances = (step: number, slicedWasserstein: number): ValidationLine => ({
    type: "validation",
    step,
    metrics: { AtoB: { slicedWasserstein, slicedWassersteinUntranslated: 12.34 } },
  });
  const open = await opened({ snapshot: shownWith([distances(100, 8.5), distances(200, 6.25)]) });
  expect((await card(open).innerText()).replace(/\s+/g, " ")).toBe(
    "Quality A → B Table 6.3 of 255 How far translations are, as a set, from real B (sliced Wasserstein) at step 200. It was 8.5 at step 100. This is the best so far. Untranslated: 12.3. 100 200",
  );
});

test("new validations come as the training goes on; before, it says when the first comes, or what to set", async () => {
  const view = exampleView();
  const withEvery = (validateEvery: number): ReturnType<typeof exampleSnapshot> => ({
    ...exampleSnapshot(),
    shown: {
      ...view,
      validations: [],
      config: { ...exampleConfig, training: { ...exampleConfig.training, validateEvery } },
    },
  });
  const open = await opened({ snapshot: withEvery(0) });
  await card(open).getByText("training.validateEvery is 0").waitFor();
  await open.send({ ...withEvery(500) });
  await card(open).getByText("The first figure comes at step 500.").waitFor();
  await open.send({
    type: "steps",
    run: view.run.id,
    from: view.steps.length,
    steps: { length: 0, columns: {} },
    lastStepLine: null,
    validations: [line(10, 3)],
  });
  await card(open).getByText("3.0", { exact: true }).waitFor();
});
