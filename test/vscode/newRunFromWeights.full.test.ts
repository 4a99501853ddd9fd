import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readFixture, tensorsOf } from "../parity/fixtures";
import { until } from "../support/browser/until";
import { noise, writeTree } from "../support/images";
import { Workbench } from "../support/vscode/workbench";
import { lookedAt, writtenConfig } from "./support/newRunList";
import { extension, tidyAfterTests, workspaceFolder } from "./trainedWorkspace";

describe("a file of weights in the explorer", () => {
  const { folder, gone } = workspaceFolder("weights");
  let vscode: Workbench;

  beforeAll(async () => {
    const names = ["trainA/1", "trainA/2", "trainB/1", "trainB/2"];
    writeTree(folder, Object.fromEntries(names.map((name, i) => [`maps/${name}.png`, noise(i, 64, 64)])));
    cpSync(join(extension, "test", "parity", "fixtures", "cyclegan", "legacy"), join(folder, "theirs"), {
      recursive: true,
    });
    writeFileSync(join(folder, "broken.pth"), "cos\nsystem\n(S'ls'\ntR.");
    vscode = await Workbench.start({ folders: [folder], extensions: [extension], theme: "dark" });
  });

  tidyAfterTests(() => vscode, gone);

  const file = join(folder, "revgan.json");

  test("right-click makes a configuration with its network, whose training begins with the weights of all files", async () => {
    await vscode.explorer.contextMenu("theirs/latest_net_G_A.pth", ["RevGAN: New Run from These Weights…"]);
    await lookedAt(vscode);
    await vscode.screenshot("new-run-from-weights");
    expect(await vscode.quickInput.prompt()).toContain("New Run from theirs");
    await vscode.quickInput.choose("maps");
    await vscode.quickInput.asksFor("(2/2)");
    await vscode.quickInput.waitForEntry("Quick look");
    await vscode.screenshot("new-run-from-weights-plan");
    await vscode.quickInput.choose("Quick look");
    await vscode.notifications.waitFor("revgan.json is ready to be trained: about");
    const { written, config } = writtenConfig(file);
    expect(written).toMatchObject({ mode: "unpaired", training: { init: "theirs" } });
    const theirs = readFixture("cyclegan");
    expect(config.network).toEqual(theirs.config.network);
    await vscode.screenshot("new-run-from-weights-written");

    // Without a step the first checkpoint holds what the training began with.
    const text = readFileSync(file, "utf8").replace(/"maxSteps": \d+/, '"maxSteps": 0');
    expect(text).toContain('"maxSteps": 0');
    writeFileSync(file, text);
    await vscode.notifications.click("ready to be trained", "Train");
    const runs = join(folder, ".revgan", "runs");
    const weights = await until("the first checkpoint", () => {
      const [run] = existsSync(runs) ? readdirSync(runs) : [];
      const found = join(runs, run ?? "", "checkpoints", "000000", "weights.safetensors");
      return Promise.resolve(existsSync(found) ? found : undefined);
    });
    expect(tensorsOf(weights)).toEqual(tensorsOf(theirs.file("init")));
  });

  test("one that holds no tensors is refused in a sentence", async () => {
    await vscode.explorer.contextMenu("broken.pth", ["RevGAN: New Run from These Weights…"]);
    await vscode.notifications.waitFor("broken.pth is not a whole PyTorch file");
  });
});
