import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { EvaluationLine } from "../../extension/protocol/lines";
import { until } from "../support/browser/until";
import { noise, writeTree } from "../support/images";
import { fileArgument } from "../support/vscode/host";
import { Workbench } from "../support/vscode/workbench";
import { extension, trainedRun, workspaceFolder } from "./trainedWorkspace";

describe("Evaluate on Test Pictures", () => {
  const { folder, gone } = workspaceFolder("evaluate");
  const run = join(folder, ".revgan", "runs", "first");
  let vscode: Workbench;

  beforeAll(async () => {
    const pictures = ["A", "B"].flatMap((domain, i) =>
      Array.from({ length: 3 }, (_, j) => [`data/test${domain}/${j}.png`, noise(10 * i + j, 36, 40)] as const),
    );
    writeTree(folder, Object.fromEntries(pictures));
    await trainedRun(folder, "first");
    vscode = await Workbench.start({ folders: [folder], extensions: [extension] });
  });

  afterAll(async () => {
    await vscode.close();
    gone();
  });

  afterEach(() => vscode.notifications.clear());

  test("a run's menu has it; the figures are told, with the worst cases and the table behind them", async () => {
    await vscode.views.open("RevGAN");
    await vscode.views.tree("Runs").contextMenu("first", ["Evaluate on Test Pictures"]);
    const text = await vscode.notifications.waitFor("first: A to B: 3 pictures");
    expect(text).toMatch(
      /PSNR [\d.]+ dB, SSIM [\d.]+, error [\d.]+ of 255, there and back [\d.]+ of 255; B to A: 3 pictures, PSNR/,
    );
    await vscode.screenshot("evaluate-figures");
    await vscode.notifications.click("first: A to B", "Show Worst Cases");
    await until("the sheets' tabs", async () =>
      ["test-AtoB.png", "test-BtoA.png"].every((name) => existsSync(join(run, "evaluation", name))) &&
      (await vscode.editors()).includes("test-BtoA.png")
        ? true
        : undefined,
    );
    expect(await vscode.editors()).toEqual(["test-AtoB.png", "test-BtoA.png"]);
    await vscode.screenshot("evaluate-worst-cases");
  });

  test("a program gets the lines, and the file has one of them", async () => {
    const lines = (await vscode.host.executeCommand("revgan.evaluate", fileArgument(run))) as EvaluationLine[];
    expect(lines.map(({ direction, images }) => [direction, images])).toEqual([
      ["AtoB", 3],
      ["BtoA", 3],
    ]);
    expect(lines[0]!.perImage.map(({ name }) => name)).toEqual(["0", "1", "2"]);
    await vscode.notifications.click("first: A to B", "Open Table");
    await until("the tables' tabs", async () =>
      (await vscode.editors()).includes("test-BtoA.csv") ? true : undefined,
    );
  });

  test("what is missing is told in words, with what to do", async () => {
    for (const domain of ["A", "B"]) rmSync(join(folder, "data", `test${domain}`), { recursive: true });
    await vscode.host.executeCommand("revgan.evaluate", fileArgument(run));
    expect(await vscode.notifications.waitFor("has no test pictures")).toContain("Put pictures into testA and testB");
  });
});
