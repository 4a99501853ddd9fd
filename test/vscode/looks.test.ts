import { join } from "node:path";
import type { Frame } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accessibilityFaults, colourRules } from "../support/browser/axe";
import { expectDone, pairedData, train } from "../support/commandLine";
import { isFull } from "../support/full";
import { fileArgument } from "../support/vscode/host";
import { themes, type Theme } from "../support/vscode/settings";
import { Workbench } from "../support/vscode/workbench";
import { extension, workspaceFolder } from "./trainedWorkspace";

describe("a trained run, with its memory measured", () => {
  const { folder, gone } = workspaceFolder("looks");
  let vscode: Workbench;
  let panel: Frame;
  let side: Frame;

  beforeAll(async () => {
    const trained = join(folder, ".revgan", "runs", "trained");
    const steps = { mode: "paired", "training.maxSteps": 4, "training.sampleEvery": 2 };
    expectDone(await train(pairedData(join(folder, "data")), trained, steps));
    const run = fileArgument(trained);
    vscode = await Workbench.start({ folders: [folder], extensions: [extension], theme: "dark" });
    await vscode.views.open("RevGAN");
    side = await vscode.webviews.frame("RevGAN Live");
    await vscode.host.executeCommand("revgan.measureMemory", run, { depths: [1] });
    await vscode.host.executeCommand("revgan.openPanel", run);
    panel = await vscode.webviews.frame("RevGAN: trained");
    await panel.locator(".samples-picture img").first().waitFor();
    await panel.getByText("Data as a table").click();
    for (const table of await panel.getByRole("button", { name: "Table" }).all()) await table.click();
    await side.locator(".samples-row").first().waitFor();
  });

  afterAll(async () => {
    await vscode.close();
    gone();
  });

  for (const [i, theme] of (Object.keys(themes) as Theme[]).entries()) {
    const rules = i === 0 || isFull ? undefined : colourRules;
    test(`has no fault that axe-core finds in ${theme}`, async () => {
      await vscode.setTheme(theme);
      await vscode.screenshot(`looks-${theme}`);
      expect(await faults(panel, "editor-background", rules)).toEqual([]);
      expect(await faults(side, "sideBar-background", rules)).toEqual([]);
      await panel.locator(".samples-picture").first().click();
      await panel.getByRole("dialog").waitFor();
      expect(await faults(panel, "editor-background", rules)).toEqual([]);
      await vscode.page.keyboard.press("Escape");
    });
  }

  test("shows quality and a large translation at once in a window of 1400 × 900", async () => {
    for (const table of await panel.getByRole("button", { name: "Table" }).all()) await table.click();
    await panel.evaluate("scrollTo(0, 0)");
    const [width, ...bottoms] = await panel.evaluate<number[]>(
      `(() => {
        const boxes = ['[data-picture="a-translated-0.png"]', ".quality", ".facts", ".head .buttons"].map((part) => document.querySelector(part).getBoundingClientRect());
        return [boxes[0].width, innerHeight, ...boxes.map(({ bottom }) => bottom)];
      })()`,
    );
    expect(width).toBeGreaterThanOrEqual(300);
    expect(Math.max(...bottoms)).toBe(bottoms[0]);
  });
});

/** VS Code paints behind the transparent page, which axe-core, inside it, takes for white. */
async function faults(page: Frame, background: string, rules: readonly string[] | undefined): Promise<string[]> {
  await page.evaluate(`document.documentElement.style.background = "var(--vscode-${background})"`);
  return await accessibilityFaults(page, rules);
}
