import type { Config } from "../configuration/defaults";

/** Up to here every depth is computed, so that it is known where curves part. */
const everyDepthTo = 64;
/** Points beyond, at most. */
const maxFurtherDepths = 32;

/** The depths at which the theory is requested: from 0 to beyond the network's and the measured ones. A U-Net has only its own. */
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
