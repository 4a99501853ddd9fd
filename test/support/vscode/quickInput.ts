import type { Locator, Page } from "playwright-core";
import { until } from "../browser/until";

/** VS Code's input at the top of the window: command palette, quick picks, input boxes. */
export class QuickInput {
  private readonly widget: Locator;
  private readonly input: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator(".quick-input-widget:visible");
    this.input = this.widget.locator(".quick-input-box input");
  }

  /** Runs a command by its title as the palette shows it, for example "RevGAN: New Run…". */
  async runCommand(title: string): Promise<void> {
    // The palette lists the commands that were enabled when it opened. Just after the start some are not yet, so it is opened again.
    await until(`"${title}" in the palette`, async () => {
      await this.openPalette(title);
      const entry = await this.entry(title, 3).catch(async (error: unknown) => {
        await this.cancel();
        throw error;
      });
      // The list may be redrawn before the click arrives; then the click fails and is tried again.
      await entry.click({ timeout: 3000 });
      return true;
    });
  }

  /** The titles of the commands that the palette lists for a text, also below those in view; disabled commands are not listed. */
  async findCommands(text: string): Promise<string[]> {
    await this.openPalette(text);
    await until(`the palette's answer to ${text}`, async () => ((await this.titles()).length > 0 ? true : undefined));
    const found = new Set<string>();
    for (let before = -1; found.size > before;) {
      before = found.size;
      for (const title of await this.titles()) found.add(title);
      // The first page ends at the last entry in view, the second one brings others.
      for (let page = 0; page < 2; page++) await this.input.press("PageDown");
    }
    await this.cancel();
    return [...found];
  }

  /** The labels of the listed entries. */
  async titles(): Promise<string[]> {
    return (await this.rows().locator(firstLine).allInnerTexts()).map((text) => text.trim());
  }

  /** The whole texts of the listed entries, with descriptions and details. */
  async texts(): Promise<string[]> {
    return (await this.rows().allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
  }

  /** Waits until the prompt contains this text. */
  async asksFor(text: string): Promise<void> {
    await until(
      text,
      async () => ((await this.prompt()).includes(text) ? true : undefined),
      () => this.prompt(),
    );
  }

  /** Waits until an entry with exactly this label is listed. */
  async waitForEntry(label: string): Promise<void> {
    await this.entry(label);
  }

  /** The input's prompt: title, placeholder, and the message below it, one line each. */
  async prompt(): Promise<string> {
    await this.waitUntilOpen();
    const parts = await Promise.all([
      this.widget.locator(".quick-input-title:visible").allInnerTexts(),
      this.input.getAttribute("placeholder"),
      this.widget.locator(".quick-input-message:visible").allInnerTexts(),
    ]);
    return parts
      .flat()
      .filter((text) => text !== null && text.trim() !== "")
      .join("\n");
  }

  /** Chooses the entry with exactly this label. */
  async choose(label: string): Promise<void> {
    await (await this.entry(label)).click();
  }

  /** Ticks or unticks an entry of a quick pick with several choices; {@link accept} closes it. */
  async toggle(label: string): Promise<void> {
    const box = async (): Promise<Locator> => (await this.entry(label)).locator(".monaco-checkbox");
    const before = await (await box()).getAttribute("aria-checked");
    // A click while the list is drawn again does nothing.
    await until(`the tick at "${label}" to change`, async () => {
      await (await box()).click();
      return (await (await box()).getAttribute("aria-checked")) === before ? undefined : true;
    });
  }

  /** Replaces the input's text. */
  async type(text: string): Promise<void> {
    await this.waitUntilOpen();
    await this.input.fill(text);
  }

  async accept(): Promise<void> {
    await this.input.press("Enter");
  }

  /** Presses a button beside the input, by its name, for example the one that accepts a folder. */
  async press(button: string): Promise<void> {
    await this.widget.getByRole("button", { name: button, exact: true }).click();
  }

  /** Presses the button that goes back to the previous question. */
  async back(): Promise<void> {
    await this.widget.locator(".quick-input-left-action-bar .action-label").click();
  }

  async cancel(): Promise<void> {
    await this.input.press("Escape");
  }

  async waitUntilOpen(): Promise<void> {
    await until("a quick input", async () => ((await this.widget.count()) > 0 ? true : undefined));
  }

  private async openPalette(text: string): Promise<void> {
    await until("the command palette", async () => {
      // F1 is ignored while the window starts or another input closes, so it may have to be pressed again.
      if (!(await this.isPalette())) await this.page.keyboard.press("F1");
      await this.input.waitFor({ timeout: 2000 });
      if (!(await this.isPalette())) return undefined;
      await this.input.fill(`>${text}`, { timeout: 2000 });
      return true;
    });
  }

  private async isPalette(): Promise<boolean> {
    return (await this.input.count()) > 0 && (await this.input.inputValue({ timeout: 1000 })).startsWith(">");
  }

  private rows(): Locator {
    return this.widget.locator(".quick-input-list .monaco-list-row");
  }

  private async entry(label: string, seconds?: number): Promise<Locator> {
    return await until(
      `the entry "${label}"`,
      async () => {
        const position = (await this.titles()).indexOf(label);
        return position < 0
          ? undefined
          : this.rows()
              .filter({ has: this.page.locator(firstLine).getByText(label, { exact: true }) })
              .first();
      },
      () => this.titles(),
      seconds,
    );
  }
}

// Only the first line of an entry has its label; a second line has details.
const firstLine = ".quick-input-list-row:first-child .label-name";
