import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/browser/until";
import { fileArgument } from "../support/vscode/host";
import { Workbench } from "../support/vscode/workbench";
import { madeUpRun } from "./support/madeUpRun";
import { extension, tidyAfterTests, trainedRun, workspaceFolder } from "./trainedWorkspace";

const { folder, gone } = workspaceFolder("along");
let vscode: Workbench;
let run: string;

beforeAll(async () => {
  run = await trainedRun(folder, "first");
  madeUpRun(join(folder, ".revgan", "runs"), "peer", { kind: "cyclegan" }, 7.5);
  vscode = await Workbench.start({ folders: [folder], extensions: [extension], theme: "dark" });
});

tidyAfterTests(() => vscode, gone);

describe("Export…", () => {
  test("a run's menu has it: what for, where to, what would be replaced, and where it is", async () => {
    writeFileSync(join(folder, "first.BtoA.onnx"), "before");
    await vscode.views.open("RevGAN");
    await vscode.views.tree("Runs").contextMenu("first", ["Export…"]);
    await vscode.quickInput.asksFor("Export first");
    await vscode.screenshot("export");
    expect(await vscode.quickInput.titles()).toEqual([
      "ONNX, Both Directions",
      "ONNX, A → B",
      "ONNX, B → A",
      "PyTorch Weights",
      "TensorBoard Events",
    ]);
    await vscode.quickInput.choose("ONNX, Both Directions");
    await vscode.quickInput.asksFor("Export first");
    await vscode.quickInput.accept();
    expect(await vscode.dialog.text()).toMatch(/Replace what is there\?\s+first\.BtoA\.onnx/);
    await vscode.dialog.click("Replace");
    await vscode.notifications.waitFor("first is exported: first.AtoB.onnx, first.BtoA.onnx");
    await vscode.screenshot("export-done");
    for (const direction of ["AtoB", "BtoA"])
      expect(readFileSync(join(folder, `first.${direction}.onnx`)).includes("translation")).toBe(true);
    await vscode.notifications.click("first is exported", "Reveal");
    await until("the explorer", async () =>
      (await vscode.page.locator(".explorer-folders-view .monaco-list-row.selected:visible").allInnerTexts()).includes(
        "first.AtoB.onnx",
      )
        ? true
        : undefined,
    );
  });

  test("a program names format and place, and is asked nothing", async () => {
    const out = (name: string): string => join(folder, "exported", name);
    const exported = (options: object): Promise<unknown> =>
      vscode.host.executeCommand("revgan.exportRun", fileArgument(run), options);
    const one = await exported({ format: "onnx", direction: "AtoB", out: fileArgument(out("one.onnx")) });
    expect(fileURLToPath(one as string)).toBe(out("one.onnx"));
    expect(readFileSync(out("one.onnx"))).toEqual(readFileSync(join(folder, "first.AtoB.onnx")));
    await exported({ format: "pytorch", out: fileArgument(out("weights.safetensors")) });
    expect(existsSync(out("weights.safetensors"))).toBe(true);
    await exported({ format: "tensorboard", out: fileArgument(out("events")) });
    expect(readdirSync(out("events"))).toEqual([expect.stringMatching(/^events\.out\.tfevents\./)]);
  });
});

describe("Report…", () => {
  test("writes where it is told, and leads there", async () => {
    const out = join(folder, "report.html");
    const file = await vscode.host.executeCommand("revgan.report", fileArgument(run), { out: fileArgument(out) });
    expect(fileURLToPath(file as string)).toBe(out);
    expect(readFileSync(out, "utf8")).toContain(`<title>${basename(run)} – RevGAN</title>`);
    // The browser of a window over a network cannot open it.
    expect(await vscode.notifications.buttons("report.html is written.")).toEqual(["Reveal"]);
  });

  test("of several runs that the user picks, beside them unless another place is named", async () => {
    await vscode.notifications.clear();
    await vscode.runCommand("RevGAN: Report…");
    for (const name of ["first", "peer"]) await vscode.quickInput.toggle(name);
    await vscode.quickInput.accept();
    await vscode.quickInput.asksFor("Report");
    await vscode.quickInput.accept();
    await vscode.notifications.waitFor("report.html is written.");
    expect(readFileSync(join(run, "..", "report.html"), "utf8")).toContain("<title>2 runs – RevGAN</title>");
  });
});
