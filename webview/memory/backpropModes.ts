import type { MemoryLine } from "../../extension/protocol/lines";
import { t } from "../ui/text";

/** What the core keeps for the backward pass. */
export type Backprop = MemoryLine["backprop"];
/** The one that needs most memory first. */
export const modes = ["store", "checkpoint", "recompute"] as const satisfies readonly Backprop[];

/** Which bytes of a step are shown: the most activations at any moment, which tell the ways apart, or the peak of everything. */
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
