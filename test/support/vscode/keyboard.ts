import type { Frame, Page } from "playwright-core";
import { until } from "../browser/until";

/** More presses of Tab than any page of ours has places. */
const most = 200;

/** A webview, worked with keys alone. */
export class Keyboard {
  constructor(
    private readonly page: Page,
    private readonly frame: Frame,
  ) {}

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** What has the focus: its name, or its text. Empty while nothing in the webview has it. */
  async focused(): Promise<string> {
    return await this.frame.evaluate<string>(`(() => {
      const element = document.activeElement;
      if (element === null || element === document.body || !document.hasFocus()) return "";
      const picture = element.querySelector("img")?.alt;
      return (element.ariaLabel ?? element.labels?.[0]?.textContent ?? (element.textContent.trim() || picture) ?? "").trim();
    })()`);
  }

  /** Waits until something in the webview has the focus, or the webview itself. */
  async hasFocus(): Promise<void> {
    await until("the webview to have the focus", async () =>
      (await this.frame.evaluate<boolean>("document.hasFocus()")) ? true : undefined,
    );
  }

  /** Presses Tab until what has the focus is called so. */
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

  /** The names of everything that Tab stops at, from here to the end of the page. */
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
