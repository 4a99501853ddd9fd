import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accessibilityFaults } from "../support/browser/axe";
import { SampleRun } from "../support/vscode/sampleRun";
import { themes, type Theme } from "../support/vscode/settings";
import { Workbench } from "../support/vscode/workbench";

const extension = join(import.meta.dirname, "..", "..");

describe("a trained run, with its memory measured", () => {
  let folder: string;
  let vscode: Workbench;
  let panel: Frame;
  let side: Frame;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "revgan-looks-"));
    vscode = await Workbench.start({ folders: [folder], extensions: [extension], theme: "dark" });
    await vscode.views.open("RevGAN");
    side = await vscode.webviews.frame("RevGAN Live");
    const run = await SampleRun.start(vscode);
    await run.reach(55);
    await run.stop();
    await run.measureMemory([1, 2]);
    panel = await run.openPanel();
    await panel.locator(".samples-picture img").first().waitFor();
    await panel.getByText("Data as a table").click();
    for (const table of await panel.getByRole("button", { name: "Table" }).all()) await table.click();
    await side.locator(".samples-row").first().waitFor();
  }, 300_000);

  afterAll(async () => {
    await vscode.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const theme of Object.keys(themes) as Theme[]) {
    test(`has no fault that axe-core finds in ${theme}`, async () => {
      await vscode.setTheme(theme);
      await vscode.screenshot(`looks-${theme}`);
      expect(await faults(panel, "editor-background")).toEqual([]);
      expect(await faults(side, "sideBar-background")).toEqual([]);
      await panel.locator(".samples-picture").first().click();
      await panel.getByRole("dialog").waitFor();
      expect(await faults(panel, "editor-background")).toEqual([]);
      await vscode.page.keyboard.press("Escape");
    });
  }

  test("shows losses, samples and memory at once in a window of 1400 × 900", async () => {
    for (const table of await panel.getByRole("button", { name: "Table" }).all()) await table.click();
    await panel.evaluate("scrollTo(0, 0)");
    const seen = await panel.evaluate<string[]>(
      `[...document.querySelectorAll("h2")].filter((heading) => heading.getBoundingClientRect().bottom < innerHeight).map(({ textContent }) => textContent)`,
    );
    expect(seen).toEqual(expect.arrayContaining(["Losses", "Samples", "Memory against depth"]));
  });
});

/** VS Code paints behind the transparent page, which axe-core, inside it, takes for white. */
async function faults(page: Frame, background: string): Promise<string[]> {
  await page.evaluate(`document.documentElement.style.background = "var(--vscode-${background})"`);
  return await accessibilityFaults(page);
}
