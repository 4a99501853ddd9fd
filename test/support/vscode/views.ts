import type { Locator, Page } from "playwright-core";
import { until } from "../browser/until";
import { chooseInContextMenu } from "./contextMenu";

/** The view containers of VS Code's activity bar, and the views in them. */
export class Views {
  constructor(private readonly page: Page) {}

  /** Titles of the activity bar's containers, from top to bottom. */
  async containers(): Promise<string[]> {
    const labels = await this.page.locator(".activitybar .composite-bar .action-item .action-label[aria-label]").all();
    return await Promise.all(labels.map(async (label) => (await label.getAttribute("aria-label")) ?? ""));
  }

  /** Opens a container by its title, unless it is open. */
  async open(container: string): Promise<void> {
    const tab = this.page
      .locator(".activitybar .composite-bar .action-item")
      .filter({ has: this.page.locator(`.action-label[aria-label^=${JSON.stringify(container)}]`) })
      .first();
    await until(
      `${container} in the activity bar`,
      async () => ((await tab.count()) > 0 ? true : undefined),
      () => this.containers(),
    );
    if ((await tab.getAttribute("aria-expanded")) !== "true") await tab.click();
    await until(`${container} to open`, async () =>
      (await tab.getAttribute("aria-expanded")) === "true" ? true : undefined,
    );
  }

  /** A view of the open container, by its title. */
  tree(title: string): TreeView {
    return new TreeView(this.page, title);
  }

  /** The whole text of a view: its rows, or its welcome text with its buttons. */
  async text(title: string): Promise<string> {
    return await pane(this.page, title).locator(".pane-body").innerText();
  }

  /** Clicks a button of a view: by its text in the welcome text, or by its tooltip in the title bar. */
  async click(title: string, button: string): Promise<void> {
    const view = pane(this.page, title);
    await view.hover();
    const welcome = view.locator(".welcome-view-content").getByRole("button", { name: button });
    const action = view
      .locator(".pane-header .action-label")
      .and(view.locator(`[aria-label^=${JSON.stringify(button)}]`));
    await welcome.or(action).first().click();
  }
}

/** A tree view's rows. */
export class TreeView {
  constructor(
    private readonly page: Page,
    private readonly title: string,
  ) {}

  /** The text of each row: label and description. */
  async labels(): Promise<string[]> {
    const rows = await this.rows().all();
    return await Promise.all(
      rows.map(async (row) => (await row.locator(".label-name, .label-description").allInnerTexts()).join(" ").trim()),
    );
  }

  /** Waits for a row with this label and returns the first. */
  async row(label: string): Promise<Locator> {
    const row = this.rows()
      .filter({ has: this.page.locator(".label-name").getByText(label, { exact: true }) })
      .first();
    return await until(
      `the row ${label} in ${this.title}`,
      async () => ((await row.count()) > 0 ? row : undefined),
      () => this.labels(),
    );
  }

  async select(label: string): Promise<void> {
    await (await this.row(label)).click();
  }

  /** Expands a row that has children. */
  async expand(label: string): Promise<void> {
    const row = await this.row(label);
    if ((await row.getAttribute("aria-expanded")) !== "true") await row.locator(".monaco-tl-twistie").click();
  }

  /** The tooltips of a row's inline buttons. */
  async buttons(label: string): Promise<string[]> {
    const row = await this.row(label);
    await row.hover();
    const found = await row.locator(".actions .action-label[aria-label]").all();
    return await Promise.all(found.map(async (button) => (await button.getAttribute("aria-label")) ?? ""));
  }

  /** Clicks an inline button of a row by its tooltip. */
  async click(label: string, button: string): Promise<void> {
    const row = await this.row(label);
    await row.hover();
    const found = row.locator(`.actions .action-label[aria-label^=${JSON.stringify(button)}]`).first();
    await until(
      `the button ${button} of ${label}`,
      async () => ((await found.count()) > 0 ? true : undefined),
      () => this.buttons(label),
    );
    await found.click();
  }

  /** Right-clicks a row and chooses along a path of menu entries. */
  async contextMenu(label: string, entries: readonly string[]): Promise<void> {
    await chooseInContextMenu(this.page, await this.row(label), entries);
  }

  private rows(): Locator {
    return pane(this.page, this.title).locator(".monaco-list-row");
  }
}

function pane(page: Page, title: string): Locator {
  return page.locator(".pane").filter({ has: page.locator(".pane-header h3.title").getByText(title, { exact: true }) });
}
