import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import type { EngineLine } from "../../extension/protocol/lines";
import { cacheFolders } from "../../extension/trainer/engines/cacheFolder";
import { longPatience, until } from "../support/browser/until";
import { metricsOf, ofType, readRunFile } from "../support/commandLine";
import { testedGpu } from "../support/engines";
import { h100, k80, nvidiaSmi } from "../support/nvidiaSmi";
import { SampleRun } from "../support/vscode/sampleRun";
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
    for (const engine of ["native-gpu", "webgpu", "native", "wasm"])
      expect(rows).toContainEqual(expect.stringContaining(engine));
    expect(rows.find((text) => text.includes("wasm"))).toContain("works here");
    expect(rows).toContainEqual(expect.stringContaining(`Node ${await vscode.host.run(() => process.versions.node)}`));
    expect(rows).toContainEqual(expect.stringMatching(/GB of memory/));
  });

  test("answers a program with the lines of `revgan engine`, and asks nothing", async () => {
    const lines = (await vscode.host.executeCommand("revgan.doctor", {})) as EngineLine[];
    expect(lines.map(({ type, name }) => [type, name])).toEqual([
      ["engine", "native-gpu"],
      ["engine", "webgpu"],
      ["engine", "native"],
      ["engine", "wasm"],
    ]);
    for (const { available, reason, remedy } of lines)
      expect([reason !== null, remedy !== null]).toEqual([!available, !available]);
    expect(await vscode.page.locator(".quick-input-widget:visible").count()).toBe(0);
  });
});

/** What WebGPU finds in the tests. */
const softwareGpus: unknown[] =
  testedGpu === "none" ? [] : [expect.stringMatching(/^llvmpipe.*Vulkan, Mesa.*the processor, which acts as a GPU/)];

const driver = nvidiaSmi(`${h100}\n${k80}`);

describe("on a machine whose driver lists two GPUs, without an engine for them", () => {
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
    expect(found).toContainEqual(expect.stringContaining("Install Engine for the NVIDIA GPU"));
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
    await vscode.host.run(
      (_, empty) => {
        process.env["REVGAN_CACHE"] = empty;
      },
      join(folder, "empty"),
    );
    await vscode.runCommand("RevGAN: Install Engine");
    await vscode.quickInput.asksFor("Install Engine");
    await vscode.host.run(() => delete process.env["REVGAN_CACHE"]);
    await vscode.screenshot("install-gpu");
    expect(await vscode.quickInput.texts()).toEqual([
      expect.stringMatching(/^For the NVIDIA GPU.*H100.*2\.8 GB/),
      expect.stringMatching(/^For a GPU of Any Maker.*3\.5 MB/),
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
      ...softwareGpus,
    ]);
    await vscode.page.locator(".quick-input-list .monaco-list-row:visible", { hasText: "0: NVIDIA H100" }).click();
    const h100Name = "NVIDIA H100 80GB HBM3";
    await until(
      "the choice to arrive",
      async () => ((await visibleGpus()) === h100Name ? true : undefined),
      visibleGpus,
    );
    expect(await vscode.host.executeCommand("revgan.chooseGpu", 1)).toBe(1);
    expect(await visibleGpus()).toBe("1");
    expect(await vscode.host.executeCommand("revgan.chooseGpu", null)).toBeNull();
    expect(await visibleGpus()).toBe("");
  });
});

describe("the sample on a machine without TensorFlow", () => {
  const cache = join(folder, "cache");

  beforeAll(async () => {
    await vscode.host.run(
      (_, empty, gpu) => {
        process.env["REVGAN_CACHE"] = empty;
        process.env["PATH"] = (process.env["PATH"] ?? "").replace(`${gpu}:`, "");
      },
      cache,
      driver,
    );
  });

  test("says what WebAssembly takes and TensorFlow would, and goes on with it where that was installed meanwhile", async () => {
    await vscode.runCommand("RevGAN: Try with Sample Data");
    const offer = await vscode.notifications.waitFor("The sample trains on WebAssembly", longPatience);
    expect(offer).toMatch(/takes about \d.* here\. TensorFlow would take about \d.*: install it/);
    await vscode.screenshot("sample-on-wasm");
    const run = await until("the run", () => Promise.resolve(sampleRun()));
    await run.reach(1);
    expect(readRunFile(run.folder)).toMatchObject({ state: "running", engine: { name: "wasm" } });

    // What installing leaves; that it is fetched and compiled is another test's.
    mkdirSync(cache, { recursive: true });
    symlinkSync(cacheFolders(process.env).engines, join(cache, "engines"));
    await vscode.notifications.click("The sample trains on WebAssembly", "Install Engine");
    await vscode.notifications.waitFor("it can go on with TensorFlow from where it is");
    await vscode.screenshot("sample-go-on");
    await vscode.notifications.click("it can go on with TensorFlow", "Go On with TensorFlow");
    const isOnTensorFlow = (): boolean => {
      const { engine, state } = readRunFile(run.folder);
      return engine?.name === "native" && state === "running";
    };
    await until(
      "the run on TensorFlow",
      () => Promise.resolve(isOnTensorFlow() ? true : undefined),
      () => Promise.resolve(readRunFile(run.folder)),
      longPatience,
    );
    await run.reach(run.step + 5);
    await run.stop();
    expect(readRunFile(run.folder)).toMatchObject({ state: "stopped", engine: { name: "native" } });
    const steps = ofType(metricsOf(run.folder), "step").map(({ step }) => step);
    expect(steps).toEqual(steps.map((_, i) => i + 1));
    expect(await vscode.notifications.texts()).toEqual([]);
  });

  function sampleRun(): SampleRun | undefined {
    const runs = join(folder, ".revgan", "runs");
    const name = existsSync(runs) ? readdirSync(runs).find((each) => each.startsWith("nuclei-labels-")) : undefined;
    return name === undefined ? undefined : SampleRun.of(vscode, pathToFileURL(join(runs, name)).href);
  }
});
