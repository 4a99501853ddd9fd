import type { Kernels } from "../kernels/kernels";
import { dispose, type Tensor } from "../kernels/tensor";

/**
 * Float32 holds multiples of 2⁻ᵍ exactly below 2²⁴⁻ᵍ. While the core's state and everything added to it lie on that grid, sums and
 * differences are exact, and the inverse returns what went in, bit for bit. The finer the grid, the less the rounding disturbs
 * training, so it is chosen by the range of the numbers at hand.
 */
const mantissaBits = 24;

/** The finest grid for states below `range`. */
function gridFor(range: number): number {
  return mantissaBits - Math.max(2, Math.ceil(Math.log2(range)));
}

/** `grid` if states of this magnitude add exactly on it, else a coarser one on which they do. What is not finite fits no grid; the losses will tell. */
export function fittingGrid(grid: number, largest: number): number {
  return Number.isFinite(largest) && largest >= 2 ** (mantissaBits - grid)
    ? Math.min(grid - 1, gridFor(largest))
    : grid;
}

/** How much of the range outlives a step that did not need it. */
const persistence = 0.95;

/**
 * Chooses the grid that a core's pass tries first. A pass that leaves its grid's range has to start again, so the choice is made
 * from how far the states went in the steps before; both directions of a core share it.
 */
export class RangePredictor {
  private seen = 0;

  /**
   * @param blocks of the core
   * @param range magnitude that the last steps' states stayed below; null before the first step
   */
  constructor(
    private readonly blocks: number,
    public range: number | null = null,
  ) {}

  /** The grid for an input of this magnitude. In the first step a core's states grow by about a third for each block, or more. */
  grid(input: number): number {
    const guess = this.range ?? input + this.blocks / 3;
    return gridFor(Number.isFinite(input) ? Math.max(guess, input) + 1 : 1);
  }

  /** Takes note of a training pass's largest state. */
  observe(largest: number): void {
    if (Number.isFinite(largest)) this.seen = Math.max(this.seen, largest);
  }

  /** Ends a step: the next one's passes know of this one's. */
  commit(): void {
    this.range = Math.max(this.seen, persistence * (this.range ?? 0));
    this.seen = 0;
  }

  /** Drops what an unfinished step has seen: the training is as if it had not begun. */
  discard(): void {
    this.seen = 0;
  }
}

/** Follows the largest magnitude of a state through the core, on the engine, and reads it once. */
export class RangeTracker {
  private largest: Tensor | null = null;

  constructor(private readonly k: Kernels) {}

  /** Takes another state into account; borrows it. */
  observe(x: Tensor): void {
    const here = this.k.largest(x);
    if (this.largest === null) {
      this.largest = here;
      return;
    }
    const both = this.k.binary("maximum", this.largest, here);
    dispose(this.largest, here);
    this.largest = both;
  }

  /** The largest magnitude seen so far; forgets it. */
  read(): number {
    if (this.largest === null) return 0;
    const largest = this.k.read(this.largest)[0]!;
    this.largest.dispose();
    this.largest = null;
    return largest;
  }
}
