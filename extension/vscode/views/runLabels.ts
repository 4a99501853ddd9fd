import * as vscode from "vscode";
import type { Config } from "../../configuration/config";
import { domainNames } from "../../configuration/domainNames";
import type { TranslationDirection } from "../../protocol/lines";
import type { ShownState } from "../../protocol/panel";

/** The name of a run's state in the user's language. */
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

/** A direction with the names of a run's domains: "daisy → sunflower"; with A and B where the configuration is not known. */
export function directionLabel(direction: TranslationDirection, config: Config | undefined): string {
  const { a, b } = config === undefined ? { a: "A", b: "B" } : domainNames(config);
  return direction === "AtoB" ? vscode.l10n.t("{0} → {1}", a, b) : vscode.l10n.t("{0} → {1}", b, a);
}
