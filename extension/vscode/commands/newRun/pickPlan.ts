import * as vscode from "vscode";
import { parseConfig } from "../../../configuration/config";
import { axesOf } from "../../../configuration/sizes";
import type { PlanLine } from "../../../protocol/lines";
import { durationText } from "../../../protocol/durations";
import { megabytes } from "../engines";
import { StepList, type StepPlace } from "../steps";

interface PlanItem extends vscode.QuickPickItem {
  readonly line: PlanLine;
}

/**
 * Lets the user choose one of the proposed networks, by the time and memory that each needs on this machine.
 *
 * @param estimate returns the proposals; its signal is aborted when the user goes back or cancels
 */
export async function pickPlan(
  place: StepPlace,
  estimate: (signal: AbortSignal) => Promise<readonly PlanLine[]>,
  before: PlanLine["name"] | undefined,
): Promise<PlanLine | "back" | undefined> {
  const stopper = new AbortController();
  const list = new StepList<PlanItem>(place, vscode.l10n.t("Estimating time and memory on this machine…"));
  list.pick.busy = true;
  const show = (lines: readonly PlanLine[]): void => {
    list.pick.busy = false;
    list.pick.placeholder = vscode.l10n.t(
      "What may it take? Estimated for this machine; every figure can be changed in the file.",
    );
    const items = lines.map((line) => ({ ...wordsOf(line.name), description: descriptionOf(line), line }));
    list.show(items, ({ line }) => line.name === before);
  };
  try {
    const answer = list.next();
    // The user can go back or cancel while the estimate is still being made.
    const chosen = await Promise.race([
      answer,
      estimate(stopper.signal)
        .then(show)
        .then(() => answer),
    ]);
    return chosen === undefined || chosen === "back" ? chosen : chosen.line;
  } finally {
    stopper.abort();
    list.dispose();
  }
}

function wordsOf(name: PlanLine["name"]): { readonly label: string; readonly detail: string } {
  switch (name) {
    case "quick":
      return { label: vscode.l10n.t("Quick look"), detail: vscode.l10n.t("Shows whether the data is right") };
    case "balanced":
      return { label: vscode.l10n.t("Balanced"), detail: vscode.l10n.t("Shows what can be learnt from it") };
    case "best":
    case "as written":
      return { label: vscode.l10n.t("Best"), detail: vscode.l10n.t("The largest that learns something in its time") };
  }
}

/** Time, crop size, network and memory of a plan: "about 5 min · 64 × 64 · 4 blocks, width 16 · 30 MB". */
function descriptionOf({ config, seconds, peakBytes }: PlanLine): string {
  const { network, data } = parseConfig(config, "revgan plan");
  // Width before height, as image viewers show it.
  const sides = axesOf(data.cropSize, network.dimensions) ?? [];
  return [
    vscode.l10n.t("about {0}", durationText(seconds, vscode.l10n)),
    sides.toReversed().join(" × "),
    network.depth === 1
      ? vscode.l10n.t("1 block, width {0}", network.width)
      : vscode.l10n.t("{0} blocks, width {1}", network.depth, network.width),
    megabytes(peakBytes),
  ].join(" · ");
}
