import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, it } from "vitest";
import { launchBrowser } from "../../support/browser/browser";
import { until } from "../../support/browser/until";
import { metricsOf, ofType, Running, sets, sharedFolder, tiny, unpairedData } from "../../support/commandLine";
import { loadedPictures, openAddress, shows, view } from "./viewing";

const name = "é 'one' \"two\" & <b>火 %2e";
const root = sharedFolder();
let browser: Browser;
beforeAll(async () => (browser = await launchBrowser()));
afterAll(() => browser.close());

/** What a page shows at the moment: the step in its head, the samples' step, and how many of their pictures are there. */
async function seen(page: Page): Promise<{ step: number; samples: number; pictures: number }> {
  const number = async (selector: string, words: RegExp): Promise<number> =>
    Number(words.exec((await page.locator(selector).first().innerText()).replace(/\s+/g, " "))?.[1] ?? -1);
  return {
    step: await number(".facts", /Step (\d+) of/),
    samples: await number(".samples-step", /Step (\d+)/),
    pictures: await loadedPictures(page),
  };
}

/** Waits until a page shows the last step, its losses, all its pictures and its memory. */
async function showsEnd(page: Page, run: string, step: number): Promise<void> {
  const samples = readdirSync(join(run, "samples", String(step).padStart(6, "0"))).filter((file) =>
    /^a-input-\d+\.png$/.test(file),
  );
  // Two large, three small, and a pair for each sample in the strip.
  const all = { step, samples: step, pictures: 5 + 2 * samples.length };
  await until(
    JSON.stringify(all),
    async () => (JSON.stringify(await seen(page)) === JSON.stringify(all) ? true : undefined),
    () => seen(page),
  );
  const last = ofType(metricsOf(run), "step").at(-1)!;
  await shows(page, ".charts", last.losses.G_A!.toPrecision(4));
  await page.getByRole("img", { name: /^Peak of .*discriminators/i }).waitFor();
}

it("shows a run that another process trains, step by step, to its end", async () => {
  const run = join(root, ".revgan", "runs", name);
  const data = unpairedData(join(root, "data"));
  const { address } = await view([], root);
  const page = await openAddress(browser, address);
  await page.getByRole("heading", { name: "No runs yet" }).waitFor();

  const training = new Running([
    "train",
    "--json",
    "--data",
    data,
    "--run",
    run,
    ...sets({ ...tiny, "training.maxSteps": 60, "training.sampleEvery": 10 }),
  ]);
  await page.getByRole("heading", { name, exact: true }).waitFor();
  await shows(page, ".head", "Training");
  const [steps, samples] = [new Set<number>(), new Set<number>()];
  await until("three steps and two samples while it trains", async () => {
    const now = await seen(page);
    if (now.step > 0 && now.step < 60) steps.add(now.step);
    if (now.pictures > 0 && now.samples < 60) samples.add(now.samples);
    return steps.size >= 3 && samples.size >= 2 ? true : undefined;
  });

  await training.says('"finished"');
  await shows(page, ".head", "Finished");
  // The last samples are written after the last step.
  await showsEnd(page, run, 60);
  await shows(page, ".place-runs", name);

  await page.reload();
  await page.getByRole("heading", { name, exact: true }).waitFor();
  await showsEnd(page, run, 60);
});
