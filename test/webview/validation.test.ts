import { afterAll, expect, test } from "vitest";
import type { ValidationLine } from "../../extension/protocol/lines";
import { opened } from "./support/opened";
import { closeBrowser } from "./support/page";
import { exampleSnapshot, exampleView } from "./support/runs";

afterAll(closeBrowser);

const line = (step: number, mae: number): ValidationLine => ({
  type: "validation",
  step,
  metrics: { AtoB: { mae, psnr: null, ssim: 0.51234 }, BtoA: { mae: 2 * mae, psnr: 18.256, ssim: 0.9 } },
});
const shownWith = (validations: ValidationLine[]): ReturnType<typeof exampleSnapshot> => ({
  ...exampleSnapshot(),
  shown: { ...exampleView(), validations },
});

test("validations are a table, the newest first, with the best of all", async () => {
  const open = await opened({
    snapshot: shownWith([9, 4, 8, 8, 7, 6, 1300.5].map((mae, i) => line(1000 * (i + 1), mae))),
  });
  const table = open.page.getByRole("region", { name: "Validation" }).getByRole("table");
  const rows = await open.page.evaluate<string[][]>(
    `[...document.querySelectorAll(".validation tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent))`,
  );
  expect(rows.map(([step]) => step)).toEqual(["7,000", "6,000", "5,000", "4,000", "3,000", "2,000 (best)"]);
  expect(rows[0]).toEqual(["7,000", "1,300.50", "–", "0.512", "2,601.00", "18.26", "0.900"]);
  expect(await table.locator("thead").innerText()).toMatch(
    /Step\s+A to B\s+B to A\s+Error\s+PSNR\s+SSIM\s+Error\s+PSNR\s+SSIM/,
  );
});

test("new ones come as the training goes on, and a run without any has no table", async () => {
  const view = exampleView();
  const open = await opened({ snapshot: shownWith([]) });
  const region = open.page.getByRole("region", { name: "Validation" });
  expect(await region.count()).toBe(0);
  await open.send({
    type: "steps",
    run: view.run.id,
    from: view.steps.length,
    steps: { length: 0, columns: {} },
    lastStepLine: null,
    validations: [line(10, 3)],
  });
  await region.getByRole("rowheader", { name: "10 (best)" }).waitFor();
});
