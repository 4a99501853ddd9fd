import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Frame } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { parseConfig } from "../../extension/configuration/config";
import type { ComparisonLine, EvaluationLine } from "../../extension/protocol/lines";
import { accessibilityFaults } from "../support/browser/axe";
import { until } from "../support/browser/until";
import { expectDone, ofType, readRunFile } from "../support/commandLine";
import { noise, writeTree } from "../support/images";
import { revgan } from "../support/programs";
import { fileArgument } from "../support/vscode/host";
import { Workbench } from "../support/vscode/workbench";
import { madeUpRun } from "./support/madeUpRun";
import { copyOfRun, extension, tidyAfterTests, trainedRun, workspaceFolder } from "./trainedWorkspace";

const { folder, gone } = workspaceFolder("runs");
const elsewhere = workspaceFolder("elsewhere");
let vscode: Workbench;
let run: string;
let trained: string;
let peer: string;
let outside: string;

beforeAll(async () => {
  const pictures = ["A", "B"].flatMap((domain, i) =>
    Array.from({ length: 3 }, (_, j) => [`data/test${domain}/${j}.png`, noise(10 * i + j, 36, 40)] as const),
  );
  writeTree(folder, Object.fromEntries(pictures));
  run = await trainedRun(folder, "first");
  copyOfRun(run, "second");
  trained = copyOfRun(run, "trained");
  peer = madeUpRun(join(folder, ".revgan", "runs"), "peer", { kind: "cyclegan" }, 7.5);
  outside = madeUpRun(elsewhere.folder, "trained", {}, 3.25);
  vscode = await Workbench.start({ folders: [folder], extensions: [extension], theme: "dark" });
});

tidyAfterTests(
  () => vscode,
  () => {
    gone();
    elsewhere.gone();
  },
);

describe("a run behind another editor", () => {
  const panelState = async (title: string): Promise<string> =>
    (await (await vscode.webviews.frame(title)).locator(".head .state").first().innerText()).trim();

  test("gives way to the one that is clicked in the tree", async () => {
    await vscode.host.executeCommand("revgan.openPanel", fileArgument(run));
    const panel = await vscode.webviews.frame("RevGAN: first");
    await vscode.openFile(join(run, "log.txt"));
    await panel
      .locator("main")
      .waitFor({ state: "detached" })
      .catch(() => undefined);
    await vscode.views.open("RevGAN");
    await vscode.views.tree("Runs").select("trained");
    const shown = await vscode.webviews.frame("RevGAN: trained");
    await shown
      .locator(".head h1")
      .filter({ hasText: /^trained$/ })
      .waitFor();
    expect(await panelState("RevGAN: trained")).toBe("Finished");
  });

  test("that trains further is told when it is finished, and translates a picture of its test folder from there", async () => {
    await vscode.openFile(join(run, "log.txt"));
    await vscode.host.executeCommand("revgan.trainFurther", fileArgument(trained), { steps: 2 });
    // Train Further shows the panel; the user goes on with something else.
    await vscode.openFile(join(run, "log.txt"));
    const message = await vscode.notifications.waitFor("trained is finished at step 4, after ");
    expect(message).toMatch(/after \d+ s of training\.$/);
    expect(await vscode.notifications.buttons(message)).toEqual(["Open", "Translate a Picture…"]);
    await vscode.screenshot("finished-out-of-sight");
    await vscode.notifications.click(message, "Translate a Picture…");
    await vscode.quickInput.waitForEntry("0.png");
    expect(await vscode.quickInput.titles()).toEqual([
      "0.png",
      "1.png",
      "2.png",
      "0.png",
      "1.png",
      "2.png",
      "Choose Files… (A → B)",
      "Choose Files… (B → A)",
    ]);
    await vscode.screenshot("translate-test-picture");
    await vscode.quickInput.choose("0.png");
    const result = join(trained, "translations", "0.AtoB.png");
    await until("the translation", () => Promise.resolve(existsSync(result) ? true : undefined));
    await until("its tab", async () => ((await vscode.editors()).includes("0.AtoB.png") ? true : undefined));
    // Not where it would be a test picture.
    expect(readdirSync(join(folder, "data", "testA"))).toEqual(["0.png", "1.png", "2.png"]);
    await vscode.screenshot("translated-test-picture");
  });
});

describe("Evaluate on Test Pictures", () => {
  test("a run's menu has it; the figures are told, with the worst cases and the table behind them", async () => {
    await vscode.views.open("RevGAN");
    await vscode.views.tree("Runs").contextMenu("first", ["Evaluate on Test Pictures"]);
    const text = await vscode.notifications.waitFor("first: A → B: 3 pictures");
    expect(text).toMatch(
      /PSNR [\d.]+ dB, SSIM [\d.]+, error [\d.]+ of 255, there and back [\d.]+ of 255; B → A: 3 pictures, PSNR/,
    );
    await vscode.screenshot("evaluate-figures");
    await vscode.notifications.click("first: A → B", "Show Worst Cases");
    await until("the sheets' tabs", async () =>
      ["test-AtoB.png", "test-BtoA.png"].every((name) => existsSync(join(run, "evaluation", name))) &&
      (await vscode.editors()).includes("test-BtoA.png")
        ? true
        : undefined,
    );
    expect(await vscode.editors()).toEqual(expect.arrayContaining(["test-AtoB.png", "test-BtoA.png"]));
    await vscode.screenshot("evaluate-worst-cases");
  });

  test("a program gets the lines, and the file has one of them", async () => {
    const lines = (await vscode.host.executeCommand("revgan.evaluate", fileArgument(run))) as EvaluationLine[];
    expect(lines.map(({ direction, images }) => [direction, images])).toEqual([
      ["AtoB", 3],
      ["BtoA", 3],
    ]);
    expect(lines[0]!.perImage.map(({ name }) => name)).toEqual(["0", "1", "2"]);
    await vscode.notifications.click("first: A → B", "Open Table");
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

describe("New Run at This Depth", () => {
  test("writes the run's configuration with the depth that was chosen beside the chart, and opens it", async () => {
    await vscode.host.executeCommand("revgan.openPanel", fileArgument(run));
    const panel = await vscode.webviews.frame("RevGAN: first");
    const cost = panel.getByRole("group", { name: "What would depth cost here?" });
    await cost.getByRole("button", { name: "64 blocks", exact: true }).click();
    await cost.getByRole("button", { name: "New Run at This Depth" }).click();
    await until("its tab", async () => ((await vscode.editors()).includes("depth-64.revgan.json") ? true : undefined));
    await vscode.screenshot("new-run-at-depth");
    const written = JSON.parse(readFileSync(join(folder, "depth-64.revgan.json"), "utf8")) as {
      data: { path: string };
    };
    expect(written.data.path).toBe("data");
    const { config } = readRunFile(run);
    expect(parseConfig(written, "")).toEqual({
      ...config,
      network: { ...config.network, depth: 64 },
      data: { ...config.data, path: "data" },
    });
    await vscode.notifications.waitFor("depth-64.revgan.json is ready to be trained.");
    rmSync(join(folder, "depth-64.revgan.json"));
  });
});

describe("Compare Runs…", () => {
  const compare = async (...runs: readonly string[]): Promise<ComparisonLine[]> =>
    (await vscode.host.executeCommand("revgan.compareRuns", runs.map(fileArgument))) as ComparisonLine[];

  /** The names and the networks in the panel's comparison. */
  /** The name and the network of each row. */
  async function rowsOf(panel: Frame): Promise<string[][]> {
    const rows = await panel.locator(".comparison-table tbody tr").all();
    const cellsOf = await Promise.all(rows.map((row) => row.locator("> *").allTextContents()));
    return cellsOf.map((cells) => [cells[0]!, cells.find((text) => /^(RevGAN|CycleGAN)$/.test(text)) ?? ""]);
  }

  /** The panel with this title, once it has these rows; its page may be loaded anew meanwhile. */
  async function panelWithRows(title: string, expected: readonly (readonly string[])[]): Promise<Frame> {
    return await until(
      `the rows ${JSON.stringify(expected)}`,
      async () => {
        const panel = await vscode.webviews.frame(title, 1);
        return JSON.stringify(await rowsOf(panel)) === JSON.stringify(expected) ? panel : undefined;
      },
      async () => rowsOf(await vscode.webviews.frame(title, 1)),
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
    const panel = await panelWithRows("RevGAN: peer", [
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
    await panelWithRows("RevGAN: trained", [
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
    // Sorted by their networks.
    await panelWithRows("RevGAN: trained", [
      ["1peer", "CycleGAN"],
      ["2trained", "RevGAN"],
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

  test("a folder of runs, as that of a sweep, is an entry of the tree, and its runs are compared from there", async () => {
    for (const depth of [18, 3]) madeUpRun(join(folder, ".revgan", "runs", "depths"), `depth-${depth}`, { depth }, 20);
    const tree = vscode.views.tree("Runs");
    await vscode.views.open("RevGAN");
    await tree.expand("depths");
    await tree.row("depth-18");
    const labels = await tree.labels();
    const from = labels.indexOf("depths 2 of 2 finished");
    expect(labels.slice(from + 1, from + 3).map((label) => label.split(" ")[0])).toEqual(["depth-3", "depth-18"]);
    await tree.click("depths", "Compare All Runs");
    const panel = await panelWithRows("RevGAN: depth-3", [
      ["1depth-3", "RevGAN"],
      ["2depth-18", "RevGAN"],
    ]);
    await panel.getByRole("slider", { name: "MAE, A to B against Depth: run" }).waitFor();
    await vscode.screenshot("compare-folder");
  });

  test("so is a folder elsewhere, which the list of runs then has, and whose pictures the panel may read", async () => {
    const sweep = join(elsewhere.folder, "widths");
    cpSync(run, join(sweep, "first"), { recursive: true });
    madeUpRun(sweep, "width-8", { width: 8 }, 4);
    const lines = (await vscode.host.executeCommand("revgan.compareRuns", [fileArgument(sweep)])) as ComparisonLine[];
    expect(lines.map((line) => basename(line.run))).toEqual(["first", "width-8"]);
    await vscode.views.tree("Runs").row("widths");
    const hasPicture = "[...document.images].some(({ naturalWidth }) => naturalWidth > 0)";
    await until("a picture", async () => {
      const panel = await vscode.webviews.frame("RevGAN: first", 1);
      return (await panel.evaluate(hasPicture)) === true ? true : undefined;
    });
  });

  test("what is no run, and a damaged evaluation, are told of with their files", async () => {
    await vscode.notifications.clear();
    expect(await vscode.host.executeCommand("revgan.compareRuns", [fileArgument(join(folder, "data"))])).toBeFalsy();
    await vscode.notifications.waitFor("is no run: it has no run.json");
    writeFileSync(join(peer, "evaluation", "test-AtoB.json"), "{");
    expect(await vscode.host.executeCommand("revgan.compareRuns", [fileArgument(peer)])).toBeFalsy();
    await vscode.notifications.waitFor("test-AtoB.json is damaged");
    rmSync(join(peer, "evaluation"), { recursive: true });
  });
});

describe("what helps around runs", () => {
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
