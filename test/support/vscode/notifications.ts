import type { Locator, Page } from "playwright-core";
import { until } from "../browser/until";

type Wanted = string | RegExp;

const has = (text: string, wanted: Wanted): boolean =>
  typeof wanted === "string" ? text.includes(wanted) : wanted.test(text);

/** VS Code's notifications in the lower right corner of the window. */
export class Notifications {
  constructor(private readonly page: Page) {}

  /** The texts of the notifications that are shown now, newest first. */
  async texts(): Promise<string[]> {
    return await this.items().locator(".notification-list-item-message").allInnerTexts();
  }

  /** Waits for a notification that contains this text, and returns its whole text. */
  async waitFor(wanted: Wanted, seconds?: number): Promise<string> {
    const find = async (): Promise<string | undefined> => (await this.texts()).find((text) => has(text, wanted));
    return await until(`the notification ${String(wanted)}`, find, () => this.texts(), seconds);
  }

  /** The buttons of a notification, from left to right. */
  async buttons(wanted: Wanted): Promise<string[]> {
    const item = await this.item(wanted);
    // Unless a notification is urgent, its buttons are visible only while it is hovered or focused.
    await item.hover();
    return await item.locator(".notification-list-item-buttons-container .monaco-button:visible").allInnerTexts();
  }

  /** Clicks a button of a notification. */
  async click(wanted: Wanted, button: string): Promise<void> {
    const item = await this.item(wanted);
    await item.hover();
    const found = item
      .locator(".notification-list-item-buttons-container .monaco-button")
      .filter({ hasText: button })
      .first();
    await until(
      `the button ${button}`,
      async () => ((await found.count()) > 0 ? true : undefined),
      () => this.buttons(wanted),
    );
    await found.click();
  }

  /** Closes all notifications. */
  async clear(): Promise<void> {
    await until("the notifications to close", async () => {
      const first = this.items().first();
      if ((await this.items().count()) === 0) return true;
      // Some notifications close by themselves, perhaps just now, so these actions have a short timeout and are tried again.
      await first.hover({ timeout: 2000 });
      await first.locator(".codicon-notifications-clear").click({ timeout: 2000 });
      return undefined;
    });
  }

  private async item(wanted: Wanted): Promise<Locator> {
    await this.waitFor(wanted);
    return this.items().filter({ hasText: wanted }).first();
  }

  private items(): Locator {
    return this.page.locator(
      ".notifications-toasts .notification-list-item:visible, .notifications-center .notification-list-item:visible",
    );
  }
}

/** A modal dialog in the middle of the window. */
export class Dialog {
  constructor(private readonly page: Page) {}

  /** Waits for a dialog and returns its text: message and detail. */
  async text(): Promise<string> {
    return await until("a dialog", async () =>
      (await this.box().count()) > 0 ? await this.box().locator(".dialog-message-container").innerText() : undefined,
    );
  }

  async buttons(): Promise<string[]> {
    await this.text();
    return await this.box().locator(".dialog-buttons .monaco-button").allInnerTexts();
  }

  async click(button: string): Promise<void> {
    await this.text();
    await this.box().locator(".dialog-buttons .monaco-button").filter({ hasText: button }).first().click();
  }

  private box(): Locator {
    return this.page.locator(".monaco-dialog-box:visible");
  }
}
