import type { Locator, Page } from "playwright-core";
import { until } from "../browser/until";
import { chooseInContextMenu } from "./contextMenu";

/**
 * The tree of files in the side bar. Files are named by their path below the workspace folder, with slashes; in a workspace of several
 * folders the path starts with the folder's name.
 */
export class Explorer {
  constructor(private readonly page: Page) {}

  /** Shows the explorer and clicks a file once, which opens it as a preview. Folders above the file are expanded. */
  async select(path: string): Promise<void> {
    await (await this.row(path)).click();
  }

  /** Selects several files or folders by clicks with Ctrl (Cmd on macOS). */
  async selectAll(paths: readonly string[]): Promise<void> {
    for (const [index, path] of paths.entries())
      await (await this.row(path)).click({ modifiers: index === 0 ? [] : ["ControlOrMeta"] });
  }

  /** Right-clicks a file or folder and chooses along a path of menu entries. If it is one of several selected files, all stay selected. */
  async contextMenu(path: string, entries: readonly string[]): Promise<void> {
    await chooseInContextMenu(this.page, await this.row(path), entries);
  }

  /** The names of the visible folders and files, from top to bottom. */
  async names(): Promise<string[]> {
    return (await this.rows().locator(".label-name").allInnerTexts()).map((name) => name.trim());
  }

  /** Waits for the row of a file or folder and returns it. Shows the explorer and expands folders if necessary. */
  async row(path: string): Promise<Locator> {
    if ((await this.rows().count()) === 0) await this.page.keyboard.press("ControlOrMeta+Shift+E");
    const parts = path.split("/");
    for (let depth = 1; depth < parts.length; depth++) await this.expand(parts.slice(0, depth).join("/"));
    return await this.find(path);
  }

  private async expand(path: string): Promise<void> {
    const row = await this.find(path);
    const isOpen = async (): Promise<true | undefined> =>
      (await row.getAttribute("aria-expanded")) === "true" ? true : undefined;
    await until(`the folder ${path} to open`, async () => {
      if (await isOpen()) return true;
      await row.locator(".monaco-tl-twistie").click();
      // VS Code may have opened the folder just before the click, to reveal a file, so that the click closed it. Then the next round clicks
      // again.
      return await until("it to open", isOpen, undefined, 3);
    });
  }

  private async find(path: string): Promise<Locator> {
    // Only `aria-label` has the whole path, which begins at the disk's root and may end with a decoration. The level in the tree tells
    // where the path below the workspace begins.
    const label = [`$=${JSON.stringify(`/${path}`)}`, `*=${JSON.stringify(`/${path} •`)}`]
      .map((end) => `.explorer-item[aria-label${end}]`)
      .join(", ");
    const level = this.page.locator(`[aria-level="${path.split("/").length}"]`);
    const row = this.rows()
      .and(level)
      .filter({ has: this.page.locator(label) })
      .first();
    return await until(
      `${path} in the explorer`,
      async () => ((await row.count()) > 0 ? row : undefined),
      () => this.names(),
    );
  }

  private rows(): Locator {
    return this.page.locator(".explorer-folders-view .monaco-list-row:visible");
  }
}
