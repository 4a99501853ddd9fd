import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/browser/until";
import { readRunFile } from "../support/commandLine";
import { isAlive } from "../support/trainer";
import { fileArgument } from "../support/vscode/host";
import { Workbench } from "../support/vscode/workbench";
import { extensionFolder } from "./support/extensionFolder";
import { removeWorkspace, runsOf, type TestWorkspace, tinyWorkspace } from "./support/tinyWorkspace";
import {
  expectWhole,
  oneTo,
  stepsOf,
  trainerOf,
  trainersOf,
  waitForStep,
  waitUntilTrainersAreGone,
} from "./support/trainers";
import { TrainingPanel } from "./support/trainingPanel";

interface OpenWindow {
  readonly vscode: Workbench;
  readonly panel: TrainingPanel;
}

describe("a training and its window", () => {
  let workspace: TestWorkspace;
  let first: OpenWindow;
  let second: OpenWindow;
  let run: string;

  const open = async (): Promise<OpenWindow> => {
    const vscode = await Workbench.start({ folders: [workspace.folder], extensions: [extensionFolder] });
    return { vscode, panel: new TrainingPanel(vscode) };
  };

  beforeAll(async () => {
    workspace = tinyWorkspace();
    first = await open();
  });

  afterAll(() => removeWorkspace(workspace));

  test("a reload ends it with a whole checkpoint; the panel is back with all its steps, and one click goes on without a gap", async () => {
    const { vscode, panel } = first;
    await vscode.host.executeCommand("revgan.train", fileArgument(workspace.config));
    [run] = runsOf(workspace) as [string];
    await waitForStep(run, 20);
    await panel.waitForStep(20);
    const trainer = trainerOf(run);
    await vscode.reload();
    await until("the trainer to end", () => Promise.resolve(isAlive(trainer) ? undefined : true));
    const stopped = await expectWhole(run);
    expect(readRunFile(run).state).toBe("stopped");
    await panel.waitForState("Stopped");
    expect(await panel.step()).toBe(stopped);
    expect(await panel.steps(workspace.folder)).toEqual(oneTo(stopped));
    await vscode.notifications.waitFor(`The training of ${basename(run)} stopped when its window was closed.`);
    await vscode.screenshot("lifecycle-reloaded");
    await vscode.notifications.click("stopped when its window was closed", "Resume");
    await panel.waitForState("Training");
    await panel.waitForStep(stopped + 10);
    await vscode.host.executeCommand("revgan.stop");
    const end = await expectWhole(run);
    console.log(`reload: stopped at step ${stopped}, went on to ${end}`);
    expect(end).toBeGreaterThanOrEqual(stopped + 10);
    await waitUntilTrainersAreGone(vscode);
  });

  test("a second window sees it train, cannot stop it, and says so when it is to resume it", async () => {
    const { vscode } = first;
    second = await open();
    await vscode.host.executeCommand("revgan.resumeFromCheckpoint", fileArgument(run));
    await second.vscode.views.open("RevGAN");
    const tree = second.vscode.views.tree("Runs");
    await until(
      "the second window to see it train",
      async () => ((await tree.labels()).some((label) => label.includes("training")) ? true : undefined),
      () => tree.labels(),
    );
    expect(await tree.buttons(basename(run))).toEqual([]);
    await tree.select(basename(run));
    await second.panel.waitForState("Training");
    expect(await second.panel.buttons()).not.toContain("Stop");
    const step = await second.panel.step();
    await second.panel.waitForStep(step + 10);
    expect(await second.vscode.quickInput.findCommands("RevGAN: ")).not.toContain("RevGAN: Stop");
    const resumed = second.vscode.host.executeCommand("revgan.resumeFromCheckpoint", fileArgument(run));
    await second.vscode.notifications.waitFor("is still being saved");
    await second.vscode.notifications.waitFor(`Another process is training ${basename(run)}`);
    await second.vscode.screenshot("lifecycle-second-window");
    expect(await resumed).toBeFalsy();
    expect(trainersOf(second.vscode)).toEqual([]);
    expect(isAlive(trainerOf(run))).toBe(true);
    await vscode.host.executeCommand("revgan.stop");
    await expectWhole(run);
  });

  test("a training whose window is closed leaves no process and a run that another window resumes", async () => {
    await left(first, "closed", (vscode) => vscode.closeWindow());
    await first.vscode.close();
    await goesOn(second);
  });

  test("a training whose window is lost while it is paused leaves no process and a run that a new window resumes", async () => {
    await left(second, "lost while it is paused", async (vscode) => {
      await vscode.host.executeCommand("revgan.pause");
      await vscode.loseWindow();
    });
    await second.vscode.close();
    const third = await open();
    await goesOn(third);
    await third.vscode.close();
  });

  /** Trains in a window, takes it away, and checks what is left of it. */
  async function left({ vscode }: OpenWindow, how: string, leave: (vscode: Workbench) => Promise<void>): Promise<void> {
    const before = stepsOf(run).length;
    await vscode.host.executeCommand("revgan.resumeFromCheckpoint", fileArgument(run));
    await waitForStep(run, before + 10);
    const host = vscode.host.pid()!;
    const running = trainersOf(vscode).length;
    await leave(vscode);
    await until("the extension host to end", () => Promise.resolve(isAlive(host) ? undefined : true));
    const seconds = await waitUntilTrainersAreGone(vscode);
    const stopped = await expectWhole(run);
    console.log(
      `window ${how}: ${running} processes were gone ${seconds.toFixed(1)} s after the extension host; step ${stopped}`,
    );
    expect(running).toBeGreaterThan(0);
    expect(readRunFile(run).state).toBe("stopped");
  }

  /** Resumes the run in a window from its row, and stops it. */
  async function goesOn({ vscode, panel }: OpenWindow): Promise<void> {
    const stopped = stepsOf(run).length;
    await vscode.views.open("RevGAN");
    await vscode.views.tree("Runs").click(basename(run), "Resume from Checkpoint");
    await panel.waitForState("Training");
    await panel.waitForStep(stopped + 5);
    await vscode.runCommand("RevGAN: Stop");
    await panel.waitForState("Stopped");
    await waitUntilTrainersAreGone(vscode);
    expect(await expectWhole(run)).toBeGreaterThan(stopped);
  }
});
