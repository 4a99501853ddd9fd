import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Frame } from "playwright-core";
import { longPatience, until } from "../browser/until";
import { fileArgument } from "./host";
import type { Workbench } from "./workbench";

/** A run that is trained in a VS Code window. */
export class SampleRun {
  readonly name: string;

  private constructor(
    private readonly vscode: Workbench,
    readonly folder: string,
  ) {
    this.name = basename(folder);
  }

  /** Starts a training by the command "Try with Sample Data"; returns after the first step. */
  static async start(vscode: Workbench): Promise<SampleRun> {
    const address = await vscode.host.executeCommand("revgan.trySampleData");
    if (typeof address !== "string") throw new Error("Try with Sample Data did not say where its run is");
    return SampleRun.of(vscode, address);
  }

  /** The run at the address that a command has returned. */
  static of(vscode: Workbench, address: string): SampleRun {
    return new SampleRun(vscode, fileURLToPath(address));
  }

  /** The run's folder as an argument of a command. */
  get argument(): { $uri: string } {
    return fileArgument(this.folder);
  }

  /** The last step in the run's metrics; 0 before the first. */
  get step(): number {
    const lines = readFileSync(join(this.folder, "metrics.jsonl"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith(`{"type":"step"`));
    const last = lines.at(-1);
    return last === undefined ? 0 : (JSON.parse(last) as { step: number }).step;
  }

  /** Waits until a step is done. Fails after `seconds`. */
  async reach(step: number, seconds = longPatience): Promise<void> {
    await until(
      `step ${step}`,
      () => Promise.resolve(this.step >= step ? true : undefined),
      () => Promise.resolve(this.step),
      seconds,
    );
  }

  /** Stops the training, and returns when its last checkpoint is written. */
  async stop(): Promise<void> {
    await this.vscode.host.executeCommand("revgan.stop", this.argument);
  }

  /** Measures the network's memory at these depths, in each backprop mode. */
  async measureMemory(depths: readonly number[]): Promise<void> {
    await this.vscode.host.executeCommand("revgan.measureMemory", this.argument, { depths });
  }

  /** Shows the run in the panel, and returns the panel's page. */
  async openPanel(): Promise<Frame> {
    await this.vscode.host.executeCommand("revgan.openPanel", this.argument);
    return await this.vscode.webviews.frame(`RevGAN: ${this.name}`);
  }
}
