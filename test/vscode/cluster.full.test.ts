import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/browser/until";
import { readRunFile } from "../support/commandLine";
import { hasSlurm, Slurm } from "../support/slurm";
import { fileArgument } from "../support/vscode/host";
import { Workbench } from "../support/vscode/workbench";
import { extensionFolder } from "./support/extensionFolder";
import { removeWorkspace, runsOf, type TestWorkspace, tinyWorkspace } from "./support/tinyWorkspace";
import { oneTo, stepsOf } from "./support/trainers";
import { TrainingPanel } from "./support/trainingPanel";

describe.skipIf(!hasSlurm())("a training on a cluster", () => {
  let slurm: Slurm;
  let workspace: TestWorkspace;
  let vscode: Workbench;
  let panel: TrainingPanel;
  let run: string;

  beforeAll(async () => {
    slurm = await Slurm.start();
    // VS Code inherits it, as on a login node.
    Object.assign(process.env, slurm.env);
    workspace = tinyWorkspace({ "training.batchSize": 2 });
    vscode = await Workbench.start({ folders: [workspace.folder], extensions: [extensionFolder] });
    panel = new TrainingPanel(vscode);
  });

  afterAll(async () => {
    await vscode.close();
    await slurm.call("scancel", ["--user=root"]);
    await slurm.stop();
    removeWorkspace(workspace);
  });

  const script = (): string => readFileSync(join(workspace.folder, "revgan.slurm.sh"), "utf8");
  /** A job that takes all cores, before which no other one begins. */
  const occupy = async (): Promise<string> => {
    const { stdout } = await slurm.call("sbatch", [
      "--parsable",
      "--exclusive",
      "--output=/dev/null",
      "--wrap=sleep 600",
    ]);
    return stdout.trim();
  };
  const stateOf = (folder: string): string => readRunFile(folder).state;
  const reaches = (state: string): Promise<true> =>
    until(
      `the run to be ${state}`,
      () => Promise.resolve(stateOf(run) === state || undefined),
      () => Promise.resolve(stateOf(run)),
      90,
    );

  test("asks for what a job takes, with an estimate, and writes an editable script", async () => {
    await vscode.openFile(workspace.config);
    const { quickInput } = vscode;
    await vscode.runCommand("RevGAN: Train on Cluster…");
    await quickInput.choose("main");
    await quickInput.choose("2");
    await until(
      "the estimate",
      async () =>
        (await vscode.page.locator(".quick-input-widget:visible").innerText()).includes("takes about") || undefined,
    );
    await vscode.screenshot("cluster-time");
    await quickInput.type("00:30:00");
    await quickInput.accept();
    await quickInput.choose("Write the Script Only");
    await until(
      "the script",
      () => Promise.resolve(existsSync(join(workspace.folder, "revgan.slurm.sh")) || undefined),
      () => vscode.notifications.texts(),
    );
    expect(script()).toMatch(/^#SBATCH --partition=main$/m);
    expect(script()).toMatch(/^#SBATCH --ntasks=2$/m);
    expect(script()).toMatch(/^#SBATCH --time=00:30:00$/m);
    await until("its editor", async () => (await vscode.editors()).includes("revgan.slurm.sh") || undefined);
    expect(runsOf(workspace)).toEqual([]);
  });

  test("waits in the queue, with place and reason", async () => {
    writeFileSync(join(workspace.folder, "revgan.slurm.sh"), script().replace("# module load …", "echo by hand"));
    const busy = await occupy();
    await vscode.openFile(workspace.config);
    await vscode.runCommand("RevGAN: Train on Cluster…");
    await vscode.quickInput.choose("Submit revgan.slurm.sh");
    await panel.waitForState("Queued");
    await until(
      "its place",
      async () => /^place 1, job \d+ in main: /.test(await panel.note()) || undefined,
      () => panel.note(),
    );
    [run] = runsOf(workspace) as [string];
    expect(readRunFile(run)).toMatchObject({ state: "queued", cluster: { kind: "slurm" }, step: 0 });
    await vscode.views.open("RevGAN");
    const labels = (): Promise<string[]> => vscode.views.tree("Runs").labels();
    await until(
      "its entry",
      async () => (await labels()).some((label) => /queued: place 1, job \d+ in main/.test(label)) || undefined,
      labels,
    );
    await vscode.screenshot("cluster-queued");
    await slurm.call("scancel", [busy]);
  });

  test("then trains on two ranks, watched by its files", async () => {
    await panel.waitForState("Training", 120);
    await panel.waitForStep(20, 60);
    expect(readRunFile(run).ranks).toHaveLength(2);
    const { job } = readRunFile(run).cluster!;
    expect(readFileSync(join(run, `slurm-${job}.out`), "utf8")).toContain("by hand\n");
    await vscode.screenshot("cluster-training");
  });

  test("is stopped with a checkpoint, and resumed by a new job", async () => {
    const { cluster } = readRunFile(run);
    await panel.press("Stop");
    await reaches("stopped");
    await panel.waitForState("Stopped");
    const { step } = readRunFile(run);
    expect(existsSync(join(run, "checkpoints", String(step).padStart(6, "0")))).toBe(true);
    await panel.press("Resume from Checkpoint");
    await panel.waitForState("Training", 120);
    await panel.waitForStep(step + 5, 60);
    expect(readRunFile(run).cluster).not.toEqual(cluster);
    const steps = stepsOf(run);
    expect(steps).toEqual(oneTo(steps.length));
  });

  test("says what ended a job that was killed", async () => {
    const { job } = readRunFile(run).cluster!;
    const { pid } = JSON.parse(readFileSync(join(run, "lock"), "utf8")) as { pid: number };
    process.kill(pid, "SIGKILL");
    await panel.waitForState("Interrupted", 60);
    await until(
      "the reason",
      async () => (await panel.problem()).includes(`Job ${job} ended`) || undefined,
      () => panel.problem(),
    );
    await vscode.screenshot("cluster-killed");
  });

  test("is taken out of the queue by Stop", async () => {
    const busy = await occupy();
    await panel.press("Resume from Checkpoint");
    await panel.waitForState("Queued");
    await panel.press("Stop");
    await panel.waitForState("Stopped", 30);
    expect((await slurm.call("squeue", ["--noheader", "--format=%A"])).stdout.trim()).toBe(busy);
    await slurm.call("scancel", [busy]);
  });

  test("can be started by other extensions", async () => {
    const uri = await vscode.host.executeCommand("revgan.trainOnCluster", fileArgument(workspace.config), {
      script: true,
    });
    expect(JSON.stringify(uri)).toContain("revgan.slurm.sh");
    const started = JSON.stringify(
      await vscode.host.executeCommand("revgan.trainOnCluster", fileArgument(workspace.config)),
    );
    const [, second] = runsOf(workspace);
    expect(started).toContain(basename(second!));
    run = second!;
    await panel.waitForStep(2, 120);
    await vscode.host.executeCommand("revgan.stop", fileArgument(second!));
    expect(stateOf(second!)).toBe("stopped");
  });
});
