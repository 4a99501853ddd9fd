import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "../../support/browser/browser";
import { until } from "../../support/browser/until";
import { expectDone, readRunFile, sharedFolder, train, unpairedData } from "../../support/commandLine";
import { loadedPictures, openAddress, shows, view } from "./viewing";

const root = sharedFolder();
const runs = join(root, "elsewhere");
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
  expectDone(await train(unpairedData(join(root, "data")), join(runs, "old")));
  for (const [day, name] of [
    [2, "middle"],
    [3, "new"],
  ] as const) {
    cpSync(join(runs, "old"), join(runs, name), { recursive: true });
    const run = readRunFile(join(runs, name));
    writeFileSync(
      join(runs, name, "run.json"),
      JSON.stringify({ ...run, name, createdAt: `2050-01-0${day}T00:00:00.000Z` }),
    );
  }
});
afterAll(() => browser.close());

it("shows the run that was named, beside the others in its folder", async () => {
  const { address } = await view(["elsewhere/middle"], root);
  const page = await openAddress(browser, address);
  await shows(page, ".head", "middle");
  for (const name of ["old", "middle", "new"]) await shows(page, ".place-runs", name);
});

it("keeps a choice over a reload, and begins with the named run for who comes by the address", async () => {
  const { address } = await view([join(runs, "middle")], root);
  const page = await openAddress(browser, address);
  await shows(page, ".head", "middle");
  await page.getByRole("button", { name: "old", exact: true }).click();
  await shows(page, ".head", "old");
  await page.reload();
  await shows(page, ".head", "old");
  await page.goto(address);
  await shows(page, ".head", "middle");
});

it("shows another run in another tab, and both see what is new in one run", async () => {
  const { address } = await view([join(runs, "middle")], root);
  const [one, two] = [await openAddress(browser, address), await openAddress(browser, address)];
  for (const page of [one, two]) await shows(page, ".head", "middle");
  await two.getByRole("button", { name: "new", exact: true }).click();
  await shows(two, ".head", "new");
  await shows(one, ".head", "middle");
  await one.getByRole("button", { name: "new", exact: true }).click();
  await shows(one, ".head", "new");
  // Another step, as a training would write it.
  const [metrics, step] = [
    join(runs, "new", "metrics.jsonl"),
    readFileSync(join(runs, "old", "metrics.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .at(-1)!,
  ];
  writeFileSync(metrics, `${step.replace('"step":2', '"step":7')}\n`, { flag: "a" });
  for (const page of [one, two]) await shows(page, ".facts", "7 of");
});

it("goes on with another run when the shown one is deleted", async () => {
  cpSync(join(runs, "old"), join(runs, "doomed"), { recursive: true });
  const { address } = await view([join(runs, "doomed")], root);
  const page = await openAddress(browser, address);
  await shows(page, ".head", "doomed");
  // A picture that goes while it is fetched is an error in a browser's console, and rightly so.
  await until(
    "all pictures",
    async () => ((await loadedPictures(page)) === 11 ? true : undefined),
    () => loadedPictures(page),
  );
  rmSync(join(runs, "doomed"), { recursive: true });
  await shows(page, ".head", "new");
  await page.getByRole("button", { name: "doomed", exact: true }).waitFor({ state: "detached" });
});

it("saves tables and pictures through the browser", async () => {
  const { address } = await view([join(runs, "old")], root);
  const page = await openAddress(browser, address);
  const saved = async (click: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> => {
    const [download] = await Promise.all([page.waitForEvent("download"), click()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const table = await saved(() => page.getByRole("button", { name: "Save CSV" }).first().click());
  expect(table.name).toMatch(/\.csv$/);
  expect(table.bytes.toString().trimEnd().split("\n").length).toBe(3);
  await page.locator(".samples .picture-frame img").first().click();
  const picture = await saved(() => page.getByRole("dialog").getByRole("button", { name: "Save" }).first().click());
  expect(picture.bytes).toEqual(readFileSync(join(runs, "old", "samples", "000002", picture.name.replace(/^2-/, ""))));
});
