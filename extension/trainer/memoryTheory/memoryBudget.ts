import type { Config } from "../../configuration/defaults";
import { RevganError } from "../../protocol/errors";
import type { MemoryShares } from "../../protocol/lines";
import { formatBytes } from "../formatBytes";
import { type MemoryCase, MemoryTheory } from "./memoryTheory";

/*
 * `network.memoryBudget`: recomputing within a budget of bytes for the whole step. As many blocks are stored as keep the predicted peak
 * within it; the others are recomputed.
 */

/**
 * The most blocks that can be stored, of `depth`, so that the step's peak is at most `budget` bytes; null where it is larger even without
 * any.
 *
 * The peak is the maximum of a few functions that are affine in the number of stored blocks, so it is convex and lies below its chords.
 * Where a chord reaches the budget, the peak does not exceed it, and a chord within the last of these functions is exact: a few counts
 * suffice. Each is compared with the budget, so only that the peak does not fall is relied upon.
 *
 * @param peakOf the peak with so many stored blocks, in bytes
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

/** The step of a network as its configuration has it; null where its memory budget is below the least that a step needs. */
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
 * {@link configuredCase}, where it is to be trained.
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
 * How many blocks a training stores within its memory budget; none without one, as also `store` and `checkpoint` have none.
 * @param engine that it runs on
 * @throws RevganError as {@link requiredCase}
 */
export function storedBlocksOf(config: Config, engine: string): number {
  if (config.network.memoryBudget === null) return 0;
  return requiredCase(new MemoryTheory(config, engine), config.network).storedBlocks ?? 0;
}

/** A step within a budget. */
export interface StepWithinBudget {
  readonly shares: MemoryShares;
  readonly operations: number;
}

/** A step at the ends of a budget: recomputing all blocks, and storing all. */
interface BudgetEnds {
  readonly recompute: StepWithinBudget;
  readonly store: StepWithinBudget;
}

/** The step of this depth within a budget, from those at its ends; null where it does not fit. */
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
  // Storing a block spares the same operations for each.
  const spared = depth === 0 ? 0 : (stored * (recompute.operations - store.operations)) / depth;
  return { shares: sharesOf(stored), operations: recompute.operations - spared };
}

/** Exactly, and for people: `100000000 bytes (100.0 MB)`. */
function bytes(count: number): string {
  return `${count} bytes (${formatBytes(count)})`;
}
