import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Frame } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ComparisonLine } from "../../extension/protocol/lines";
import { accessibilityFaults } from "../support/browser/axe";
import { until } from "../support/browser/until";
import { expectDone, ofType } from "../support/commandLine";
import { revgan } from "../support/programs";
import { fileArgument } from "../support/vscode/host";
import { Workbench } from "../support/vscode/workbench";
import { runFile, stepLine, writeRunFolder } from "../unit/runFolder/runOnDisk";
import { parseConfig } from "../../extension/protocol/config";
import { extension, trainedRun, workspaceFolder } from "./trainedWorkspace";

const { folder, gone } = workspaceFolder("compare");
const elsewhere = workspaceFolder("elsewhere");
let vscode: Workbench;
let trained: string;
let peer: string;
let outside: string;

beforeAll(async () => {
  trained = await trainedRun(folder, "trained");
  peer = madeUp(join(folder, ".revgan", "runs"), "peer", "cyclegan", 7.5);
  outside = madeUp(elsewhere.folder, "trained", "revgan", 3.25);
  vscode = await Workbench.start({ folders: [folder], extensions: [extension], theme: "dark" });
});

afterAll(async () => {
  await vscode.close();
  gone();
  elsewhere.gone();
});

/** A run of one step that was evaluated. */
function madeUp(parent: string, name: string, kind: string, mae: number): string {
  const run = writeRunFolder(
    parent,
    name,
    runFile({ name, config: parseConfig({ network: { kind }, data: { path: "/maps" } }, "") }),
  );
  appendFileSync(join(run, "metrics.jsonl"), `${JSON.stringify(stepLine(1))}\n`);
  mkdirSync(join(run, "evaluation"));
  for (const direction of ["AtoB", "BtoA"])
    writeFileSync(
      join(run, "evaluation", `test-${direction}.json`),
      JSON.stringify({ type: "evaluation", direction, images: 3, metrics: { mae, psnr: 20, ssim: 0.5 }, perImage: [] }),
    );
  return run;
}

const compare = async (...runs: readonly string[]): Promise<ComparisonLine[]> =>
  (await vscode.host.executeCommand("revgan.compareRuns", runs.map(fileArgument))) as ComparisonLine[];

/** The names and the networks in the panel's comparison. */
async function rowsOf(panel: Frame): Promise<string[][]> {
  const cells = await panel.locator(".comparison-table tbody tr > :nth-child(-n + 2)").allTextContents();
  return Array.from({ length: cells.length / 2 }, (_, row) => cells.slice(2 * row, 2 * row + 2));
}

async function waitForRows(panel: Frame, expected: readonly (readonly string[])[]): Promise<void> {
  const same = async (): Promise<boolean> => JSON.stringify(await rowsOf(panel)) === JSON.stringify(expected);
  await until(
    `the rows ${JSON.stringify(expected)}`,
    async () => ((await same()) ? true : undefined),
    () => rowsOf(panel),
  );
}

test("the command gives what the command line prints, and shows it in the panel at once", async () => {
  const lines = await compare(peer, trained, peer);
  expect(lines).toEqual(ofType(expectDone(await revgan(["compare", "--json", peer, trained])), "comparison"));
  expect(lines.map(({ kind, peakBytes, secondsPerStep }) => [kind, peakBytes, secondsPerStep]).at(0)).toEqual([
    "cyclegan",
    1001,
    0.5,
  ]);
  const panel = await vscode.webviews.frame("RevGAN: peer");
  await waitForRows(panel, [
    ["1peer", "CycleGAN"],
    ["2trained", "RevGAN"],
  ]);
  await panel.locator(".comparison h2:focus").waitFor();
  expect(await panel.getByRole("checkbox", { name: "Compare trained" }).isChecked()).toBe(true);
  await vscode.screenshot("compare-runs");
  await panel.evaluate(`document.documentElement.style.background = "var(--vscode-editor-background)"`);
  expect(await accessibilityFaults(panel)).toEqual([]);
});

test("a run of another folder is compared in the open panel, and told apart from one of its name", async () => {
  const lines = await compare(trained, outside);
  expect(lines.map(({ metrics }) => metrics?.AtoB?.mae)).toEqual([undefined, 3.25]);
  const panel = await vscode.webviews.frame("RevGAN: trained");
  await waitForRows(panel, [
    ["1runs/trained", "RevGAN"],
    [`2${basename(elsewhere.folder)}/trained`, "RevGAN"],
  ]);
});

test("also when the panel is hidden behind another editor", async () => {
  const panel = await vscode.webviews.frame("RevGAN: trained");
  await vscode.openFile(join(trained, "log.txt"));
  await panel
    .locator("main")
    .waitFor({ state: "detached" })
    .catch(() => undefined);
  await compare(trained, peer);
  await waitForRows(await vscode.webviews.frame("RevGAN: trained"), [
    ["1trained", "RevGAN"],
    ["2peer", "CycleGAN"],
  ]);
});

test("without arguments the user picks among the runs", async () => {
  await vscode.runCommand("RevGAN: Compare Runs…");
  for (const name of ["peer", "trained"]) await vscode.quickInput.toggle(name);
  await vscode.quickInput.accept();
  await until("the picked runs", async () => {
    const rows = await rowsOf(await vscode.webviews.frame(/^RevGAN: /));
    return rows
      .map(([name]) => name!.slice(1))
      .sort()
      .join() === "peer,trained"
      ? true
      : undefined;
  });
});

test("what is no run, and a damaged evaluation, are told of with their files", async () => {
  await vscode.notifications.clear();
  expect(await vscode.host.executeCommand("revgan.compareRuns", [fileArgument(join(folder, "data"))])).toBeFalsy();
  await until(
    "the notification",
    async () =>
      (await vscode.notifications.texts()).some((text) => text.includes("is no run: it has no run.json"))
        ? true
        : undefined,
    () => vscode.notifications.texts(),
  );
  writeFileSync(join(peer, "evaluation", "test-AtoB.json"), "{");
  expect(await vscode.host.executeCommand("revgan.compareRuns", [fileArgument(peer)])).toBeFalsy();
  await until(
    "the notification",
    async () =>
      (await vscode.notifications.texts()).some((text) => text.includes("test-AtoB.json is damaged"))
        ? true
        : undefined,
    () => vscode.notifications.texts(),
  );
  rmSync(join(peer, "evaluation"), { recursive: true });
});
