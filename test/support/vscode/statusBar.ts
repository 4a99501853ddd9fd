import type { Locator, Page } from "playwright-core";
import { until } from "../browser/until";

/** VS Code's status bar. */
export class StatusBar {
  constructor(private readonly page: Page) {}

  /** The texts of all items of the status bar, from left to right. */
  async texts(): Promise<string[]> {
    return (await this.items().allInnerTexts()).map((text) => text.trim());
  }

  /** Waits for an item that contains this text, and returns its whole text. */
  async waitFor(wanted: string | RegExp): Promise<string> {
    return (await (await this.item(wanted)).innerText()).trim();
  }

  async click(wanted: string | RegExp): Promise<void> {
    await (await this.item(wanted)).locator(".statusbar-item-label").click();
  }

  private async item(wanted: string | RegExp): Promise<Locator> {
    const item = this.items().filter({ hasText: wanted }).first();
    return await until(
      `${String(wanted)} in the status bar`,
      async () => ((await item.count()) > 0 ? item : undefined),
      () => this.texts(),
    );
  }

  private items(): Locator {
    return this.page.locator(".statusbar .statusbar-item:visible");
  }
}
