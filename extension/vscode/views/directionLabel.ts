import * as vscode from "vscode";
import type { TranslationDirection } from "../../protocol/lines";

/** A direction in the user's language: "A to B". */
export function directionLabel(direction: TranslationDirection): string {
  return direction === "AtoB" ? vscode.l10n.t("A to B") : vscode.l10n.t("B to A");
}
