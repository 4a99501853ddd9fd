import { existsSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Frame } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { longPatience, until } from "../support/browser/until";
import { Keyboard } from "../support/vscode/keyboard";
import { fileArgument } from "../support/vscode/host";
import { Workbench } from "../support/vscode/workbench";
import { extensionFolder } from "./support/extensionFolder";
import { removeWorkspace, type TestWorkspace, tinyWorkspace } from "./support/tinyWorkspace";
import { waitForStep } from "./support/trainers";

describe("with the keyboard alone", () => {
  let workspace: TestWorkspace;
  let vscode: Workbench;
  let run: string;
  let frame: Frame;
  let keys: Keyboard;

  beforeAll(async () => {
    workspace = tinyWorkspace({ "training.sampleEvery": 10 });
    vscode = await Workbench.start({
      folders: [workspace.folder],
      extensions: [extensionFolder],
      settings: { "revgan.panel.openOnTrain": false },
    });
    const address = await vscode.host.executeCommand("revgan.train", fileArgument(workspace.config));
    run = fileURLToPath(address as string);
    await waitForStep(run, 22);
    await vscode.host.executeCommand("revgan.stop");
  });

  afterAll(async () => {
    await vscode.close();
    removeWorkspace(workspace);
  });

  /** Presses keys until the page says something. */
  const eventually = async (what: string, ask: () => Promise<boolean>, seconds?: number): Promise<void> => {
    await until(
      what,
      async () => ((await ask()) ? true : undefined),
      () => keys.focused(),
      seconds,
    );
  };

  test("F1 opens the panel, and Tab comes to everything in it", async () => {
    const { page } = vscode;
    await page.keyboard.press("F1");
    await vscode.quickInput.waitUntilOpen();
    await page.keyboard.type("RevGAN: Open Panel");
    await until("the command", async () =>
      (await vscode.quickInput.titles())[0] === "RevGAN: Open Panel" ? true : undefined,
    );
    await page.keyboard.press("Enter");
    frame = await vscode.webviews.frame(`RevGAN: ${basename(run)}`);
    await frame.locator(".samples-picture img").first().waitFor();
    keys = new Keyboard(page, frame);
    await keys.hasFocus();
    const stops = await keys.stops();
    const wanted = [
      "Resume from Checkpoint",
      "Reveal Run Folder",
      "Show Log",
      "Smoothing",
      "Log scale",
      "Save CSV",
      "A → B",
      "B → A",
      "Latest",
      "Generator: table",
      "Save Generator as PNG",
      "Save Generator as SVG",
      "Generator: curves",
      "Largest activations",
      "Peak",
      "Measure Memory by Depth",
      "Number of blocks",
      "64 blocks",
      "New Run at This Depth",
      "Save Memory against depth as PNG",
    ];
    expect(
      wanted.filter((name) => !stops.includes(name)),
      stops.join(" | "),
    ).toEqual([]);
    expect(stops.filter((name) => /^Picture|^A to B|^A, /.test(name)).length, stops.join(" | ")).toBeGreaterThan(0);
  });

  test("the curves are read, moved and hidden, and their numbers shown in a table", async () => {
    await keys.tabTo("Generator: table");
    await keys.press("Enter");
    await frame.locator(".chart-table").first().waitFor();
    await keys.press("Enter");
    await keys.tabTo(/^A → B\d/);
    await keys.press("Space");
    const pressed = (): Promise<string | null> => frame.locator(".chart-toggle").first().getAttribute("aria-pressed");
    await eventually("the curve to go", async () => (await pressed()) === "false");
    await keys.press("Space");
    await eventually("the curve to come back", async () => (await pressed()) === "true");
    await keys.tabTo("Generator: curves");
    const place = frame.locator(".charts-range");
    await keys.press("ArrowLeft");
    await eventually("a step to be read", async () => /^Step \d+, /.test(await place.innerText()));
    await keys.press("Escape", "+");
    await eventually(
      "the zoom",
      async () => (await place.innerText()).startsWith("Steps ") && !(await place.innerText()).startsWith("Steps 1 "),
    );
    await keys.press("0");
    await eventually("all steps", async () => (await place.innerText()).startsWith("Steps 1 to"));
  });

  test("past samples are chosen, opened at full size and closed", async () => {
    const step = frame.locator(".samples-step");
    await keys.tabTo("Step");
    await keys.press("Home");
    await eventually("the first sample", async () => (await step.innerText()) === "Step 10");
    await keys.press("ArrowRight");
    await eventually("the sample after it", async () => (await step.innerText()) === "Step 20");
    await keys.press("End");
    await eventually("the latest sample", async () => (await step.innerText()) !== "Step 10");
    await frame.locator(".samples-picture").first().focus();
    await keys.press("Enter");
    await frame.getByRole("dialog").waitFor();
    await keys.tabTo("Close");
    await keys.press("Enter");
    await frame.getByRole("dialog").waitFor({ state: "hidden" });
    expect(await frame.evaluate<string>("document.activeElement.className")).toBe("samples-picture");
  });

  test("memory is looked at", async () => {
    await keys.tabTo("Peak");
    await keys.press("Space");
    await eventually(
      "the other bytes",
      async () => (await frame.getByRole("button", { name: "Peak" }).getAttribute("aria-pressed")) === "true",
    );
    await keys.tabTo("Data as a table");
    await keys.press("Enter");
    await frame.locator(".memory-details table").waitFor();
  });

  test("training goes on and is stopped", async () => {
    await frame.evaluate("document.activeElement.blur()");
    await keys.tabTo("Resume from Checkpoint");
    await keys.press("Enter");
    await eventually(
      "the training",
      async () => (await frame.locator(".head .state").innerText()).includes("Training"),
      longPatience,
    );
    await keys.tabTo("Stop");
    await keys.press("Enter");
    await eventually(
      "the end",
      async () => (await frame.locator(".head .state").innerText()).includes("Stopped"),
      longPatience,
    );
  });

  test("the tree opens a run, shows its menu and deletes it", async () => {
    const { page } = vscode;
    await page.keyboard.press("F1");
    await vscode.quickInput.waitUntilOpen();
    await page.keyboard.type("Focus on Runs View");
    await until(
      "the command",
      async () => ((await vscode.quickInput.titles())[0]?.includes("Focus on Runs View") === true ? true : undefined),
      () => vscode.quickInput.titles(),
    );
    await page.keyboard.press("Enter");
    const row = await vscode.views.tree("Runs").row(basename(run));
    // A key that comes before the tree has the focus goes to what had it.
    await until(
      "the row to have the focus",
      async () => {
        await keys.press("Control+0", "ArrowDown");
        return (await row.getAttribute("class"))?.includes("focused") === true &&
          (await page.locator(".pane .monaco-list:focus").count()) === 1
          ? true
          : undefined;
      },
      () => page.evaluate("document.activeElement.outerHTML.slice(0, 300)"),
    );
    await keys.press("Shift+F10");
    await page.locator(".monaco-menu .action-label").getByText("Delete Run", { exact: true }).waitFor();
    await keys.press("ArrowUp");
    await until(
      "the last entry",
      async () =>
        (await page.locator(".monaco-menu .action-item.focused").innerText()).includes("Delete Run") ? true : undefined,
      () => page.locator(".monaco-menu .action-item.focused").allInnerTexts(),
    );
    await keys.press("Enter");
    expect(await vscode.dialog.text()).toContain(basename(run));
    await keys.press("Enter");
    await until("the run to be gone", () => Promise.resolve(existsSync(run) ? undefined : true));
  });
});
