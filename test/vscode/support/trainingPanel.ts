import { readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Frame } from "playwright-core";
import { expect } from "vitest";
import { until } from "../../support/browser/until";
import type { Workbench } from "../../support/vscode/workbench";

/** The training panel in the editor area, as its user reads and presses it. */
export class TrainingPanel {
  constructor(private readonly vscode: Workbench) {}

  /** Waits until the panel is shown with a run, and until its state is this word ("Training", "Paused", …). */
  async waitForState(word: string | RegExp, seconds?: number): Promise<void> {
    const is = (state: string): boolean => (typeof word === "string" ? state === word : word.test(state));
    await until(
      `the panel to say ${String(word)}`,
      async () => (is(await this.state()) ? true : undefined),
      () => this.state(),
      seconds,
    );
  }

  /** The word for the run's state. */
  async state(): Promise<string> {
    return (await (await this.frame()).locator(".head .state").innerText({ timeout: 2000 })).trim();
  }

  /** What the head says beside the state: what a training is about to do, or waits for. Empty when it says nothing. */
  async note(): Promise<string> {
    return (await (await this.frame()).locator(".head .note:visible").allInnerTexts()).join(" ").trim();
  }

  /** A figure of the head by its name, for example "Step"; empty when it is not shown. */
  async fact(name: string): Promise<string> {
    const values = (await this.frame()).locator(
      `.head .facts > div:visible:has(dt:text-is(${JSON.stringify(name)})) > dd`,
    );
    return (await values.allInnerTexts()).join("").trim();
  }

  /** The step that the head shows; 0 while it shows none. */
  async step(): Promise<number> {
    return Number(/^[\d,]*/.exec(await this.fact("Step"))![0].replaceAll(",", ""));
  }

  /** Waits until the head shows this step or a later one. */
  async waitForStep(step: number, seconds?: number): Promise<void> {
    await until(
      `step ${step} in the panel`,
      async () => ((await this.step()) >= step ? true : undefined),
      () => this.step(),
      seconds,
    );
  }

  /** What the head says of a failure; empty when nothing failed. */
  async problem(): Promise<string> {
    return (await (await this.frame()).locator(".head .error-text p:visible").allInnerTexts()).join(" ");
  }

  /** The words on the buttons of the head that are shown. */
  async buttons(): Promise<string[]> {
    return (await (await this.frame()).locator(".head vscode-button:visible").allInnerTexts()).map((text) =>
      text.trim(),
    );
  }

  async press(button: string): Promise<void> {
    const frame = await this.frame();
    await frame
      .locator(".head vscode-button:visible")
      .filter({ hasText: new RegExp(`^\\s*${button}\\s*$`) })
      .click();
  }

  /** Presses a button of the head. Returns the milliseconds until the panel's word for the state has changed, by the page's own clock. */
  async pressAndTime(button: string): Promise<number> {
    const script = `(button) => new Promise((resolve) => {
      const begin = performance.now();
      const state = document.querySelector(".head .state");
      const observer = new MutationObserver(() => { observer.disconnect(); resolve(performance.now() - begin); });
      observer.observe(state, { subtree: true, childList: true, characterData: true });
      [...document.querySelectorAll(".head vscode-button")].find((each) => each.textContent.trim() === button).click();
    })`;
    return await (await this.frame()).evaluate<number>(`(${script})(${JSON.stringify(button)})`);
  }

  /** Every step that the panel has, as Save CSV writes them where it proposes to, in the workspace's folder: the numbers of its first column. */
  async steps(folder: string): Promise<number[]> {
    await (await this.frame()).getByRole("button", { name: "Save CSV" }).first().click();
    const input = this.vscode.page.locator(".quick-input-widget:visible .quick-input-box input");
    const proposed = async (): Promise<string> => await input.inputValue({ timeout: 2000 });
    // The dialog fills it in while it opens.
    const file = await until(
      "the proposed name",
      async () => ((await proposed()).endsWith("-metrics.csv") ? proposed() : undefined),
      proposed,
    );
    expect(dirname(file)).toBe(folder);
    await this.vscode.quickInput.accept();
    const text = await until("the saved CSV", () => Promise.resolve(readFileSync(file, "utf8") || undefined));
    // The next one is not to ask whether this one is to be replaced.
    rmSync(file);
    return text
      .trimEnd()
      .split("\r\n")
      .slice(1)
      .map((row) => Number(row.split(",")[0]));
  }

  /** Its document, once it is shown. VS Code makes a new one whenever it shows the panel again. */
  async frame(): Promise<Frame> {
    const find = async (): Promise<Frame | undefined> => {
      for (const frame of this.vscode.page.frames())
        if ((await frame.locator("main.panel:visible").count()) > 0) return frame;
      return undefined;
    };
    return await until("the training panel", find, () => this.vscode.webviews.titles());
  }
}
