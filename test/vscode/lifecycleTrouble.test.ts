import { renameSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/browser/until";
import { readRunFile } from "../support/commandLine";
import { isAlive } from "../support/trainer";
import { fileArgument } from "../support/vscode/host";
import { Workbench } from "../support/vscode/workbench";
import { extensionFolder } from "./support/extensionFolder";
import { removeWorkspace, runsOf, type TestWorkspace, tinyWorkspace } from "./support/tinyWorkspace";
import { expectWhole, oneTo, stepsOf, trainerOf, waitForStep, waitUntilTrainersAreGone } from "./support/trainers";
import { TrainingPanel } from "./support/trainingPanel";

describe("a trainer in trouble", () => {
  let workspace: TestWorkspace;
  let vscode: Workbench;
  let panel: TrainingPanel;
  let run: string;

  beforeAll(async () => {
    workspace = tinyWorkspace({ "training.checkpointEvery": 10 });
    vscode = await Workbench.start({ folders: [workspace.folder], extensions: [extensionFolder] });
    panel = new TrainingPanel(vscode);
    await vscode.host.executeCommand("revgan.train", fileArgument(workspace.config));
    [run] = runsOf(workspace) as [string];
    await panel.waitForState("Training");
    await waitForStep(run, 12);
  });

  afterAll(async () => {
    await vscode.close();
    removeWorkspace(workspace);
  });

  test("that the system kills is explained, and a button goes on from its last checkpoint", async () => {
    process.kill(trainerOf(run), "SIGKILL");
    const message = await vscode.notifications.waitFor("was killed by the system");
    expect(message).toMatch(/memory ran out.*lower data\.cropSize/is);
    expect(await vscode.notifications.buttons("was killed by the system")).toEqual([
      "Resume from Checkpoint",
      "Show Log",
    ]);
    await panel.waitForState("Failed");
    expect(await panel.buttons()).toEqual(expect.arrayContaining(["Resume from Checkpoint", "Show Log"]));
    expect(await panel.problem()).toMatch(/memory ran out/);
    await vscode.screenshot("lifecycle-killed");
    await waitUntilTrainersAreGone(vscode);
    const reached = stepsOf(run).length;
    await vscode.notifications.click("was killed by the system", "Resume from Checkpoint");
    await panel.waitForState("Training");
    await waitForStep(run, reached + 10);
    await panel.waitForStep(reached + 10);
    // The steps after the checkpoint were taken again.
    const shown = await panel.steps(workspace.folder);
    expect(shown).toEqual(oneTo(shown.length));
  });

  test("that hangs makes the extension ask; who waits is left alone until it is silent again, and Stop It ends it", async () => {
    const trainer = trainerOf(run);
    const begin = Date.now();
    process.kill(trainer, "SIGSTOP");
    await vscode.notifications.waitFor("gives no sign of life", 60);
    console.log(`hang: asked after ${((Date.now() - begin) / 1000).toFixed(1)} s`);
    expect(await vscode.notifications.buttons("gives no sign of life")).toEqual(["Wait", "Stop It"]);
    await vscode.notifications.click("gives no sign of life", "Wait");
    expect(isAlive(trainer)).toBe(true);
    await vscode.notifications.waitFor("gives no sign of life", 60);
    const asked = Date.now();
    await vscode.notifications.click("gives no sign of life", "Stop It");
    await panel.waitForState("Stopping…");
    await until("the trainer to be ended", () => Promise.resolve(isAlive(trainer) ? undefined : true), undefined, 60);
    await waitUntilTrainersAreGone(vscode);
    console.log(`hang: gone ${((Date.now() - asked) / 1000).toFixed(1)} s after Stop It`);
    await until(
      "the panel to offer the way on",
      async () => ((await panel.buttons()).includes("Resume from Checkpoint") ? true : undefined),
      () => panel.buttons(),
    );
    await panel.press("Resume from Checkpoint");
    await panel.waitForState("Training");
    await waitForStep(run, stepsOf(run).length + 10);
  });

  test("whose data folder vanishes waits, says for what, and goes on by itself when the folder is back", async () => {
    await vscode.notifications.clear();
    renameSync(workspace.data, `${workspace.data}-away`);
    const message = await vscode.notifications.waitFor(/train[AB] is gone; the training waits until it is back/);
    await panel.waitForState("Paused");
    expect(message).toMatch(/^The data folder data.train[AB] is gone; the training waits until it is back\.$/m);
    expect(await panel.note()).toMatch(/^The data folder .*train[AB] is gone; the training waits until it is back\.$/);
    await vscode.screenshot("lifecycle-data-gone");
    renameSync(`${workspace.data}-away`, workspace.data);
    await panel.waitForState("Training");
    expect(await panel.note()).toBe("");
    await waitForStep(run, stepsOf(run).length + 5);
  });

  test("of whose pictures one vanishes is explained, and goes on from its last step when the picture is back", async () => {
    const picture = join(workspace.data, "trainA", "A0.png");
    renameSync(picture, `${picture}.away`);
    const message = await vscode.notifications.waitFor(/A0\.png is not there/);
    expect(await vscode.notifications.buttons(message)).toContain("Resume from Checkpoint");
    await panel.waitForState("Failed");
    await vscode.screenshot("lifecycle-picture-gone");
    await waitUntilTrainersAreGone(vscode);
    expect(readRunFile(run)).toMatchObject({ state: "failed", step: stepsOf(run).length });
    renameSync(`${picture}.away`, picture);
    await vscode.notifications.click(message, "Resume from Checkpoint");
    await panel.waitForState("Training");
    await waitForStep(run, stepsOf(run).length + 5);
    await vscode.runCommand("RevGAN: Stop");
    await panel.waitForState("Stopped");
    await expectWhole(run);
    await waitUntilTrainersAreGone(vscode);
  });
});
