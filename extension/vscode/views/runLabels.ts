import * as vscode from "vscode";
import type { ShownState } from "../../protocol/panel";

/** A state in the user's language. */
export function stateLabel(state: ShownState): string {
  switch (state) {
    case "queued":
      return vscode.l10n.t("queued");
    case "starting":
      return vscode.l10n.t("starting");
    case "running":
      return vscode.l10n.t("training");
    case "paused":
      return vscode.l10n.t("paused");
    case "stopping":
      return vscode.l10n.t("stopping");
    case "stopped":
      return vscode.l10n.t("stopped");
    case "finished":
      return vscode.l10n.t("finished");
    case "failed":
      return vscode.l10n.t("failed");
    case "interrupted":
      return vscode.l10n.t("interrupted");
  }
}

/** "2 h 5 min", "3 min", "40 s". */
export function durationText(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (seconds < 60) return vscode.l10n.t("{0} s", Math.round(seconds));
  if (minutes < 60) return vscode.l10n.t("{0} min", minutes);
  return vscode.l10n.t("{0} h {1} min", Math.floor(minutes / 60), minutes % 60);
}
