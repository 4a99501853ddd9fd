import type { NetworkConfig } from "./defaults";
import { RevganError } from "../protocol/errors";
import { type BackpropMode, directions, type MemoryMode, type TranslationDirection } from "../protocol/lines";

/** The directions in which a network translates: both, except for pix2pix, which has a generator from A to B only. */
export function directionsOf({ kind }: Pick<NetworkConfig, "kind">): readonly TranslationDirection[] {
  return kind === "pix2pix" ? ["AtoB"] : directions;
}

/** @throws RevganError `usage` for a direction that the network does not translate in */
export function requireDirection(network: Pick<NetworkConfig, "kind">, direction: TranslationDirection): void {
  if (directionsOf(network).includes(direction)) return;
  throw new RevganError(
    "usage",
    `a ${network.kind} translates A to B alone, not B to A`,
    "translate AtoB, or with a run of another kind",
  );
}

/** The depths at which a step's memory is measured by default. The depth of a U-Net is fixed, so it is measured at that depth only. */
export function usualDepths({ generator, depth }: Pick<NetworkConfig, "generator" | "depth">): readonly number[] {
  return generator === "resnet" ? [2, 4, 8, 16] : [depth];
}

/**
 * The values of `network.backprop` that a network can have. Only reversible blocks can be recomputed from their output; networks of other
 * kinds store every activation.
 */
export function backpropsOf({ kind }: Pick<NetworkConfig, "kind">): readonly BackpropMode[] {
  return kind === "revgan" ? ["recompute", "checkpoint", "store"] : ["store"];
}

/** The memory modes for which a network's memory is predicted and measured. */
export function memoryModesOf(network: Pick<NetworkConfig, "kind" | "memoryBudget">): readonly MemoryMode[] {
  return network.memoryBudget === null ? backpropsOf(network) : [...backpropsOf(network), "budget"];
}

/** The one of {@link memoryModesOf} in which the network is trained. */
export function memoryModeOf({ backprop, memoryBudget }: Pick<NetworkConfig, "backprop" | "memoryBudget">): MemoryMode {
  return memoryBudget === null ? backprop : "budget";
}

/** The network's configuration changed to another of {@link memoryModesOf}. */
export function inMemoryMode(network: NetworkConfig, mode: MemoryMode): NetworkConfig {
  return mode === "budget" ? { ...network, backprop: "recompute" } : { ...network, backprop: mode, memoryBudget: null };
}
