import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { longPatience, until } from "../support/browser/until";
import { noise, writeTree } from "../support/images";
import { fileArgument } from "../support/vscode/host";
import { Workbench } from "../support/vscode/workbench";
import { entries, lookedAt, writtenConfig } from "./support/newRunList";
import { waitForStep } from "./support/trainers";
import { extension, tidyAfterTests, workspaceFolder } from "./trainedWorkspace";

/** A JPEG of noise. */
async function jpeg(seed: number, height: number, width: number): Promise<Buffer> {
  const { samples } = noise(seed, height, width);
  return await sharp(Buffer.from(samples), { raw: { height, width, channels: 3 } })
    .jpeg()
    .toBuffer();
}

/** Files of names of their own. */
async function jpegs(
  folder: string,
  names: readonly string[],
  height = 48,
  width = 64,
): Promise<Record<string, Buffer>> {
  const files = names.map(async (name, i) => [`${folder}/${name}.jpg`, await jpeg(i, height, width)] as const);
  return Object.fromEntries(await Promise.all(files));
}

const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`);

describe("New Run… in a workspace of folders that people have", () => {
  const { folder, gone } = workspaceFolder("flowers");
  let vscode: Workbench;

  beforeAll(async () => {
    writeTree(folder, {
      ...(await jpegs("flowers/daisy", numbered("IMG_", 12))),
      ...(await jpegs("flowers/sunflower", numbered("DSC", 9))),
      ...(await jpegs("photos", numbered("p", 7))),
      ...(await jpegs("sketches", [...numbered("p", 6), "extra"])),
      ...(await jpegs("facades", numbered("", 6), 64, 128)),
      ...Object.fromEntries(numbered("d", 3).map((name) => [`damaged/${name}.jpg`, "no picture"])),
      "docs/logo.png": noise(1, 20, 20),
    });
    cpSync(join(extension, "media", "samples", "brain-mini", "train", "lr"), join(folder, "heads"), {
      recursive: true,
    });
    vscode = await Workbench.start({ folders: [folder], extensions: [extension], theme: "dark" });
  });

  tidyAfterTests(() => vscode, gone);

  test("six clicks lead from two folders of JPEGs to a training, with its estimate before", async () => {
    let clicks = 0;
    const click = async (action: Promise<void>): Promise<void> => {
      clicks++;
      await action;
    };
    await click(vscode.runCommand("RevGAN: New Run…"));
    const found = await lookedAt(vscode);
    await vscode.screenshot("new-run-plain-a");
    expect(found).toEqual([
      "facades pictures: 6 · 128 × 64",
      expect.stringMatching(/^heads volumes: 7 · /),
      "photos pictures: 7 · 64 × 48",
      "sketches pictures: 7 · 64 × 48",
      "flowers/daisy pictures: 12 · 64 × 48",
      "flowers/sunflower pictures: 9 · 64 × 48",
      expect.stringMatching(/^damaged d1\.jpg .+\. .+\.$/),
      "Another Folder…",
    ]);
    await click(vscode.quickInput.choose("flowers/daisy"));
    await vscode.quickInput.asksFor("(2/3)");
    expect(await vscode.quickInput.prompt()).toContain("A is flowers/daisy. Which folder is B?");
    await vscode.screenshot("new-run-plain-b");
    // The neighbour first, no volumes, and not the folder itself.
    expect(await vscode.quickInput.titles()).toEqual([
      "flowers/sunflower",
      "facades",
      "photos",
      "sketches",
      "damaged",
      "Another Folder…",
    ]);
    await click(vscode.quickInput.choose("flowers/sunflower"));
    await vscode.quickInput.asksFor("(3/3)");
    await vscode.quickInput.waitForEntry("Quick look");
    for (const text of (await entries(vscode)).slice(0, 3)) expect(text).toMatch(/about \d+ .+ · [\d.]+ [MG]B/);
    await click(vscode.quickInput.choose("Quick look"));
    await vscode.notifications.waitFor("revgan.json is ready to be trained: about");
    await vscode.screenshot("new-run-plain-written");
    await click(vscode.notifications.click("ready to be trained", "Train"));
    const runs = join(folder, ".revgan", "runs");
    const name = await until("the run", () => Promise.resolve(readdirSync(runs)[0]), undefined, longPatience);
    const run = join(runs, name);
    await waitForStep(run, 1);
    expect(clicks).toBeLessThanOrEqual(6);
    const panel = await vscode.webviews.frame(/^RevGAN: /);
    await panel.getByText("daisy → sunflower").first().waitFor();
    await vscode.screenshot("new-run-plain-trains");
    await vscode.host.executeCommand("revgan.stop", fileArgument(run));
  });

  test("the file names both folders, holds some pictures out, and says what its keys do and cost", async () => {
    const { written, config } = writtenConfig(join(folder, "revgan.json"));
    expect(written).toMatchObject({
      mode: "unpaired",
      data: { a: "flowers/daisy", b: "flowers/sunflower", split: { val: 0.1, test: 0.1 } },
    });
    // The folders' names do.
    expect(config.data.names).toBe(null);
    await vscode.openFile(join(folder, "revgan.json"));
    await vscode.page.getByRole("button", { name: "JSON with Comments" }).first().waitFor();
    await vscode.page.getByText("// What a step sees.").first().waitFor();
    await vscode.setTheme("light");
    expect(await vscode.page.locator(".squiggly-error, .squiggly-warning").count()).toBe(0);
    await vscode.page.getByText('"depth"').first().hover();
    const hover = vscode.page.locator(".monaco-hover:visible").filter({ hasText: "Reversible blocks" });
    await hover.waitFor();
    await vscode.screenshot("new-run-plain-hover");
    expect(await hover.innerText()).toMatch(/Default: 9\s+Cost: 9\.4 MB/);
  });

  test("Back keeps what was chosen, and asks how files of the same names belong together, as pairs first", async () => {
    await vscode.runCommand("RevGAN: New Run…");
    await lookedAt(vscode);
    await vscode.quickInput.choose("photos");
    await vscode.quickInput.asksFor("(2/4)");
    await vscode.quickInput.choose("sketches");
    await vscode.quickInput.asksFor("(3/5)");
    await vscode.screenshot("new-run-plain-mode");
    expect(await entries(vscode)).toEqual([
      "paired  A and B of the same name belong together: 6 of 7 have a partner",
      expect.stringContaining("unpaired"),
    ]);
    await vscode.quickInput.back();
    await vscode.quickInput.asksFor("A is photos. Which folder is B?");
    await vscode.quickInput.back();
    await vscode.quickInput.asksFor("(1/5)");
    // Enter takes what was chosen before.
    await vscode.quickInput.accept();
    await vscode.quickInput.asksFor("(2/5)");
    await vscode.quickInput.accept();
    await vscode.quickInput.asksFor("(3/5)");
    await vscode.quickInput.choose("paired");
    await vscode.quickInput.asksFor("(4/5)");
    await vscode.quickInput.choose("Quick look");
    await vscode.quickInput.asksFor("(5/5)");
    await vscode.screenshot("new-run-plain-file");
    await vscode.quickInput.choose("photos-sketches.revgan.json");
    await vscode.notifications.waitFor("photos-sketches.revgan.json is ready to be trained");
    expect(writtenConfig(join(folder, "photos-sketches.revgan.json")).written).toMatchObject({
      mode: "paired",
      data: { a: "photos", b: "sketches", split: { val: 0.1, test: 0.1 } },
    });
  });

  test("pictures twice as wide as high may be pairs side by side", async () => {
    await vscode.runCommand("RevGAN: New Run…");
    await lookedAt(vscode);
    await vscode.quickInput.choose("facades");
    await vscode.quickInput.asksFor("(2/4)");
    // What cannot be trained on leaves the list open.
    await vscode.quickInput.choose("damaged");
    await lookedAt(vscode);
    await vscode.screenshot("new-run-plain-sides");
    expect((await vscode.quickInput.titles())[0]).toBe("Pairs side by side in facades");
    await vscode.quickInput.choose("Pairs side by side in facades");
    await vscode.quickInput.asksFor("(3/4)");
    await vscode.quickInput.choose("Quick look");
    await vscode.quickInput.choose("facades.revgan.json");
    await vscode.notifications.waitFor("facades.revgan.json is ready to be trained");
    expect(writtenConfig(join(folder, "facades.revgan.json")).written).toMatchObject({
      mode: "paired",
      data: { path: "facades", split: { val: 0.1, test: 0.1 } },
    });
  });
});
