import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../support/browser/until";
import { metricsOf, readRunFile } from "../support/commandLine";
import { isAlive } from "../support/trainer";
import { fileArgument } from "../support/vscode/host";
import { Workbench } from "../support/vscode/workbench";
import { extensionFolder } from "./support/extensionFolder";
import { removeWorkspace, runsOf, slowWorkspace, type TestWorkspace } from "./support/tinyWorkspace";
import { expectWhole, stepsOf, trainerOf, waitForStep, waitUntilTrainersAreGone } from "./support/trainers";
import { TrainingPanel } from "./support/trainingPanel";

let workspace: TestWorkspace;
let vscode: Workbench;
let panel: TrainingPanel;

beforeAll(async () => {
  workspace = slowWorkspace();
  vscode = await Workbench.start({ folders: [workspace.folder], extensions: [extensionFolder] });
  panel = new TrainingPanel(vscode);
});

afterAll(async () => {
  await vscode.close();
  removeWorkspace(workspace);
});

test("Stop shows in the panel while TensorFlow is still at work, and leaves a whole checkpoint of the last whole step", async () => {
  await vscode.host.executeCommand("revgan.train", fileArgument(workspace.config));
  const run = runsOf(workspace)[0]!;
  const trainer = trainerOf(run);
  await panel.waitForState("Training");
  await panel.waitForStep(2);
  const pressed = Date.now();
  const acknowledged = await panel.pressAndTime("Stop");
  expect(await panel.state()).toBe("Stopping…");
  expect(isAlive(trainer)).toBe(true);
  await until("the trainer to end", () => Promise.resolve(isAlive(trainer) ? undefined : true));
  console.log(
    `stop: acknowledged after ${acknowledged.toFixed(1)} ms, gone after ${((Date.now() - pressed) / 1000).toFixed(2)} s`,
  );
  await panel.waitForState("Stopped");
  await waitUntilTrainersAreGone(vscode);
  const step = await expectWhole(run);
  expect(readRunFile(run).state).toBe("stopped");
  expect(await panel.step()).toBe(step);
  console.log(
    `stop: steps took ${metricsOf(run)
      .flatMap((line) => (line.type === "step" ? [line.seconds.toFixed(2)] : []))
      .join(", ")} s`,
  );
});

test("a window that is lost while TensorFlow is at work leaves no process and a whole checkpoint", async () => {
  const run = runsOf(workspace)[0]!;
  const before = stepsOf(run).length;
  await vscode.host.executeCommand("revgan.resumeFromCheckpoint", fileArgument(run));
  await waitForStep(run, before + 1);
  const host = vscode.host.pid()!;
  await vscode.loseWindow();
  await until("the extension host to end", () => Promise.resolve(isAlive(host) ? undefined : true));
  const seconds = await waitUntilTrainersAreGone(vscode);
  console.log(`window lost: gone ${seconds.toFixed(1)} s after the extension host`);
  expect(await expectWhole(run)).toBeGreaterThan(before);
  expect(readRunFile(run).state).toBe("stopped");
});
