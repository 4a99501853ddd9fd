import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { EngineLine } from "../../extension/protocol/lines";
import { until } from "../support/browser/until";
import { h100, k80, nvidiaSmi } from "../support/nvidiaSmi";
import { Workbench } from "../support/vscode/workbench";
import { extension, tidyAfterTests, workspaceFolder } from "./trainedWorkspace";

const { folder, gone } = workspaceFolder("doctor");
let vscode: Workbench;

beforeAll(async () => {
  vscode = await Workbench.start({ folders: [folder], extensions: [extension] });
  await vscode.views.open("RevGAN");
});

tidyAfterTests(() => vscode, gone);

describe("the doctor", () => {
  test("lists every engine, whether it works here, and what to do where it does not", async () => {
    await vscode.runCommand("RevGAN: Doctor");
    await vscode.quickInput.asksFor("RevGAN Doctor");
    await vscode.screenshot("doctor");
    const rows = await vscode.quickInput.texts();
    for (const engine of ["native-gpu", "native", "wasm"]) expect(rows).toContainEqual(expect.stringContaining(engine));
    expect(rows.find((text) => text.includes("wasm"))).toContain("works here");
    expect(rows).toContainEqual(expect.stringContaining(`Node ${await vscode.host.run(() => process.versions.node)}`));
    expect(rows).toContainEqual(expect.stringMatching(/GB of memory/));
  });

  test("answers a program with the lines of `revgan engine`, and asks nothing", async () => {
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
});

describe("on a machine whose driver lists two GPUs, without an engine for them", () => {
  const driver = nvidiaSmi(`${h100}\n${k80}`);

  beforeAll(async () => {
    // VS Code gives its extensions the PATH of the user's shell.
    await vscode.host.run((_, first) => {
      process.env["PATH"] = `${first}:${process.env["PATH"] ?? ""}`;
    }, driver);
  });

  /** The setting as a child process meets it. */
  async function visibleGpus(): Promise<string> {
    await vscode.host.executeCommand("revgan.doctor", {});
    return readFileSync(join(driver, "seen"), "utf8");
  }

  test("the doctor lists them and offers the engine", async () => {
    await vscode.runCommand("RevGAN: Doctor");
    await vscode.quickInput.asksFor("RevGAN Doctor");
    await vscode.screenshot("doctor-gpu");
    const found = await vscode.quickInput.texts();
    expect(found).toContainEqual(expect.stringMatching(/^native-gpu is not installed$/));
    expect(found).toContainEqual(expect.stringContaining("Install Engine for the GPU"));
    expect(found).toContainEqual(expect.stringContaining("0: NVIDIA H100 80GB HBM3"));
    const lines = (await vscode.host.executeCommand("revgan.doctor", {})) as EngineLine[];
    expect(lines[0]).toMatchObject({
      name: "native-gpu",
      available: false,
      reason: "it is not installed",
      remedy: "run `revgan engine install --gpu`",
    });
    expect(lines[0]?.gpus?.map(({ index }) => index)).toEqual([0, 1]);
  });

  test("installing asks for which of the processors", async () => {
    await vscode.runCommand("RevGAN: Install Engine");
    await vscode.quickInput.asksFor("Install Engine");
    await vscode.screenshot("install-gpu");
    expect(await vscode.quickInput.texts()).toEqual([
      expect.stringMatching(/^For the GPU.*H100.*2\.8 GB/),
      expect.stringMatching(/^For the Processor.*274 MB/),
    ]);
  });

  test("one is chosen from a list, and every program sees that one alone", async () => {
    expect(await visibleGpus()).toBe("");
    await vscode.runCommand("RevGAN: Choose GPU…");
    await vscode.quickInput.asksFor("Choose GPU");
    await vscode.screenshot("choose-gpu");
    expect(await vscode.quickInput.texts()).toEqual([
      expect.stringMatching(/^Any/),
      expect.stringContaining("0: NVIDIA H100"),
      expect.stringContaining("1: Tesla K80"),
    ]);
    await vscode.page.locator(".quick-input-list .monaco-list-row:visible", { hasText: "0: NVIDIA H100" }).click();
    await until("the choice to arrive", async () => ((await visibleGpus()) === "0" ? true : undefined), visibleGpus);
    expect(await vscode.host.executeCommand("revgan.chooseGpu", 1)).toBe(1);
    expect(await visibleGpus()).toBe("1");
    expect(await vscode.host.executeCommand("revgan.chooseGpu", null)).toBeNull();
    expect(await visibleGpus()).toBe("");
  });
});
