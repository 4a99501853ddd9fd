import { afterAll, expect, test } from "vitest";
import type { RunEvaluation } from "../../extension/protocol/panel";
import { direction } from "./samplesPage";
import { expectNoFaultsInAnyTheme } from "./support/everyTheme";
import { eventually, opened } from "./support/opened";
import { closeBrowser, type OpenPage } from "./support/page";
import { exampleSnapshot, exampleSummary, exampleView, samplesBase } from "./support/runs";

afterAll(closeBrowser);

const evaluation: RunEvaluation = {
  split: "test",
  direction: "AtoB",
  time: "2026-03-14T09:03:18.000Z",
  step: 2560,
  images: 10,
  metrics: { mae: 19.53, psnr: 18.8, ssim: 0.7123, cycleMae: 15.7, classIoU: 0.5 },
  worst: [
    { name: "one", metrics: { mae: 25.04, psnr: 16.2, ssim: 0.6 }, columns: ["input", "translated", "truth"] },
    { name: "other", metrics: { mae: 21, psnr: null, ssim: 0.65 }, columns: ["input", "translated", "truth"] },
  ],
  // Any picture of two equal halves, one above the other.
  sheet: `${samplesBase}000600/a-input-0.png`,
};
const section = (open: OpenPage) => open.page.getByRole("region", { name: "Evaluation", exact: true });
const snapshot = { ...exampleSnapshot(), shown: { ...exampleView(), evaluations: [evaluation] } };

test("an evaluation stays in the panel: figures, and the worst cases with their pictures", async () => {
  const open = await opened({ snapshot });
  await section(open).locator("img").last().waitFor();
  expect(
    (await section(open).locator(".evaluation-what, .facts").allInnerTexts()).map((each) => each.replace(/\s+/g, " ")),
  ).toEqual(["10 test pictures · step 2,560", "Error 19.5 PSNR 18.8 dB SSIM 0.712 Class IoU 0.500 Way back 15.7"]);
  const rows = await open.page.evaluate<string[][]>(
    `[...document.querySelectorAll(".evaluation tr")].map((row) => [...row.cells].map((cell) => cell.innerText.replace(/\\s+/g, " ").trim()))`,
  );
  expect(rows).toEqual([
    ["Input Translation Truth", "File", "Error", "PSNR", "SSIM"],
    ["", "one", "25.0", "16.2 dB", "0.600"],
    ["", "other", "21.0", "–", "0.650"],
  ]);
  // Each row shows its half of the sheet.
  const frames = section(open).locator(".evaluation-row");
  await eventually("the frames", async () => (await frames.first().boundingBox())!.height > 20);
  const [first, second] = [(await frames.first().boundingBox())!, (await frames.last().boundingBox())!];
  const moved = (await section(open).locator("img").last().boundingBox())!;
  expect(
    [first.width / first.height, (second.y - moved.y) / second.height].map((each) => Math.round(each * 100) / 100),
  ).toEqual([2, 1]);
  await expectNoFaultsInAnyTheme(open);
});

test("a row opens the sheet at full size, and another direction without an evaluation shows none", async () => {
  const open = await opened({ snapshot });
  await section(open).locator(".evaluation-row").first().focus();
  await open.page.keyboard.press("Enter");
  const dialog = open.page.getByRole("dialog", { name: "Worst cases at full size" });
  await dialog.locator("img").waitFor();
  await open.page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await direction(open, "B → A").click();
  await section(open).waitFor({ state: "hidden" });
  await open.send({
    type: "evaluations",
    run: exampleSummary().id,
    evaluations: [{ ...evaluation, direction: "BtoA" }],
  });
  await section(open).waitFor();
});

test("a finished run offers what comes next, and says how long it took", async () => {
  const finished = exampleSnapshot({ state: "finished" });
  const actions = ["translatePicture", "evaluate", "trainFurther", "revealRun", "showLog"] as const;
  const run = { ...finished.shown!.run, actions: [...actions], seconds: 3725 };
  const open = await opened({ snapshot: { ...finished, runs: [run], shown: { ...finished.shown!, run } } });
  for (const name of ["Translate a Picture…", "Evaluate", "Train Further…"])
    await open.page.getByRole("group", { name: "Run", exact: true }).getByRole("button", { name }).click();
  expect(open.sent().flatMap((message) => (message.type === "act" ? [message.action] : []))).toEqual(
    actions.slice(0, 3),
  );
  expect(await open.page.locator(".facts").first().innerText()).toMatch(/Duration\s+1 h 2 min/);
});

test.each([
  ["stopped", "Resume from Checkpoint"],
  ["finished", "Translate a Picture…"],
] as const)("of what a %s run offers, one button is emphasised: %s", async (state, name) => {
  const snapshot = exampleSnapshot({ state });
  const actions =
    state === "stopped" ? (["resumeFromCheckpoint", "translatePicture"] as const) : (["translatePicture"] as const);
  const run = { ...snapshot.shown!.run, actions: [...actions, "evaluate" as const] };
  const open = await opened({ snapshot: { ...snapshot, runs: [run], shown: { ...snapshot.shown!, run } } });
  const emphasised = open.page.locator(".head vscode-button[appearance=primary]:not([hidden])");
  expect(await emphasised.allInnerTexts()).toEqual([name]);
});
