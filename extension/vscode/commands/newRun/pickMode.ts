import * as vscode from "vscode";
import type { DataLayout } from "../../../protocol/trainer";
import { chooseInStep, type StepPlace } from "../steps";

type Mode = DataLayout["mode"];

/** The modes in which these data can be used for training, the more likely one first. */
export function modesFor({ mode, kind, pairs }: DataLayout): readonly Mode[] {
  // Files with A and B side by side are pairs.
  if (kind === "aligned") return ["paired"];
  if (pairs === 0) return ["unpaired"];
  return mode === "paired" ? ["paired", "unpaired"] : ["unpaired", "paired"];
}

/** Asks whether the files of A and B are paired or unpaired. */
export async function pickMode(
  place: StepPlace,
  layout: DataLayout,
  before: Mode | undefined,
): Promise<Mode | "back" | undefined> {
  const items = modesFor(layout).map((mode) => ({ label: mode, detail: explain(mode, layout), mode }));
  const placeholder = vscode.l10n.t("How do the pictures of A and B belong together?");
  const chosen = await chooseInStep(place, placeholder, items, ({ mode }) => mode === before);
  return chosen === undefined || chosen === "back" ? chosen : chosen.mode;
}

function explain(mode: Mode, { a, b, pairs }: DataLayout): string {
  if (mode === "unpaired")
    return vscode.l10n.t("Two kinds of pictures, without partners: photographs and paintings, summer and winter");
  return vscode.l10n.t("A and B of the same name belong together: {0} of {1} have a partner", pairs, Math.max(a, b));
}
