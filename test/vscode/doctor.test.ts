import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { EngineLine } from "../../extension/protocol/lines";
import { until } from "../support/browser/until";
import { fileArgument } from "../support/vscode/host";
import { Workbench } from "../support/vscode/workbench";
import { extension, tidyAfterTests, trainedRun, workspaceFolder } from "./trainedWorkspace";

describe("what helps around runs", () => {
  const { folder, gone } = workspaceFolder("doctor");
  let vscode: Workbench;
  let run: string;

  beforeAll(async () => {
    run = await trainedRun(folder, "first");
    await trainedRun(folder, "second");
    vscode = await Workbench.start({ folders: [folder], extensions: [extension] });
    await vscode.views.open("RevGAN");
  });

  tidyAfterTests(() => vscode, gone);

  test("the doctor lists every engine, whether it works here, and what to do where it does not", async () => {
    await vscode.runCommand("RevGAN: Doctor");
    await vscode.quickInput.asksFor("RevGAN Doctor");
    await vscode.screenshot("doctor");
    const rows = await vscode.quickInput.texts();
    for (const engine of ["native-gpu", "native", "wasm"]) expect(rows).toContainEqual(expect.stringContaining(engine));
    expect(rows.find((text) => text.includes("wasm"))).toContain("works here");
    expect(rows).toContainEqual(expect.stringContaining(`Node ${await vscode.host.run(() => process.versions.node)}`));
    expect(rows).toContainEqual(expect.stringMatching(/GB of memory/));
  });

  test("the doctor answers a program with the lines of `revgan engine`, and asks nothing", async () => {
    const lines = (await vscode.host.executeCommand("revgan.doctor", {})) as EngineLine[];
    expect(lines.map(({ type, name }) => [type, name])).toEqual([
      ["engine", "native-gpu"],
      ["engine", "native"],
      ["engine", "wasm"],
    ]);
    for (const { available, reason, remedy } of lines)
      expect([reason !== null, remedy !== null]).toEqual([!available, !available]);
    expect(await vscode.page.locator(".quick-input-widget:visible").count()).toBe(0);
  });

  test("a run's folder is shown in the explorer", async () => {
    await vscode.views.tree("Runs").contextMenu("first", ["Reveal Run Folder"]);
    const row = await vscode.explorer.row(".revgan/runs/first");
    await until("the folder to be selected", async () =>
      (await row.getAttribute("aria-selected")) === "true" ? true : undefined,
    );
    await vscode.screenshot("reveal");
  });

  test("a run's log is opened as a file, and without a run everything that was said", async () => {
    await vscode.views.open("RevGAN");
    await vscode.views.tree("Runs").contextMenu("first", ["Show Log"]);
    await until(
      "the log",
      async () => ((await vscode.editors()).includes("log.txt") ? true : undefined),
      () => vscode.editors(),
    );
    await vscode.runCommand("RevGAN: Show Log");
    await vscode.page.locator(".panel .output-view-container, .panel [id='workbench.panel.output']").first().waitFor();
    await vscode.screenshot("log");
    await vscode.host.executeCommand("workbench.action.closePanel");
  });

  test("a run is deleted after a question, with its row", async () => {
    const tree = vscode.views.tree("Runs");
    await vscode.views.open("RevGAN");
    await tree.contextMenu("first", ["Delete Run"]);
    expect(await vscode.dialog.text()).toContain("Delete the run first?");
    await vscode.screenshot("delete");
    await vscode.dialog.click("Cancel");
    expect(existsSync(join(run, "run.json"))).toBe(true);
    await tree.contextMenu("first", ["Delete Run"]);
    await vscode.dialog.click("Delete");
    await until(
      "the row to go",
      async () => ((await tree.labels()).some((label) => label.startsWith("first")) ? undefined : true),
      () => tree.labels(),
    );
    expect(existsSync(run)).toBe(false);
    expect((await tree.labels()).some((label) => label.startsWith("second"))).toBe(true);
  });

  test("a run whose run.json was edited by hand says what is wrong, keeps its curves and pictures, and is well again when that is undone", async () => {
    const file = join(folder, ".revgan", "runs", "second", "run.json");
    const whole = readFileSync(file, "utf8");
    writeFileSync(file, whole.replace('"depth"', '"depht"'));
    const tree = vscode.views.tree("Runs");
    await until(
      "the tree to say so",
      async () => ((await tree.labels()).some((label) => /^second.*failed/.test(label)) ? true : undefined),
      () => tree.labels(),
    );
    await tree.select("second");
    const panel = await vscode.webviews.frame("RevGAN: second");
    await panel.getByText("depht", { exact: false }).first().waitFor();
    await panel.getByRole("button", { name: "Show Log" }).first().waitFor();
    await panel.getByRole("heading", { name: "Losses" }).waitFor();
    expect(await panel.getByRole("button", { name: "Resume from Checkpoint" }).count()).toBe(0);
    await vscode.screenshot("run-edited");
    writeFileSync(file, "{ half");
    await panel.getByText("run.json is damaged", { exact: false }).first().waitFor();
    writeFileSync(file, whole);
    await panel.getByText("Finished", { exact: true }).first().waitFor();
    await panel.getByRole("heading", { name: "Memory against depth" }).waitFor();
  });

  test("a run that is gone is told as such, with a way to the others", async () => {
    await vscode.host.executeCommand("revgan.openPanel", fileArgument(run));
    await vscode.notifications.waitFor("first is no run: it has no run.json. Choose a folder in .revgan/runs.");
    expect(await vscode.notifications.buttons("is no run")).toEqual(["Show Runs"]);
  });
});
