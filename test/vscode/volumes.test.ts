import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { DecoderClient } from "../../extension/trainer/data/decoder/decoderClient";
import { until } from "../support/browser/until";
import { fileArgument } from "../support/vscode/host";
import { Workbench } from "../support/vscode/workbench";
import { TrainingPanel } from "./support/trainingPanel";
import { writtenConfig } from "./support/newRunList";
import { writeConfig } from "./support/tinyWorkspace";
import { extension, tidyAfterTests, workspaceFolder } from "./trainedWorkspace";

/** A network that takes a step of two volumes at once. */
const small = {
  mode: "paired",
  "network.dimensions": 3,
  "network.inputChannels": 1,
  "network.outputChannels": 1,
  "network.width": 4,
  "network.depth": 1,
  "network.discriminator": { width: 4 },
  "data.path": "heads",
  "data.folders": { a: "lr", b: "hr" },
  "data.cropSize": 16,
  "training.epochs": 1,
  "training.maxSteps": 3,
  "training.sampleEvery": 3,
};

describe("volumes in VS Code", () => {
  const { folder, gone } = workspaceFolder("volumes");
  let vscode: Workbench;
  let panel: TrainingPanel;
  let run: string;

  beforeAll(async () => {
    const heads = join(extension, "media", "samples", "brain-mini");
    cpSync(heads, join(folder, "heads"), { recursive: true });
    cpSync(join(heads, "test", "lr", "IXI049.nii.gz"), join(folder, "scans", "mine.nii.gz"));
    vscode = await Workbench.start({ folders: [folder], extensions: [extension], theme: "dark" });
    panel = new TrainingPanel(vscode);
  });

  tidyAfterTests(() => vscode, gone);

  test("New Run… finds the two folders and their sides, and writes a configuration of a network for volumes", async () => {
    await vscode.runCommand("RevGAN: New Run…");
    await vscode.quickInput.waitUntilOpen();
    const found = (): Promise<string> =>
      vscode.page.locator(".quick-input-list .monaco-list-row:visible").first().innerText();
    await until(
      "the volumes",
      async () => ((await found()).includes("volumes: 7 of A, 7 of B") ? true : undefined),
      found,
    );
    expect(await found()).toContain("32 × 32 × 24 to 64 × 64 × 48");
    await vscode.screenshot("volumes-new-run");
    await vscode.quickInput.choose("heads");
    await vscode.quickInput.asksFor("(2/3)");
    await vscode.quickInput.choose("paired");
    await vscode.quickInput.waitForEntry("Quick look");
    expect(await vscode.quickInput.titles()).toEqual(["Quick look", "Balanced", "Best"]);
    await vscode.quickInput.choose("Quick look");
    await vscode.notifications.waitFor("revgan.json is ready to be trained: about");
    const file = join(folder, "revgan.json");
    const { network, data, mode } = writtenConfig(file).config;
    expect({ mode, folders: data.folders }).toEqual({ mode: "paired", folders: { a: "lr", b: "hr" } });
    // How large it is depends on how fast the machine is.
    const crop = data.cropSize as readonly number[];
    expect(crop.map((side, axis) => side <= [48, 64, 64][axis]!)).toEqual([true, true, true]);
    expect(network).toMatchObject({ dimensions: 3, inputChannels: 1, outputChannels: 1 });
  });

  test("a training's samples are slices, and a slider goes through them", async () => {
    run = fileURLToPath(
      (await vscode.host.executeCommand("revgan.train", fileArgument(writeConfig(folder, small)))) as string,
    );
    await panel.waitForState("Finished");
    const page = await panel.frame();
    const image = page.locator('.samples [data-picture="b-translated-0.png"] img');
    await page.locator('.samples img[src*="b-translated-0.png"]').waitFor();
    // Three slices side by side: 64 + 64 + 64 voxels, and as high as the longest side.
    expect(
      await image.evaluate((element) => [
        (element as unknown as { naturalWidth: number }).naturalWidth,
        (element as unknown as { naturalHeight: number }).naturalHeight,
      ]),
    ).toEqual([192, 64]);
    const through = page.getByRole("slider", { name: "Place in the volume" });
    await through.scrollIntoViewIfNeeded();
    await through.focus();
    await vscode.page.keyboard.press("ArrowLeft");
    await page.locator('.samples img[src*="b-translated-0.40.png"]').waitFor();
    await vscode.screenshot("volumes-samples");
  });

  test("the test volumes are judged in the file's units", async () => {
    await vscode.host.executeCommand("revgan.evaluate", fileArgument(run));
    expect(await vscode.notifications.waitFor("lr → hr: 2 volumes")).toMatch(
      /PSNR [\d.]+ dB, SSIM -?[\d.]+, error [\d.]+, there and back [\d.]+; hr → lr: 2 volumes/,
    );
    await vscode.screenshot("volumes-evaluated");
  });

  test("a right-clicked volume is translated beside itself, onto the finer grid", async () => {
    await vscode.explorer.contextMenu("scans/mine.nii.gz", ["Translate with RevGAN", "A to B"]);
    const result = join(folder, "scans", "mine.AtoB.nii.gz");
    await until("the translation", () => Promise.resolve(existsSync(result) ? true : undefined));
    const decoder = new DecoderClient();
    const info = await decoder.inspect(result, undefined, { kind: "percentile", low: 0, high: 100 });
    decoder.close();
    expect(info).toMatchObject({ depth: 48, height: 64, width: 64, channels: 1 });
    await until("the result in the explorer", async () =>
      (await vscode.explorer.names()).includes("mine.AtoB.nii.gz") ? true : undefined,
    );
    await vscode.screenshot("volumes-translated");
  });

  test("the sample volumes are trained on by one command", async () => {
    const sample = fileURLToPath(
      (await vscode.host.executeCommand("revgan.trySampleData", { volumes: true })) as string,
    );
    const { config, step } = JSON.parse(readFileSync(join(sample, "run.json"), "utf8")) as {
      config: { network: { dimensions: number } };
      step: number;
    };
    expect(config.network.dimensions).toBe(3);
    expect(step).toBeGreaterThanOrEqual(0);
    await panel.waitForState("Training");
    await panel.press("Stop");
    await panel.waitForState("Stopped");
  });
});
