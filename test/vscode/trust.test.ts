import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Request } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/browser/until";
import { readRunFile } from "../support/commandLine";
import { noise, writeTree } from "../support/images";
import { menuEntries, openContextMenu } from "../support/vscode/contextMenu";
import { fileArgument } from "../support/vscode/host";
import { Workbench } from "../support/vscode/workbench";
import { copyOfRun, extension, trainedRun, workspaceFolder } from "./trainedWorkspace";

/** What a folder can be called, and what a file can say, that is more than text to a careless reader. */
const hostile = "<img src=x onerror=window.pwned=1> [a](command:revgan.doctor) $(flame)";
const message = `<img src="https://evil.example/x.png" onerror="window.pwned=1"><script>window.pwned=1</script> ![b](https://evil.example/y.png) [c](command:revgan.doctor)`;

describe("in Restricted Mode", () => {
  const { folder, gone } = workspaceFolder("untrusted");
  let vscode: Workbench;

  beforeAll(async () => {
    vscode = await Workbench.start({ folders: [folder], extensions: [extension], trusted: false });
  });

  afterAll(async () => {
    await vscode.close();
    gone();
  });

  afterEach(() => vscode.notifications.clear());

  test("the view says why nothing can be trained, and offers to change that", async () => {
    await vscode.views.open("RevGAN");
    const text = await vscode.views.text("Runs");
    expect(text).toContain("In Restricted Mode nothing can be trained or translated");
    expect(text).toContain("Manage Workspace Trust");
    await vscode.screenshot("trust-welcome");
  });

  test("runs that come from elsewhere appear, and can be looked at: the tree has them, and the panel opens", async () => {
    writeTree(folder, { "photo.png": noise(1, 40, 40), "revgan.json": "{}" });
    const run = await trainedRun(folder, "from elsewhere");
    const other = copyOfRun(run, hostile);
    writeFileSync(
      join(other, "run.json"),
      JSON.stringify({
        ...readRunFile(other),
        state: "failed",
        error: { code: "internal", message, remedy: message },
      }),
    );
    await vscode.views.tree("Runs").row(hostile);
    await vscode.views.tree("Runs").select("from elsewhere");
    const panel = await vscode.webviews.frame("RevGAN: from elsewhere");
    await panel.getByText("finished", { exact: false }).first().waitFor();
    await vscode.screenshot("trust-panel");
    expect(await panel.getByRole("button", { name: "Train Further…" }).count()).toBe(0);
    expect(await vscode.views.tree("Runs").buttons("from elsewhere")).toEqual([]);
  });

  test("a run whose name and message are markup and commands is text in tree, tooltip and panel; nothing runs, and no request leaves", async () => {
    const requests: string[] = [];
    const note = (request: Request): void => void requests.push(request.url());
    vscode.page.on("request", note);
    await vscode.views.open("RevGAN");
    const runs = vscode.views.tree("Runs");
    await runs.select(hostile);
    const tooltip = vscode.page.locator(".monaco-hover:visible, .workbench-hover:visible");
    // VS Code's markdown of plain text has hard spaces, and a backslash that stays before some >.
    const told = async (): Promise<string> =>
      (await tooltip.allInnerTexts()).join("\n").replaceAll("\u00a0", " ").replaceAll("\\>", ">");
    // The click before has put the pointer there already: it has to come again.
    await vscode.page.mouse.move(0, 0);
    await (await runs.row(hostile)).hover({ position: { x: 60, y: 10 } });
    await until("the run's tooltip", async () => ((await told()).includes(message) ? true : undefined), told);
    expect(await told()).toContain(hostile);
    // An address in a text can be clicked, as anywhere in VS Code; commands cannot.
    expect(await tooltip.locator("img, script, .codicon, a[data-href^='command:'], a[href^='command:']").count()).toBe(
      0,
    );
    const panel = await vscode.webviews.frame(`RevGAN: ${hostile}`);
    await panel.getByRole("heading", { level: 1, name: hostile }).waitFor();
    await panel.getByText(`${message}.`).first().waitFor();
    await vscode.screenshot("trust-hostile-run");
    for (const frame of vscode.page.frames()) expect(await frame.evaluate("window.pwned")).toBeUndefined();
    vscode.page.off("request", note);
    expect(requests.filter((url) => url.includes("evil.example"))).toEqual([]);
  });

  test("a language model may read a run, and start nothing", async () => {
    const answers = await vscode.host.run(async (api, folderOfRun) => {
      const call = (name: string, input: object): Promise<string> =>
        Promise.resolve(
          api.lm.invokeTool(name, { input, toolInvocationToken: undefined }, new api.CancellationTokenSource().token),
        ).then(
          () => "done",
          (error: unknown) => (error as Error).message,
        );
      return [
        await call("revgan_plan", { config: "revgan.json" }),
        await call("revgan_start_training", { config: "revgan.json" }),
        await call("revgan_translate", { files: ["photo.png"], direction: "AtoB" }),
        await call("revgan_evaluate", { run: folderOfRun }),
      ];
    }, "from elsewhere");
    for (const answer of answers) expect(answer).toMatch(/not trusted|disabled|not found|Unknown tool/i);
    expect(existsSync(join(folder, "photo.AtoB.png"))).toBe(false);
  });

  test("commands that start programs are not offered", async () => {
    expect(await vscode.quickInput.findCommands("RevGAN: ")).toEqual(
      expect.not.arrayContaining([
        "RevGAN: Train",
        "RevGAN: New Run…",
        "RevGAN: Try with Sample Data",
        "RevGAN: Translate A to B…",
        "RevGAN: Delete Run",
      ]),
    );
    const row = await vscode.explorer.row("photo.png");
    await openContextMenu(vscode.page, row);
    expect(await menuEntries(vscode.page)).not.toContain("Translate with RevGAN");
    await vscode.page.keyboard.press("Escape");
  });

  test.each([
    ["revgan.train", "revgan.json"],
    ["revgan.translateAToB", "photo.png"],
    ["revgan.deleteRun", ".revgan/runs/from elsewhere"],
    ["revgan.resumeFromCheckpoint", ".revgan/runs/from elsewhere"],
    ["revgan.evaluate", ".revgan/runs/from elsewhere"],
    ["revgan.trySampleData", undefined],
    ["revgan.doctor", undefined],
  ])("%s does nothing, and says what would help", async (command, path) => {
    await vscode.host.executeCommand(command, ...(path === undefined ? [] : [fileArgument(join(folder, path))]));
    await vscode.notifications.waitFor("Restricted Mode");
    expect(await vscode.notifications.buttons("Restricted Mode")).toEqual(["Manage Workspace Trust"]);
    await vscode.screenshot("trust-message");
    expect(existsSync(join(folder, "photo.AtoB.png"))).toBe(false);
    expect(existsSync(join(folder, ".revgan/runs/from elsewhere/run.json"))).toBe(true);
  });

  test("the button leads to VS Code's page about trust, and a workspace that is trusted there has its actions at once", async () => {
    await vscode.host.executeCommand("revgan.trySampleData");
    await vscode.notifications.click("Restricted Mode", "Manage Workspace Trust");
    await vscode.page.getByText("You are in Restricted Mode", { exact: false }).first().waitFor();
    await vscode.screenshot("trust-page");
    await vscode.page
      .locator(".workspace-trust-editor .monaco-button")
      .filter({ hasText: /^Trust$/ })
      .first()
      .click();
    // VS Code's page about trust lies over the whole window.
    await vscode.page
      .locator(".workspace-trust-editor")
      .getByText("You trust this", { exact: false })
      .first()
      .waitFor();
    await vscode.page.locator(".monaco-modal-editor-block .codicon-close").first().click();
    await vscode.views.open("RevGAN");
    await until("the run's buttons", async () =>
      (await vscode.views.tree("Runs").buttons("from elsewhere")).includes("Train Further…") ? true : undefined,
    );
    await vscode.views.tree("Runs").select("from elsewhere");
    const panel = await vscode.webviews.frame("RevGAN: from elsewhere");
    await panel.getByRole("button", { name: "Train Further…" }).first().waitFor();
  });
});
