import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { launchBrowser, openPage, screenshot } from "../browser/browser";
import { longPatience, until } from "../browser/until";
import { activationTimes, type Activation } from "./activation";
import { Explorer } from "./explorer";
import { ExtensionHost, fileArgument } from "./host";
import { Dialog, Notifications } from "./notifications";
import { QuickInput } from "./quickInput";
import { startServer, type Server } from "./server";
import { themes, type Theme } from "./settings";
import { StatusBar } from "./statusBar";
import { Views } from "./views";
import { Webviews } from "./webviews";

export interface WorkbenchOptions {
  /** The folders to open: one, several for a multi-root workspace, or none for an empty window. */
  folders?: readonly string[];
  /** The extensions to use: unpacked ones (folders with a package.json) and .vsix files. */
  extensions?: readonly string[];
  settings?: Readonly<Record<string, unknown>>;
  theme?: Theme;
  /** False opens the window in Restricted Mode, as VS Code does with folders that it does not know. */
  trusted?: boolean;
  /** The display language that extensions see; English by default. VS Code's own texts stay English: this server has no language packs. */
  language?: "zh-cn";
}

/** A window of a real VS Code, operated as a user does. */
export class Workbench {
  readonly quickInput: QuickInput;
  readonly explorer: Explorer;
  readonly notifications: Notifications;
  readonly dialog: Dialog;
  readonly views: Views;
  readonly webviews: Webviews;
  readonly statusBar: StatusBar;

  private constructor(
    readonly page: Page,
    readonly host: ExtensionHost,
    readonly server: Server,
    private readonly browser: Browser,
  ) {
    this.quickInput = new QuickInput(page);
    this.explorer = new Explorer(page);
    this.notifications = new Notifications(page);
    this.dialog = new Dialog(page);
    this.views = new Views(page);
    this.webviews = new Webviews(page);
    this.statusBar = new StatusBar(page);
  }

  /** Starts VS Code with settings and extensions of its own, and returns when its window and its extension host are ready. */
  static async start({
    folders = [],
    extensions = [],
    settings = {},
    theme = "light",
    trusted = true,
    language,
  }: WorkbenchOptions): Promise<Workbench> {
    const folder = mkdtempSync(join(tmpdir(), "revgan-vscode-"));
    const userSettings = { "workbench.colorTheme": themes[theme].name, ...settings };
    const browser = await launchBrowser();
    let server: Server | undefined;
    try {
      server = await startServer({ folder, extensions, userSettings, workspaceTrust: !trusted });
      const workbench = new Workbench(await openPage(browser), new ExtensionHost(folder), server, browser);
      // A language pack's script sets this variable, and the window passes the language on to the extension host.
      if (language !== undefined)
        await workbench.page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)}`);
      await workbench.page.goto(`http://127.0.0.1:${server.port}/?${workspaceQuery(folder, folders)}`, {
        timeout: longPatience * 1000,
      });
      await workbench.waitUntilReady();
      await workbench.waitForTheme(theme);
      return workbench;
    } catch (error) {
      await browser.close();
      await server?.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
      throw error;
    }
  }

  async runCommand(title: string): Promise<void> {
    await this.quickInput.runCommand(title);
  }

  /** Opens a file in an editor, as a click in the explorer does. The file may be outside the workspace. */
  async openFile(path: string): Promise<void> {
    await this.host.executeCommand("vscode.open", fileArgument(path));
  }

  /** The titles of the open editors, in the order of their tabs. */
  async editors(): Promise<string[]> {
    const tabs = await this.page.locator(".tabs-container .tab[data-resource-name]").all();
    return await Promise.all(tabs.map(async (tab) => (await tab.getAttribute("data-resource-name")) ?? ""));
  }

  async setTheme(theme: Theme): Promise<void> {
    await this.host.changeSetting("workbench.colorTheme", themes[theme].name);
    await this.waitForTheme(theme);
  }

  /** Runs "Developer: Reload Window". Returns when the new window and its new extension host are ready. */
  async reload(): Promise<void> {
    const before = this.host.pid();
    await Promise.all([
      this.page.waitForEvent("framenavigated", {
        predicate: (frame) => frame === this.page.mainFrame(),
        timeout: longPatience * 1000,
      }),
      this.runCommand("Developer: Reload Window"),
    ]);
    await this.waitUntilReady(before);
  }

  /** VS Code's own measurement of how long an extension took to activate. */
  async activation(extension: string): Promise<Activation> {
    return await activationTimes(this.host, extension);
  }

  /** Saves a screenshot of the window, see `screenshot` in browser.ts. Returns its path. */
  async screenshot(name: string): Promise<string> {
    return await screenshot(this.page, name);
  }

  /** Closes the window as a user does, which ends its extension host. `close` still has to be called. */
  async closeWindow(): Promise<void> {
    await this.page.close({ runBeforeUnload: true });
  }

  /** Closes the window without its `beforeunload` event, as a crash does. VS Code ends its extension host after some seconds. */
  async loseWindow(): Promise<void> {
    await this.page.close();
  }

  /** Ends window, browser and server. If one of the server's processes does not end, it is killed and this fails. */
  async close(): Promise<void> {
    try {
      await this.sayGoodbye();
      await this.browser.close();
      await this.server.stop();
    } finally {
      rmSync(this.server.folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  // Closes the window as a user does, so that its extension host ends at once. After a lost window it would live for some seconds.
  private async sayGoodbye(): Promise<void> {
    if (this.page.isClosed()) return;
    // The browser asks whether to leave unsaved changes.
    this.page.on("dialog", (question) => void question.accept());
    const closed = this.page.waitForEvent("close");
    await this.closeWindow();
    await closed;
  }

  private async waitUntilReady(before?: number): Promise<void> {
    await this.page
      .locator(".monaco-workbench .statusbar-item")
      .first()
      .waitFor({ timeout: longPatience * 1000 });
    // VS Code sets this performance mark when it has restored the window's editors and views.
    const started = `performance.getEntriesByName("code/didStartWorkbench").length > 0`;
    await until("the window to be restored", async () =>
      (await this.page.evaluate<boolean>(started)) ? true : undefined,
    );
    await this.host.ready(before);
  }

  private async waitForTheme(theme: Theme): Promise<void> {
    const classes = (): Promise<string | null> => this.page.locator(".monaco-workbench").first().getAttribute("class");
    await until(
      `the ${theme} theme`,
      async () => ((await classes())?.split(" ").includes(themes[theme].class) === true ? true : undefined),
      classes,
    );
  }
}

function workspaceQuery(folder: string, folders: readonly string[]): string {
  const [first, ...more] = folders;
  if (first === undefined) return "ew=true";
  if (more.length === 0) return `folder=${encodePath(first)}`;
  const file = join(folder, "several.code-workspace");
  writeFileSync(file, JSON.stringify({ folders: folders.map((path) => ({ path })) }));
  return `workspace=${encodePath(file)}`;
}

function encodePath(path: string): string {
  return encodeURIComponent(decodeURIComponent(pathToFileURL(path).pathname));
}
