import type { Config } from "../../extension/configuration/defaults";

/** Up to here every depth is computed; the curves of deeper networks have as many points. */
const mostDepths = 32;

/** The depths at which the theory is asked: from 0 to past the deepest that is known of. A U-Net has its own alone. */
export function theoryDepths(
  { generator, depth }: Pick<Config["network"], "generator" | "depth">,
  measured: readonly number[],
): number[] {
  if (generator !== "resnet") return [depth];
  const last = Math.max(16, 2 * depth, ...measured);
  const count = Math.min(last, mostDepths);
  const even = Array.from({ length: count + 1 }, (_, i) => Math.round((i * last) / count));
  return [...new Set([...even, depth, ...measured])].sort((a, b) => a - b);
}
