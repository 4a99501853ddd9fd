import type { MemoryLine } from "../../extension/protocol/lines";
import { t } from "../ui/text";

/** What the core keeps for the backward pass. */
export type Backprop = MemoryLine["backprop"];
/** From the one that needs most. */
export const modes = ["store", "checkpoint", "recompute"] as const satisfies readonly Backprop[];

/** Which of a step's bytes are shown: all, or those that depth is about. */
export type Quantity = "peak" | "activations";

/** The mode's name, as in the configuration. */
export function modeLabel(mode: Backprop): string {
  switch (mode) {
    case "store":
      return t("store");
    case "checkpoint":
      return t("checkpoint");
    case "recompute":
      return t("recompute");
  }
}
