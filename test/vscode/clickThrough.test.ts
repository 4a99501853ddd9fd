import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noise, writeTree } from "../support/images";
import { Workbench } from "../support/vscode/workbench";

const extension = join(import.meta.dirname, "..", "..");

describe("from an empty window to a translated picture", () => {
  let folder: string;
  let vscode: Workbench;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "revgan click 'through' é-"));
    writeTree(folder, { "photos/tissue.png": noise(1, 256, 256) });
    vscode = await Workbench.start({ folders: [folder], extensions: [extension], theme: "dark" });
  });

  afterAll(async () => {
    await vscode.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("Try with Sample Data trains, and the panel shows it", async () => {
    await vscode.runCommand("RevGAN: Try with Sample Data");
    await vscode.screenshot("1-started");
    const panel = await vscode.webviews.frame("RevGAN");
    await panel.getByText("training", { exact: false }).first().waitFor();
    await new Promise((r) => setTimeout(r, 25000));
    await vscode.screenshot("2-panel");
    await vscode.views.open("RevGAN");
    await new Promise((r) => setTimeout(r, 4000));
    await vscode.screenshot("3-side");
    console.log(await vscode.views.tree("Runs").labels(), await vscode.statusBar.texts(), await vscode.notifications.texts());
  }, 200_000);

  test("Stop", async () => {
    await vscode.runCommand("RevGAN: Stop");
    await vscode.screenshot("4-stopping");
    await new Promise((r) => setTimeout(r, 5000));
    await vscode.screenshot("5-stopped");
    console.log(await vscode.views.tree("Runs").labels(), await vscode.notifications.texts());
    await vscode.explorer.contextMenu("photos/tissue.png", ["Translate with RevGAN", "A to B"]);
    await new Promise((r) => setTimeout(r, 6000));
    await vscode.screenshot("6-translated");
    console.log(await vscode.notifications.texts());
    expect(existsSync(join(folder, "photos", "tissue.AtoB.png"))).toBe(true);
  }, 200_000);
  test("activation", async () => {
    console.log(await vscode.activation("revgan.revgan"));
  }, 100_000);
});
