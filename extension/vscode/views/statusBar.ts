import * as vscode from "vscode";
import { timeLeftText } from "../../protocol/durations";
import type { RunSummary } from "../../protocol/panel";
import type { Disposable } from "../../host/emitter";
import type { RunRegistry } from "../../host/runRegistry";
import { stateLabel } from "./runLabels";

/** Owns the item in the status bar, which is visible while this window trains a run. */
export class StatusBar {
  private readonly item = vscode.window.createStatusBarItem("revgan.status", vscode.StatusBarAlignment.Left);
  private readonly subscriptions: Disposable[];

  constructor(private readonly runs: RunRegistry) {
    this.item.name = "RevGAN";
    this.item.command = { command: "revgan.openPanel", title: vscode.l10n.t("Open Panel") };
    this.subscriptions = [runs.onChange(() => this.update()), runs.onStep(() => this.update())];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.item.dispose();
  }

  private update(): void {
    const training = this.runs.trainings?.current;
    const run = training == null ? undefined : this.runs.get(training.id);
    if (run === undefined) {
      this.item.hide();
      return;
    }
    this.item.text = `$(${run.state === "paused" ? "debug-pause" : "sync~spin"}) RevGAN ${brief(run)}`;
    const state = run.note === null ? stateLabel(run.state) : `${stateLabel(run.state)} (${run.note})`;
    this.item.tooltip = vscode.l10n.t("{0}: {1}. Click to open the panel.", run.name, state);
    this.item.accessibilityInformation = { label: `RevGAN, ${run.name}, ${state}, ${brief(run)}`, role: "button" };
    this.item.show();
  }
}

function brief({ state, step, lastStep, secondsLeft }: RunSummary): string {
  if (state !== "running") return stateLabel(state);
  const steps = lastStep === null ? String(step) : `${step}/${lastStep}`;
  return secondsLeft === null ? steps : `${steps}, ${timeLeftText(secondsLeft, vscode.l10n)}`;
}
