import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accessibilityFaults } from "../support/browser/axe";
import { setAppearance } from "../support/browser/browser";
import { desktopVscode } from "../support/vscode/desktop";
import { processesWith } from "../support/vscode/processes";
import { Workbench } from "../support/vscode/workbench";
import { writeSmokeExtension } from "../support/vscode/smokeExtension";

const id = "revgan-test.smoke";

const pids = (vscode: Workbench): number[] => vscode.server.processes().map(({ pid }) => pid);

/** Makes a .vsix of an extension's folder, as it would be published. */
function pack(extension: string): string {
  const file = `${extension}.vsix`;
  const vsce = join(createRequire(import.meta.url).resolve("@vscode/vsce/package.json"), "..", "vsce");
  execFileSync(process.execPath, [vsce, "package", "--out", file, "--allow-missing-repository", "--skip-license"], {
    cwd: extension,
    stdio: "pipe",
  });
  return file;
}

describe("a real VS Code, driven by the tests", () => {
  let folder: string;
  let vscode: Workbench;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "revgan-smoke-"));
    mkdirSync(join(folder, "one folder", "photos"), { recursive: true });
    writeFileSync(join(folder, "one folder", "notes.txt"), "a note");
    writeFileSync(join(folder, "one folder", "photos", "é 'quoted'.txt"), "no photo");
    mkdirSync(join(folder, "other"));
    vscode = await Workbench.start({
      folders: [join(folder, "one folder")],
      extensions: [pack(writeSmokeExtension(join(folder, "extension")))],
      theme: "light",
    });
  });

  afterAll(async () => {
    await vscode.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("opens a quiet window on the folder, with an extension from a .vsix", async () => {
    expect(await vscode.explorer.names()).toEqual(["photos", "notes.txt"]);
    expect(await vscode.editors()).toEqual([]);
    expect(await vscode.notifications.texts()).toEqual([]);
    expect(vscode.page.viewportSize()).toEqual({ width: 1400, height: 900 });
    await vscode.screenshot("smoke-window");
  });

  test("runs a command from the palette and answers its quick picks", async () => {
    await vscode.runCommand("Smoke: Ask");
    expect(await vscode.quickInput.prompt()).toContain("Which fruit?");
    expect(await vscode.quickInput.titles()).toEqual(["Apple", "Pear"]);
    await vscode.screenshot("smoke-quick-pick");
    await vscode.quickInput.choose("Pear");
    await vscode.quickInput.toggle("Sugar");
    await vscode.quickInput.accept();
    await vscode.quickInput.type("with cream");
    await vscode.quickInput.accept();
    expect(await vscode.notifications.waitFor("Pear")).toBe("Pear, Sugar, with cream");
    await vscode.notifications.clear();
    expect(await vscode.notifications.texts()).toEqual([]);
  });

  test("offers no command that cannot work now", async () => {
    expect(await vscode.quickInput.findCommands("Smoke: ")).toEqual(expect.arrayContaining(["Smoke: Ask"]));
    expect(await vscode.quickInput.findCommands("Smoke: ")).not.toContain("Smoke: Never");
  });

  test("clicks a notification's button and answers a dialog", async () => {
    await vscode.runCommand("Smoke: Warn");
    expect(await vscode.notifications.buttons("Too warm")).toEqual(["Open a Window", "Leave It"]);
    await vscode.screenshot("smoke-notification");
    await vscode.notifications.click("Too warm", "Open a Window");
    expect(await vscode.dialog.text()).toContain("Really?");
    await vscode.dialog.click("Yes");
    await vscode.notifications.waitFor("Opened: Yes");
    await vscode.notifications.clear();
  });

  test("reads and clicks inside a webview under a strict content policy", async () => {
    await vscode.runCommand("Smoke: Panel");
    const panel = await vscode.webviews.frame("Smoke panel");
    await panel.getByRole("button", { name: "Count" }).click();
    await panel.getByText("counted 1").waitFor();
    expect(await accessibilityFaults(panel)).toEqual([expect.stringContaining("image-alt")]);
    await vscode.screenshot("smoke-panel");
  });

  test("shows a side view, its rows, their buttons and menus, and a webview in it", async () => {
    await vscode.views.open("Smoke Container");
    const tree = vscode.views.tree("Rows");
    await tree.row("first");
    expect(await tree.labels()).toEqual(["first a description", "second"]);
    expect(await tree.buttons("second")).toEqual(["Touch"]);
    await tree.click("second", "Touch");
    await vscode.notifications.waitFor("touched second");
    await tree.contextMenu("first", ["Smoke: Rename"]);
    await vscode.notifications.waitFor("renamed first");
    const side = await vscode.webviews.frame("Smoke side");
    expect(await side.locator("body").innerText()).toBe("side text");
    expect(await vscode.views.text("Nothing Here")).toContain("Nothing yet.");
    await vscode.screenshot("smoke-side");
    await vscode.views.click("Nothing Here", "Make Something");
    await vscode.notifications.waitFor("made something");
    await vscode.notifications.clear();
  });

  test("chooses from a submenu of the explorer's context menu, for one file and for many", async () => {
    await vscode.views.open("Explorer");
    await vscode.explorer.contextMenu("photos/é 'quoted'.txt", ["Smoke Menu", "Name It"]);
    await vscode.notifications.waitFor("1: é 'quoted'.txt");
    await vscode.explorer.selectAll(["photos/é 'quoted'.txt", "notes.txt"]);
    await vscode.explorer.contextMenu("notes.txt", ["Smoke Menu", "Name It"]);
    await vscode.notifications.waitFor(/2: .*notes\.txt/);
    await vscode.notifications.clear();
  });

  test("sees a file that appears on disk, and opens one", async () => {
    writeFileSync(join(folder, "one folder", "late.txt"), "");
    await vscode.explorer.select("late.txt");
    await vscode.openFile(join(folder, "one folder", "notes.txt"));
    expect(await vscode.editors()).toContain("notes.txt");
  });

  test("reads and clicks the status bar", async () => {
    expect(await vscode.statusBar.waitFor("Smoke 0")).toBe("Smoke 0");
    await vscode.statusBar.click("Smoke 0");
    await vscode.statusBar.waitFor(/Smoke 1/);
  });

  test("asks the extension host: results of commands, errors, settings", async () => {
    expect(await vscode.host.executeCommand("smoke.add", 2, { three: 3 })).toEqual({
      sum: 5,
      where: "file:///some/where",
    });
    await expect(vscode.host.executeCommand("smoke.fail")).rejects.toMatchObject({
      message: "as told",
      code: "E_TOLD",
    });
    expect(await vscode.host.isActive(id)).toBe(true);
    expect(await vscode.host.run((api, name) => api.extensions.getExtension(name)?.extensionPath, id)).toBe(
      join(vscode.server.folder, "extensions", `${id}-0.0.1`),
    );
    await vscode.host.changeSetting("editor.fontSize", 17);
    expect(await vscode.host.setting("editor.fontSize")).toBe(17);
  });

  test("keeps what extensions log, and shows it", async () => {
    await vscode.host.run((api) => {
      const log = api.window.createOutputChannel("Smoke log", { log: true });
      log.info("written down");
      log.show();
    });
    const shown = (): Promise<string> =>
      vscode.host.run((api) =>
        api.workspace.textDocuments
          .filter(({ uri }) => uri.scheme === "output")
          .map((log) => log.getText())
          .join(),
      );
    await expect.poll(shown, { timeout: 20_000 }).toMatch(/\[info\] written down/);
    await vscode.screenshot("smoke-log");
    await vscode.runCommand("View: Toggle Panel Visibility");
  });

  test("tells pages of forced colours and reduced motion", async () => {
    const told = (): Promise<boolean[]> =>
      vscode.page.evaluate(
        "['forced-colors: active', 'prefers-reduced-motion: reduce'].map((query) => matchMedia(`(${query})`).matches)",
      );
    expect(await told()).toEqual([false, false]);
    await setAppearance(vscode.page, { forcedColors: true, reducedMotion: true });
    expect(await told()).toEqual([true, true]);
    await setAppearance(vscode.page, {});
    expect(await told()).toEqual([false, false]);
  });

  test("reads VS Code's own measure of activation", async () => {
    const { load, call, finish, event } = await vscode.activation(id);
    expect([load, call, finish].every((time) => Number.isInteger(time) && time >= 0)).toBe(true);
    expect(event).toBe("onStartupFinished");
  });

  test("changes the theme", async () => {
    for (const theme of ["dark", "highContrastDark", "highContrastLight", "light"] as const) {
      await vscode.setTheme(theme);
      await vscode.screenshot(`smoke-${theme}`);
    }
  });

  test("reloads the window, which starts a new extension host", async () => {
    const before = vscode.host.pid();
    await vscode.reload();
    expect(vscode.host.pid()).not.toBe(before);
    await vscode.statusBar.waitFor("Smoke 0");
  });

  test("closes the window, which ends its extension host", async () => {
    expect(pids(vscode)).toContain(vscode.host.pid());
    await vscode.closeWindow();
    await expect.poll(() => pids(vscode), { timeout: 20_000 }).not.toContain(vscode.host.pid());
  });
});

describe("the desktop VS Code", () => {
  test("is there, or the reason why not is", async () => {
    const found = await desktopVscode();
    expect(found).toEqual(
      "program" in found
        ? { program: expect.stringContaining("/") as string }
        : { reason: expect.stringMatching(/\w/) as string },
    );
  });
});

describe("another window", () => {
  test("is restricted when it is not trusted, shows several folders, and leaves no process behind", async () => {
    const folder = mkdtempSync(join(tmpdir(), "revgan-smoke-"));
    const folders = ["a", "b c"].map((name) => join(folder, name));
    for (const path of folders) mkdirSync(path);
    const vscode = await Workbench.start({
      folders,
      theme: "dark",
      trusted: false,
      extensions: [writeSmokeExtension(join(folder, "extension"))],
    });
    try {
      await vscode.statusBar.waitFor("Restricted Mode");
      expect(await vscode.explorer.names()).toEqual(["a", "b c"]);
      expect(await vscode.host.run((api) => api.workspace.isTrusted)).toBe(false);
      // It does not say that it may run here, so VS Code keeps it off.
      await expect(vscode.host.isActive(id)).rejects.toThrow(`${id} is not installed`);
      await vscode.screenshot("smoke-restricted");
      // A child that outlives its parents is found, and killed, so that no test leaves one unseen.
      await vscode.host.run(() => {
        const { spawn } = process.getBuiltinModule("child_process");
        spawn("sleep", ["300"], { detached: true, stdio: "ignore" }).unref();
      });
      await vscode.loseWindow();
      await expect.poll(() => pids(vscode), { timeout: 30_000 }).not.toContain(vscode.host.pid());
      await expect(vscode.close()).rejects.toThrow(/sleep 300/);
    } finally {
      expect(processesWith("REVGAN_TEST_FOLDER", vscode.server.folder)).toEqual([]);
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
