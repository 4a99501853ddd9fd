import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessibilityFaults } from "../../support/browser/axe";
import { launchBrowser, openPage, screenshot, setAppearance } from "../../support/browser/browser";
import { expectDone, expectRefused, sharedFolder } from "../../support/commandLine";
import { extent } from "../../support/full";
import { revgan } from "../../support/programs";
import { hostile, hostileRuns } from "./hostileRuns";

const folder = sharedFolder();
let runs: [string, string];
let browser: Browser;

beforeAll(async () => {
  runs = await hostileRuns(folder);
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function written(name: string, ...folders: readonly string[]): Promise<string> {
  const out = join(folder, name);
  expectDone(await revgan(["report", "--json", ...folders, "--out", out]));
  return out;
}

/** Opens a file in a browser that reaches nothing else. Returns the page, what it asked for, and what it complained of. */
async function opened(file: string): Promise<{ page: Page; asked: string[]; complaints: string[] }> {
  const page = await openPage(browser, { width: 1100, height: 900 });
  const [asked, complaints]: [string[], string[]] = [[], []];
  const own = pathToFileURL(file).href;
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (request.url() !== own && !request.url().startsWith("data:")) asked.push(request.url());
  });
  await page.context().setOffline(true);
  await page.goto(own);
  return { page, asked, complaints };
}

const two: [string, 1 | 2] = ["two runs side by side", 2];

describe.each(extent([two], [two, ["one run", 1]]))("a report on %s with hostile names", (title, count) => {
  let page: Page;
  let file: string;

  it("loads nothing, runs nothing, and breaks no rule of its own policy", async () => {
    file = await written(`${count}.html`, ...runs.slice(0, count));
    const found = await opened(file);
    page = found.page;
    expect(found.asked).toEqual([]);
    expect(found.complaints).toEqual([]);
    const foreign = "script, iframe, object, embed, link, base, form, img:not([src^='data:image/webp;base64,'])";
    expect(await page.locator(foreign).count()).toBe(0);
    const handlers =
      "[...document.querySelectorAll('*')].flatMap((each) => [...each.attributes].map(({ name }) => name))";
    expect((await page.evaluate<string[]>(handlers)).filter((name) => /^on|^style$|^srcdoc$|href/.test(name))).toEqual(
      [],
    );
    expect(await page.locator("style").count()).toBe(1);
    // The style sheet applies: its hash is the one that the policy names.
    expect(await page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth")).toBe("980px");
  });

  it("shows the names as text", async () => {
    const texts = await page.locator("body").innerText();
    const shown = [hostile.run, hostile.a, hostile.b, hostile.folder, hostile.device, hostile.loss];
    for (const name of [...shown, basename(hostile.file)]) expect(texts).toContain(name);
    expect(await page.title()).toBe(count === 1 ? `${hostile.run} – RevGAN` : "2 runs – RevGAN");
    expect(
      await page
        .locator(count === 1 ? "h1" : "h2")
        .nth(count - 1)
        .innerText(),
    ).toBe(hostile.run);
    const credits = await page.locator("details pre").first().textContent();
    expect(credits).toBe(hostile.credits.replace("\u202e", ""));
  });

  it("has pictures, worst cases with theirs, curves and memory, and no place of this machine", async () => {
    const sizes = await page.evaluate<number[]>("[...document.images].map(({ naturalWidth }) => naturalWidth)");
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    // Of each run in each direction two pictures and two worst cases; the two runs have the same pictures.
    expect(await page.locator(".strip").count()).toBe(count * 2 * (2 + 2) + (count === 2 ? 2 * 2 : 0));
    expect(await page.locator(".case img").count()).toBe(count * 2 * 2 * 4);
    expect(await page.locator("svg[role=img] path.line").count()).toBeGreaterThan(count * 6);
    const text = readFileSync(file, "utf8");
    expect(text).not.toContain(folder);
    expect(statSync(file).size).toBeLessThan(2e6);
  });

  it("can be read by everybody, in light and dark", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await setAppearance(page, { colorScheme });
      expect(await accessibilityFaults(page), colorScheme).toEqual([]);
      await screenshot(page, `report-${count}-${colorScheme}`);
    }
    const ground = (): Promise<string> => page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(await ground()).toBe("rgb(22, 25, 29)");
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await ground(), title).toBe("rgb(255, 255, 255)");
  });

  it("prints on sheets of A4 without cutting pictures", async () => {
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, ...sides]) => sides.map(Number));
    expect(boxes.length).toBeGreaterThan(count);
    for (const [width, height] of boxes) {
      expect(width).toBeCloseTo(595, -1);
      expect(height).toBeCloseTo(842, -1);
    }
    const cut =
      "[...document.querySelectorAll('.strip, .case, .chart')].map((each) => getComputedStyle(each).breakInside)";
    expect(new Set(await page.evaluate<string[]>(cut))).toEqual(new Set(["avoid"]));
  });
});

it("runs in a folder that holds several are found, and a run is named once", async () => {
  const parent = join(folder, "..", basename(folder));
  const text = readFileSync(await written("all.html", parent, runs[1]), "utf8");
  expect(text.match(/<h2>/g)).toHaveLength(3);
});

it("a damaged or missing picture, evaluation sheet or data set costs its place alone", async () => {
  const [, second] = runs;
  const samples = join(second, "samples");
  const steps = readdirSync(samples).filter((name) => !name.endsWith(".json"));
  writeFileSync(join(samples, steps.at(-1)!, "a-translated-0.png"), "no picture");
  writeFileSync(join(second, "evaluation", "test-AtoB.png"), "no picture");
  const { page, complaints } = await opened(await written("damaged.html", second));
  expect(await page.locator(".case img").count()).toBe(8);
  expect(await page.locator(".case").count()).toBe(4);
  expect(complaints).toEqual([]);
});

it("refuses other endings, several runs in a card, and what is no run; nothing is written", async () => {
  const refused = (...words: readonly string[]): ReturnType<typeof revgan> => revgan(["report", "--json", ...words]);
  const usage = { exit: 2, code: "usage" } as const;
  expectRefused(await refused(runs[0]), { ...usage, says: ["needs run folders and --out"] });
  expectRefused(await refused(runs[0], "--out", "report.pdf"), { ...usage, says: ["must end with .html or .md"] });
  expectRefused(await refused(...runs, "--out", "card.md"), { ...usage, says: ["a model card is of one run"] });
  const out = join(folder, "none.html");
  expectRefused(await refused(join(folder, hostile.folder), "--out", out), {
    exit: 2,
    code: "run",
    says: ["is no run"],
  });
  expect(readdirSync(folder)).not.toContain("none.html");
});

it("a model card has the licence and the figures, and what is hostile as text", async () => {
  const card = readFileSync(await written("card.md", runs[0]), "utf8");
  const [, front, ...rest] = card.split(/^---$/m);
  const body = rest.join("---");
  expect(front).toContain("pipeline_tag: image-to-image");
  expect(front).toContain(`name: ${JSON.stringify(hostile.run)}`);
  expect(front).toMatch(/type: mae\n\s+name: "Error, AtoB, test"\n\s+value: [\d.]+/);
  expect(body).toContain("Licence of the data, as the file below names it: CC-BY-SA-4.0.");
  // Outside of blocks of code every bracket and angle is escaped.
  const outside = body.replace(/^(`{3,})[\s\S]*?^\1$/gm, "");
  expect(outside).not.toMatch(/(?<!\\)[<[]/);
  expect(outside).toContain("\\<script\\>document.title");
  expect(card).not.toContain(folder);
});
