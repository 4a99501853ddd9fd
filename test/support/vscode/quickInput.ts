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
    // The palette offers what could be run when it was opened, which just after the start is not yet all: it is opened anew.
    await until(`"${title}" in the palette`, async () => {
      await this.openPalette(title);
      const entry = await this.entry(title, 3).catch(async (error: unknown) => {
        await this.cancel();
        throw error;
      });
      // The list may be drawn anew while the pointer comes.
      await entry.click({ timeout: 3000 });
      return true;
    });
  }

  /** Titles that the palette offers for a text; those that cannot work now are not among them. */
  async findCommands(text: string): Promise<string[]> {
    await this.openPalette(text);
    const titles = await until(`the palette's answer to ${text}`, async () => {
      const found = await this.titles();
      return found.length > 0 ? found : undefined;
    });
    await this.cancel();
    return titles;
  }

  /** The labels of the entries that are listed now. */
  async titles(): Promise<string[]> {
    return (await this.rows().locator(firstLine).allInnerTexts()).map((text) => text.trim());
  }

  /** The entries that are listed now with all that they say, a text each. */
  async texts(): Promise<string[]> {
    return (await this.rows().allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
  }

  /** Waits until it asks for this: a part of its prompt. */
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

  /** What the input asks for: its title, its placeholder and the message under it, a line each. */
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

  /** Ticks or unticks an entry of a quick pick that takes several; `accept` ends it. */
  async toggle(label: string): Promise<void> {
    await (await this.entry(label)).locator(".monaco-checkbox").click();
  }

  /** Types into the input, in place of what is there. */
  async type(text: string): Promise<void> {
    await this.waitUntilOpen();
    await this.input.fill(text);
  }

  async accept(): Promise<void> {
    await this.input.press("Enter");
  }

  /** Presses one of the buttons beside the input, for example that of a dialog for a folder. */
  async press(button: string): Promise<void> {
    await this.widget.getByRole("button", { name: button, exact: true }).click();
  }

  /** Presses the button that leads to the question before. */
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
      // A key that comes too early, or while another input closes, is lost: ask again.
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

// An entry may have a second line for details.
const firstLine = ".quick-input-list-row:first-child .label-name";
