import type { MemoryLine } from "../../extension/protocol/lines";
import { t } from "../ui/text";

/** What the core keeps for the backward pass. */
export type Backprop = MemoryLine["backprop"];
/** The one that needs most memory first. */
export const modes = ["store", "checkpoint", "recompute"] as const satisfies readonly Backprop[];

/** Which bytes of a step are shown: all, or the activations, which depend on depth. */
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
