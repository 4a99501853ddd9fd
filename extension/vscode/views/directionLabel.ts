import * as vscode from "vscode";
import type { Config } from "../../configuration/config";
import { domainNames } from "../../configuration/domainNames";
import type { TranslationDirection } from "../../protocol/lines";

/** A direction by the names of a run's domains: "daisy → sunflower". */
export function directionLabel(direction: TranslationDirection, config: Config | undefined): string {
  const { a, b } = config === undefined ? { a: "A", b: "B" } : domainNames(config);
  return direction === "AtoB" ? vscode.l10n.t("{0} → {1}", a, b) : vscode.l10n.t("{0} → {1}", b, a);
}
