import type { Config } from "../../configuration/defaults";
import { RevganError } from "../../protocol/errors";
import type { MemoryShares } from "../../protocol/lines";
import { formatBytes } from "../formatBytes";
import { type MemoryCase, MemoryTheory } from "./memoryTheory";

/*
 * `network.memoryBudget` limits the bytes of a whole step. As many blocks of the core are stored as the predicted peak allows; the others
 * are recomputed.
 */

/**
 * The most of `depth` blocks that can be stored so that the step's peak is at most `budget` bytes; null if the peak is larger even without
 * stored blocks.
 *
 * As a function of the number of stored blocks, the peak is the maximum of a few affine functions, so it is convex and lies below its
 * chords. Where a chord reaches the budget, the peak does not exceed the budget; where both ends of a chord lie on the last affine
 * function, the chord is exact. So the search counts only a few steps. It compares each count with the budget, so its result relies only on
 * the peak not falling.
 *
 * @param peakOf returns the peak in bytes for a number of stored blocks
 */
export function storedBlocksWithin(
  budget: number,
  depth: number,
  peakOf: (storedBlocks: number) => number,
): number | null {
  let [within, low] = [0, peakOf(0)];
  if (low > budget) return null;
  let [beyond, high] = [depth, peakOf(depth)];
  if (high <= budget) return depth;
  while (beyond - within > 1) {
    const onChord = within + Math.floor(((budget - low) / (high - low)) * (beyond - within));
    const next = Math.min(Math.max(onChord, within + 1), beyond - 1);
    const peak = peakOf(next);
    if (peak <= budget) [within, low] = [next, peak];
    else [beyond, high] = [next, peak];
  }
  return within;
}

/**
 * The depth, backprop mode and number of stored blocks that a configuration stands for; null if its memory budget is below the least that a
 * step needs.
 */
export function configuredCase(
  theory: MemoryTheory,
  { depth, backprop, memoryBudget }: Pick<Config["network"], "depth" | "backprop" | "memoryBudget">,
): MemoryCase | null {
  if (memoryBudget === null) return { depth, backprop };
  const peakOf = (storedBlocks: number): number => theory.at({ depth, backprop, storedBlocks }).peak;
  const storedBlocks = storedBlocksWithin(memoryBudget, depth, peakOf);
  return storedBlocks === null ? null : { depth, backprop, storedBlocks };
}

/**
 * As {@link configuredCase}, for a training: throws where that returns null.
 * @throws RevganError `config` where the memory budget is below the least, which the error names
 */
export function requiredCase(theory: MemoryTheory, network: Parameters<typeof configuredCase>[1]): MemoryCase {
  const found = configuredCase(theory, network);
  if (found !== null) return found;
  const [budget, least] = [network.memoryBudget ?? 0, theory.at({ ...network, storedBlocks: 0 }).peak];
  throw new RevganError(
    "config",
    `network.memoryBudget is ${bytes(budget)}, and a step of ${network.depth} blocks needs at least ${bytes(least)}, recomputing all of them`,
    `set network.memoryBudget to at least ${least}, or to null`,
  );
}

/**
 * The number of blocks that a training stores within its memory budget; 0 if the configuration has no budget.
 * @param engine the engine that the training runs on
 * @throws RevganError as {@link requiredCase}
 */
export function storedBlocksOf(config: Config, engine: string): number {
  if (config.network.memoryBudget === null) return 0;
  return requiredCase(new MemoryTheory(config, engine), config.network).storedBlocks ?? 0;
}

/** Memory and number of operations of a step. */
export interface StepWithinBudget {
  readonly shares: MemoryShares;
  readonly operations: number;
}

/** The steps at both ends of the range that a budget chooses from: all blocks recomputed, and all stored. */
interface BudgetEnds {
  readonly recompute: StepWithinBudget;
  readonly store: StepWithinBudget;
}

/** The step of this depth that stores as many blocks as the budget allows; null if no step fits. */
export function stepWithin(
  theory: MemoryTheory,
  budget: number,
  depth: number,
  { recompute, store }: BudgetEnds,
): StepWithinBudget | null {
  const known = new Map([
    [0, recompute.shares],
    [depth, store.shares],
  ]);
  const sharesOf = (storedBlocks: number): MemoryShares => {
    const shares = known.get(storedBlocks) ?? theory.at({ depth, backprop: "recompute", storedBlocks });
    known.set(storedBlocks, shares);
    return shares;
  };
  const stored = storedBlocksWithin(budget, depth, (storedBlocks) => sharesOf(storedBlocks).peak);
  if (stored === null) return null;
  // Every stored block saves the same number of operations.
  const spared = depth === 0 ? 0 : (stored * (recompute.operations - store.operations)) / depth;
  return { shares: sharesOf(stored), operations: recompute.operations - spared };
}

/** A number of bytes, exact and rounded: `100000000 bytes (100.0 MB)`. */
function bytes(count: number): string {
  return `${count} bytes (${formatBytes(count)})`;
}
