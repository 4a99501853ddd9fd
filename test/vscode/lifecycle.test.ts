import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/browser/until";
import { readRunFile, tiny } from "../support/commandLine";
import { isFull } from "../support/full";
import { fileArgument } from "../support/vscode/host";
import { Workbench } from "../support/vscode/workbench";
import { extensionFolder } from "./support/extensionFolder";
import { removeWorkspace, runsOf, type TestWorkspace, tinyWorkspace, writeConfig } from "./support/tinyWorkspace";
import { expectWhole, oneTo, stepsOf, trainersOf, waitForStep, waitUntilTrainersAreGone } from "./support/trainers";
import { TrainingPanel } from "./support/trainingPanel";

/** Steps that the panel does not see while it is hidden. */
const unseen = isFull ? 200 : 50;

describe("a training", () => {
  let workspace: TestWorkspace;
  let vscode: Workbench;
  let panel: TrainingPanel;
  let run: string;

  beforeAll(async () => {
    workspace = tinyWorkspace();
    vscode = await Workbench.start({ folders: [workspace.folder], extensions: [extensionFolder] });
    panel = new TrainingPanel(vscode);
  });

  afterAll(async () => {
    await vscode.close();
    removeWorkspace(workspace);
  });

  const commands = async (): Promise<string[]> =>
    (await vscode.quickInput.findCommands("RevGAN: ")).filter((title) => title.startsWith("RevGAN: "));
  const palette = async (has: readonly string[], lacks: readonly string[]): Promise<void> => {
    const fits = (titles: string[]): boolean =>
      has.every((title) => titles.includes(`RevGAN: ${title}`)) &&
      !lacks.some((title) => titles.includes(`RevGAN: ${title}`));
    // Conditions of the palette follow the state by a message.
    await until(
      `a palette with ${has.join(", ")} and without ${lacks.join(", ")}`,
      async () => (fits(await commands()) ? true : undefined),
      commands,
    );
  };

  test("begins with Train from the palette, which has no Stop before that", async () => {
    await palette(["Train"], ["Stop", "Pause", "Resume"]);
    await vscode.runCommand("RevGAN: Train");
    // Ten million steps take hours.
    expect(await vscode.dialog.text()).toMatch(/Training .* takes about .+ on this machine\./);
    await vscode.dialog.click("Train");
    await panel.waitForState("Training");
    await panel.waitForStep(3);
    [run] = runsOf(workspace) as [string];
    await palette(["Stop", "Pause"], ["Resume"]);
    expect(trainersOf(vscode).length).toBeGreaterThan(0);
  });

  test("pauses and goes on from the panel, without a step meanwhile", async () => {
    await panel.press("Pause");
    await panel.waitForState("Paused");
    await palette(["Stop", "Resume"], ["Pause"]);
    const paused = stepsOf(run).length;
    expect(await vscode.statusBar.waitFor("RevGAN")).toContain("paused");
    expect(stepsOf(run)).toHaveLength(paused);
    await panel.press("Resume");
    await panel.waitForState("Training");
    await waitForStep(run, paused + 5);
  });

  test("pauses and goes on from the tree's inline buttons", async () => {
    await vscode.views.open("RevGAN");
    const tree = vscode.views.tree("Runs");
    expect(await tree.buttons(basename(run))).toEqual(["Pause", "Stop"]);
    await tree.click(basename(run), "Pause");
    await panel.waitForState("Paused");
    await until(
      "the tree to say so",
      async () => ((await tree.labels()).some((label) => label.includes("paused")) ? true : undefined),
      () => tree.labels(),
    );
    expect(await tree.buttons(basename(run))).toEqual(["Resume", "Stop"]);
    await tree.click(basename(run), "Resume");
    await panel.waitForState("Training");
  });

  test("is complete in the panel after many steps behind another editor, which the status bar's click puts away", async () => {
    await vscode.openFile(workspace.config);
    const before = stepsOf(run).length;
    await vscode.host.executeCommand("workbench.action.joinAllGroups");
    await vscode.openFile(workspace.config);
    expect(await vscode.webviews.titles()).not.toContainEqual(expect.stringContaining(`RevGAN: ${basename(run)}`));
    await waitForStep(run, before + unseen, 120);
    expect(await vscode.statusBar.waitFor(/RevGAN \d+\/10000000/)).toMatch(/left/);
    await vscode.statusBar.click("RevGAN");
    await panel.waitForStep(before + unseen);
    await vscode.screenshot("lifecycle-shown-again");
    const shown = await panel.steps(workspace.folder);
    console.log(`hidden from step ${before}; shown again with ${shown.length} steps`);
    expect(shown.length).toBeGreaterThanOrEqual(before + unseen);
    expect(shown).toEqual(oneTo(shown.length));
  });

  test("makes a second one ask, and nothing changes when the question is dismissed", async () => {
    const second = writeConfig(join(workspace.folder, "second"), {
      ...tiny,
      "data.path": workspace.data,
      "training.maxSteps": 3,
    });
    const started = vscode.host.executeCommand("revgan.train", fileArgument(second));
    expect(await vscode.dialog.text()).toContain(`${basename(run)} is training.`);
    // Their order is the system's own.
    expect(new Set(await vscode.dialog.buttons())).toEqual(
      new Set(["Start When It Is Done", "Stop It and Start", "Cancel"]),
    );
    await vscode.dialog.click("Cancel");
    expect(await started).toBeFalsy();
    expect(runsOf(workspace)).toEqual([run]);
    await waitForStep(run, stepsOf(run).length + 3);
  });

  test("lets a second one wait, which the tree's button takes out of the queue", async () => {
    const started = vscode.host.executeCommand(
      "revgan.train",
      fileArgument(join(workspace.folder, "second", "revgan.json")),
    );
    await vscode.dialog.click("Start When It Is Done");
    await vscode.notifications.waitFor("data waits until");
    const tree = vscode.views.tree("Runs");
    await tree.click("data", "Stop");
    expect(await started).toBeFalsy();
    await until(
      "it to leave the tree",
      async () => ((await tree.labels()).length === 1 ? true : undefined),
      () => tree.labels(),
    );
    expect(await panel.state()).toBe("Training");
    await vscode.notifications.clear();
  });

  test("lets a second one wait for its end, and stops on the tree's button with everything on disk", async () => {
    const started = vscode.host.executeCommand(
      "revgan.train",
      fileArgument(join(workspace.folder, "second", "revgan.json")),
    );
    await vscode.dialog.click("Start When It Is Done");
    await vscode.notifications.waitFor("waits until");
    const tree = vscode.views.tree("Runs");
    await until(
      "the tree to say so",
      async () => ((await tree.labels())[0]?.endsWith("queued: until another run is done") === true ? true : undefined),
      () => tree.labels(),
    );
    expect(runsOf(workspace)).toEqual([run]);
    await tree.click(basename(run), "Stop");
    await started;
    expect(readRunFile(run).state).toBe("stopped");
    await expectWhole(run);
    const second = runsOf(workspace).find((folder) => folder !== run)!;
    await until("the queued run to finish", () =>
      Promise.resolve(readRunFile(second).state === "finished" ? true : undefined),
    );
    expect(stepsOf(second)).toEqual([1, 2, 3]);
    await waitUntilTrainersAreGone(vscode);
    await palette([], ["Stop", "Pause", "Resume"]);
  });

  test("stops for another one on the user's word", async () => {
    await vscode.host.executeCommand("revgan.resumeFromCheckpoint", fileArgument(run));
    const before = runsOf(workspace);
    const started = vscode.host.executeCommand(
      "revgan.train",
      fileArgument(join(workspace.folder, "second", "revgan.json")),
    );
    await vscode.dialog.click("Stop It and Start");
    await started;
    expect(readRunFile(run).state).toBe("stopped");
    await expectWhole(run);
    expect(runsOf(workspace)).toHaveLength(before.length + 1);
    await waitUntilTrainersAreGone(vscode);
    // The window learns of the end after the processes have gone; until then, Train would ask what is to become of the other training.
    await palette([], ["Stop", "Pause", "Resume"]);
  });

  test("stops while its trainer is still starting, without a run or a word", async () => {
    const before = runsOf(workspace);
    const started = vscode.host.executeCommand("revgan.train", fileArgument(workspace.config));
    await until(
      "the trainer to start",
      () => Promise.resolve(trainersOf(vscode).length > 0 ? true : undefined),
      () => vscode.dialog.text(),
    );
    const begin = Date.now();
    await vscode.host.executeCommand("revgan.stop");
    console.log(`stopped while starting: gone after ${((Date.now() - begin) / 1000).toFixed(2)} s`);
    expect(await started).toBeFalsy();
    expect(trainersOf(vscode)).toEqual([]);
    expect(runsOf(workspace)).toEqual(before);
    expect(await vscode.notifications.texts()).not.toContainEqual(expect.stringMatching(/trainer|stopped/));
  });

  test("that ▷ starts comes forward in a panel that was hidden with another run", async () => {
    await vscode.host.executeCommand("revgan.openPanel", fileArgument(run));
    await panel.waitForState("Stopped");
    await vscode.host.executeCommand("workbench.action.joinAllGroups");
    await vscode.openFile(workspace.config);
    await vscode.page.locator(".editor-actions .action-label[aria-label^=Train]").click();
    await vscode.dialog.click("Train");
    await panel.waitForState("Training");
    const newest = runsOf(workspace).at(-1)!;
    expect(newest).not.toBe(run);
    // By its page's title: VS Code names the frame once, and the run's folder may only be read after that. The tab follows.
    await (await vscode.webviews.frame(`${basename(newest)} · RevGAN`)).locator(".head h1").waitFor();
    await vscode.page
      .locator(".tabs-container .tab")
      .filter({ hasText: `RevGAN: ${basename(newest)}` })
      .waitFor();
    await panel.press("Stop");
    await panel.waitForState("Stopped");
  });
});
