import * as vscode from "vscode";
import type { DataLayout } from "../../../protocol/trainer";

/** The number of files of each domain and their sizes: "pictures: 40 of A, 38 of B · 320 × 240". */
export function describeData(layout: DataLayout): string {
  // Width before height, as image viewers show it.
  const [from, to] = [layout.smallest, layout.largest].map((sides) => sides.toReversed().join(" × "));
  return `${countsOf(layout)} · ${from === to ? from : vscode.l10n.t("{0} to {1}", from!, to!)}`;
}

function countsOf({ kind, dimensions, a, b }: DataLayout): string {
  switch (kind) {
    case "aligned":
      return vscode.l10n.t("pairs side by side: {0}", a);
    case "one":
      return dimensions === 3 ? vscode.l10n.t("volumes: {0}", a) : vscode.l10n.t("pictures: {0}", a);
    case "two":
      return dimensions === 3
        ? vscode.l10n.t("volumes: {0} of A, {1} of B", a, b)
        : vscode.l10n.t("pictures: {0} of A, {1} of B", a, b);
  }
}
