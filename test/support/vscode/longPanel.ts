import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { until } from "../browser/until";
import { writeLongRun } from "../longHistory";
import { fileArgument } from "./host";
import { Workbench } from "./workbench";

/** A VS Code window with the panel, in a workspace of two runs: `short` has 10 steps, `long` has `steps`. */
export class LongPanel {
  private constructor(
    readonly vscode: Workbench,
    readonly folder: string,
    readonly steps: number,
  ) {}

  static async start(extension: string, steps: number): Promise<LongPanel> {
    const folder = mkdtempSync(join(tmpdir(), "revgan-long-"));
    const panel = new LongPanel(
      await Workbench.start({ folders: [folder], extensions: [extension], theme: "dark" }),
      folder,
      steps,
    );
    writeLongRun(panel.run("short"), 10);
    writeLongRun(panel.run("long"), steps);
    return panel;
  }

  run(name: "short" | "long"): string {
    return join(this.folder, ".revgan", "runs", name);
  }

  /** Opens the panel for a run, and waits until its newest step is drawn. @returns the page, and the milliseconds that this took */
  async open(
    name: "short" | "long",
    last = name === "short" ? 10 : this.steps,
  ): Promise<{ frame: Frame; milliseconds: number }> {
    const begun = Date.now();
    await this.vscode.host.executeCommand("revgan.openPanel", fileArgument(this.run(name)));
    const frame = await until(`the panel of ${name}`, () => this.vscode.webviews.frame(`RevGAN: ${name}`));
    return { frame, milliseconds: (await drawn(frame, `Steps 1 to ${last.toLocaleString("en")}`)) - begun };
  }

  async close(): Promise<void> {
    await this.vscode.close();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The time, by `Date.now`, at which the four charts of losses and the text of their range were drawn. */
async function drawn(frame: Frame, range: string): Promise<number> {
  return await frame.evaluate<number>(`new Promise((resolve) => {
    const look = () => document.querySelector(".charts-range")?.textContent === ${JSON.stringify(range)} && document.querySelectorAll(".chart-plot canvas").length === 4
      ? requestAnimationFrame(() => resolve(Date.now()))
      : requestAnimationFrame(look);
    look();
  })`);
}
