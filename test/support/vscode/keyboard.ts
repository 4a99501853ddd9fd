import type { Frame, Page } from "playwright-core";
import { until } from "../browser/until";

/** The most presses of Tab: more than any of our pages has focusable elements. */
const most = 200;

/** Operates a webview with the keyboard only. */
export class Keyboard {
  constructor(
    private readonly page: Page,
    private readonly frame: Frame,
  ) {}

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** The accessible name or the text of the focused element; empty if nothing in the webview has the focus. */
  async focused(): Promise<string> {
    return await this.frame.evaluate<string>(`(() => {
      const element = document.activeElement;
      if (element === null || element === document.body || !document.hasFocus()) return "";
      const picture = element.querySelector("img")?.alt;
      return (element.ariaLabel ?? element.labels?.[0]?.textContent ?? (element.textContent.trim() || picture) ?? "").trim();
    })()`);
  }

  /** Waits until the webview or an element in it has the focus. */
  async hasFocus(): Promise<void> {
    await until("the webview to have the focus", async () =>
      (await this.frame.evaluate<boolean>("document.hasFocus()")) ? true : undefined,
    );
  }

  /** Presses Tab until an element with this name has the focus. */
  async tabTo(name: string | RegExp): Promise<void> {
    const passed: string[] = [];
    for (let presses = 0; presses < most; presses++) {
      const here = await this.focused();
      if (typeof name === "string" ? here === name : name.test(here)) return;
      passed.push(here);
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not come to ${String(name)}; it passed ${[...new Set(passed)].join(" | ")}`);
  }

  /** Presses Tab up to the end of the page, and returns the names of the elements that had the focus. */
  async stops(): Promise<string[]> {
    const names: string[] = [];
    for (let presses = 0; presses < most; presses++) {
      await this.page.keyboard.press("Tab");
      const here = await this.focused();
      if (here === "") break;
      names.push(here);
    }
    return names;
  }
}
