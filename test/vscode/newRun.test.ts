import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasSlurm } from "../../extension/cluster/slurm";
import { parseConfig } from "../../extension/configuration/config";
import type { PlanLine } from "../../extension/protocol/lines";
import { until } from "../support/browser/until";
import { noise, pngBytes, writeTree } from "../support/images";
import { fileArgument } from "../support/vscode/host";
import { Workbench } from "../support/vscode/workbench";
import { entries, lookedAt, writtenConfig } from "./support/newRunList";
import { extension, tidyAfterTests, workspaceFolder } from "./trainedWorkspace";

describe("New Run… in a folder with data", () => {
  const { folder, gone } = workspaceFolder("new run");
  const file = join(folder, "revgan.json");
  let vscode: Workbench;

  beforeAll(async () => {
    const picture = noise(1, 40, 60);
    writeTree(folder, {
      "maps/trainA/1.png": picture,
      "maps/trainA/2.png": noise(2, 30, 200),
      "maps/trainB/1.png": picture,
      "side by side/train/1.png": noise(3, 64, 128),
      ...Object.fromEntries(
        Array.from({ length: 12 }, (_, i) => [
          `it's "mine" été/train${i % 2 === 0 ? "A" : "B"}/${i >> 1}.png`,
          noise(4 + i, 300, 300),
        ]),
      ),
      "broken/trainA/1.png": picture,
      "broken/trainB/1.png": pngBytes(picture).subarray(0, 20),
      "without B/trainA/1.png": picture,
      "without B/trainB": null,
    });
    vscode = await Workbench.start({ folders: [folder], extensions: [extension], theme: "dark" });
  });

  tidyAfterTests(() => vscode, gone);

  async function answer(data: string, mode: string, size: string, steps: number): Promise<void> {
    await vscode.runCommand("RevGAN: New Run…");
    await lookedAt(vscode);
    await vscode.quickInput.choose(data);
    await vscode.quickInput.asksFor(`(2/${steps})`);
    await vscode.quickInput.choose(mode);
    await vscode.quickInput.asksFor(`(3/${steps})`);
    await vscode.quickInput.choose(size);
  }

  test("lists the data folders with what is in them, and says of a broken one why", async () => {
    await vscode.runCommand("RevGAN: New Run…");
    const found = await lookedAt(vscode);
    await vscode.screenshot("new-run-data");
    expect(found).toHaveLength(6);
    expect(found).toContainEqual(expect.stringContaining("maps pictures: 2 of A, 1 of B · 60 × 30 to 200 × 40"));
    expect(found).toContainEqual(expect.stringContaining("side by side pairs side by side: 1 · 64 × 64"));
    expect(found).toContainEqual(expect.stringContaining('it\'s "mine" été pictures: 6 of A, 6 of B · 300 × 300'));
    await vscode.quickInput.choose("broken");
    const again = await lookedAt(vscode);
    expect(again.find((text) => text.startsWith("broken"))).toMatch(/^broken trainB\/1\.png .+\. .+\.$/);
    await vscode.screenshot("new-run-broken");
  });

  test("asks for mode and size, writes a configuration that works, opens it, and offers to train", async () => {
    await vscode.runCommand("RevGAN: New Run…");
    await lookedAt(vscode);
    await vscode.quickInput.choose('it\'s "mine" été');
    await vscode.quickInput.asksFor("(2/3)");
    await vscode.screenshot("new-run-mode");
    expect(await vscode.quickInput.titles()).toEqual(["unpaired", "paired"]);
    await vscode.quickInput.choose("unpaired");
    await vscode.quickInput.asksFor("(3/3)");
    await vscode.quickInput.waitForEntry("Quick look");
    await vscode.screenshot("new-run-size");
    expect(await vscode.quickInput.titles()).toEqual(["Quick look", "Balanced", "Best"]);
    for (const text of (await entries(vscode)).slice(0, 3))
      expect(text).toMatch(/about \d+ .+ · \d+ × \d+ · \d+ blocks, width \d+ · \d+ MB/);
    await vscode.quickInput.choose("Quick look");
    await vscode.notifications.waitFor("revgan.json is ready to be trained: about");
    await vscode.screenshot("new-run-written");
    // The second where this machine has Slurm.
    const buttons = hasSlurm() ? ["Train", "Train on Cluster…"] : ["Train"];
    expect(await vscode.notifications.buttons("ready to be trained")).toEqual(buttons);
    expect(await vscode.editors()).toEqual(["revgan.json"]);
    // It has neither val nor test.
    expect(writtenConfig(file).written).toMatchObject({
      mode: "unpaired",
      data: { path: 'it\'s "mine" été', split: { val: 0.1, test: 0.1 } },
    });
  });

  test("and plans for other limits are there for programs", async () => {
    const memory = 60e6;
    const lines = (await vscode.host.executeCommand("revgan.plan", fileArgument(file), {
      memory,
      time: 900,
    })) as PlanLine[];
    expect(lines.map(({ name }) => name)).toEqual(["quick", "balanced", "best"]);
    for (const { peakBytes, seconds, fits, config } of lines) {
      expect(peakBytes).toBeLessThanOrEqual(memory);
      expect(seconds).toBeLessThanOrEqual(900);
      expect(fits).toBe(true);
      parseConfig(config, "revgan.plan");
    }
  });

  test("asks before a configuration that is there is replaced, and writes others beside it", async () => {
    const before = readFileSync(file, "utf8");
    await answer("maps", "unpaired", "Balanced", 4);
    await vscode.quickInput.asksFor("(4/4)");
    expect(await vscode.quickInput.prompt()).toContain("There is a revgan.json already.");
    await vscode.screenshot("new-run-exists");
    expect(await vscode.quickInput.titles()).toEqual(["maps.revgan.json", "Replace revgan.json", "Open revgan.json"]);
    await vscode.quickInput.choose("Open revgan.json");
    await until("the file to be shown", async () =>
      (await vscode.editors()).includes("revgan.json") ? true : undefined,
    );
    expect(readFileSync(file, "utf8")).toBe(before);
    await answer("maps", "unpaired", "Balanced", 4);
    await vscode.quickInput.choose("maps.revgan.json");
    await vscode.notifications.waitFor("maps.revgan.json is ready to be trained");
    expect(readFileSync(file, "utf8")).toBe(before);
    expect(writtenConfig(join(folder, "maps.revgan.json")).config.data.path).toBe("maps");
    await answer("maps", "unpaired", "Balanced", 4);
    await vscode.quickInput.waitForEntry("maps-2.revgan.json");
    await vscode.quickInput.choose("Replace revgan.json");
    await until("the new configuration", () =>
      Promise.resolve(writtenConfig(file).config.data.path === "maps" ? true : undefined),
    );
  });

  test("knows that pictures side by side are pairs, and does not ask how they belong together", async () => {
    await vscode.runCommand("RevGAN: New Run…");
    await lookedAt(vscode);
    await vscode.quickInput.choose("side by side");
    // A revgan.json is there: its question comes last.
    await vscode.quickInput.asksFor("(2/3)");
    await vscode.quickInput.waitForEntry("Quick look");
  });
});

describe("New Run… in a workspace of several folders", () => {
  const { folder, gone } = workspaceFolder("several");
  let vscode: Workbench;

  beforeAll(async () => {
    writeTree(folder, { "one/data/train/1.png": noise(1, 64, 128), "two/notes.txt": "no pictures here" });
    vscode = await Workbench.start({ folders: [join(folder, "one"), join(folder, "two")], extensions: [extension] });
  });

  afterAll(async () => {
    await vscode.close();
    gone();
  });

  test("asks for which folder, and where no pictures are, for another", async () => {
    await vscode.runCommand("RevGAN: New Run…");
    expect(await vscode.quickInput.prompt()).toContain("(1/4)\nWhere is the configuration to be written?");
    expect(await vscode.quickInput.titles()).toEqual(["one", "two"]);
    await vscode.screenshot("new-run-which-folder");
    await vscode.quickInput.choose("two");
    await vscode.quickInput.asksFor("(2/4)");
    expect(await lookedAt(vscode)).toEqual(["Another Folder…"]);
    expect(await vscode.quickInput.prompt()).toContain(
      "No pictures or volumes were found here. Which folder has them?",
    );
    await vscode.screenshot("new-run-nothing");
    await vscode.quickInput.choose("Another Folder…");
    await vscode.quickInput.waitForEntry("..");
    await vscode.screenshot("new-run-dialog");
    // While it looks a path up, VS Code's dialog takes no press of its button: what is in the folder says that it has.
    await vscode.quickInput.type(join(folder, "one", "data", "/"));
    await vscode.quickInput.waitForEntry("train");
    await vscode.quickInput.press("Train on This");
    await vscode.quickInput.asksFor("(3/3)");
    await vscode.quickInput.choose("Balanced");
    await vscode.notifications.waitFor("revgan.json is ready to be trained: about");
    expect(existsSync(join(folder, "one", "revgan.json"))).toBe(false);
    expect(writtenConfig(join(folder, "two", "revgan.json")).written).toMatchObject({
      mode: "paired",
      data: { path: join(folder, "one", "data") },
    });
  });
});

describe("New Run… without a folder", () => {
  let vscode: Workbench;

  beforeAll(async () => {
    vscode = await Workbench.start({ extensions: [extension] });
  });

  afterAll(() => vscode.close());

  test("is not offered, and says what to open to who asks for it", async () => {
    await vscode.views.open("RevGAN");
    expect(await vscode.views.text("Runs")).toContain("Open Folder");
    await vscode.screenshot("new-run-no-folder-view");
    await vscode.host.executeCommand("revgan.newRun");
    expect(await vscode.notifications.waitFor("No folder is open")).toBe(
      "No folder is open. Open the folder that holds your pictures.",
    );
    await vscode.screenshot("new-run-no-folder");
    await vscode.notifications.click("No folder is open", "Open Folder");
    await vscode.quickInput.waitUntilOpen();
  });
});
