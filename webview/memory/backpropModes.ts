import type { MemoryMode } from "../../extension/protocol/lines";
import { t } from "../ui/text";

/** The modes of what the reversible core keeps for the backward pass. `store`, which needs most memory, is the first. */
export const modes = ["store", "budget", "checkpoint", "recompute"] as const satisfies readonly MemoryMode[];

/**
 * The bytes of a step that can be shown: the most bytes of activations at any moment, which show how the backprop modes differ, or the peak
 * of all tensors.
 */
export const quantities = ["largestActivations", "peak"] as const;
export type Quantity = (typeof quantities)[number];

/** The quantity's name. */
export function quantityLabel(quantity: Quantity): string {
  switch (quantity) {
    case "largestActivations":
      return t("Largest activations");
    case "peak":
      return t("Peak");
  }
}

/** The mode's name, as in the configuration. */
export function modeLabel(mode: MemoryMode): string {
  switch (mode) {
    case "store":
      return t("store");
    case "checkpoint":
      return t("checkpoint");
    case "recompute":
      return t("recompute");
    case "budget":
      return t("budget");
  }
}
