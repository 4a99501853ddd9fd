import type { Config } from "../configuration/defaults";

/**
 * Up to this depth the theory is computed for every depth, so that the chart shows exactly where the curves of the memory modes separate.
 */
const everyDepthTo = 64;
/** The most depths above {@link everyDepthTo}. */
const maxFurtherDepths = 32;

/**
 * The depths for which predicted memory is requested: from 0 to at least twice the network's depth and the largest measured depth. For a
 * U-Net, only its own depth, which is fixed.
 */
export function theoryDepths(
  { generator, depth }: Pick<Config["network"], "generator" | "depth">,
  measured: readonly number[],
): number[] {
  if (generator !== "resnet") return [depth];
  const further = Math.max(everyDepthTo, 2 * depth, ...measured) - everyDepthTo;
  const every = Array.from({ length: everyDepthTo + 1 }, (_, each) => each);
  const count = Math.min(further, maxFurtherDepths);
  const even = Array.from({ length: count }, (_, i) => everyDepthTo + Math.round(((i + 1) * further) / count));
  return [...new Set([...every, ...even, depth, ...measured])].sort((a, b) => a - b);
}
