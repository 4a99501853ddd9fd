import type { Kernels } from "../kernels/kernels";
import { dispose, type Tensor } from "../kernels/tensor";

/*
 * Exact inverses of additive couplings in float32, which holds multiples of 2⁻ᵍ exactly below 2²⁴⁻ᵍ. While the states and everything
 * added to them are multiples of 2⁻ᵍ in that range, sums and differences are exact, and the inverse recovers the input bit for bit. A
 * finer grid disturbs training less, so the grid g is chosen by the range of the states.
 */

/** Bits of float32's significand. */
const mantissaBits = 24;

/** The finest grid (the largest g) on which states of magnitude below `range` add exactly. */
function gridFor(range: number): number {
  return mantissaBits - Math.max(2, Math.ceil(Math.log2(range)));
}

/**
 * Returns `grid` if states of magnitude `largest` add exactly on it, else a coarser grid on which they do. For an infinite or NaN magnitude
 * no grid would fit, so `grid` is returned; the check of the losses then reports the divergence.
 */
export function coarserIfNeeded(grid: number, largest: number): number {
  return Number.isFinite(largest) && largest >= 2 ** (mantissaBits - grid)
    ? Math.min(grid - 1, gridFor(largest))
    : grid;
}

/** Factor by which the predicted range shrinks in a step whose states are smaller. */
const rangeDecay = 0.95;

/**
 * Predicts the range of a core's states, which determines the grid that a pass tries first: a pass that leaves its grid's range starts
 * again. Both directions of a core share one.
 */
export class RangePredictor {
  private seen = 0;

  /**
   * @param blocks number of blocks of the core
   * @param range decaying maximum of the states of earlier steps; null before the first step
   */
  constructor(
    private readonly blocks: number,
    public range: number | null = null,
  ) {}

  /**
   * The grid that a pass tries first: for the states of earlier steps or, before the first step, for the input's magnitude, assuming that
   * states grow by 1/3 a block.
   *
   * @param input computes the input's magnitude; called only if needed, since on a GPU the host must wait for it
   */
  grid(input: () => number): number {
    const guess = this.range ?? input() + this.blocks / 3;
    return gridFor(Number.isFinite(guess) ? guess + 1 : 1);
  }

  /** The largest state of this step's training passes. */
  get largest(): number {
    return this.seen;
  }

  /** Records the largest state of a training pass. */
  recordLargest(largest: number): void {
    if (Number.isFinite(largest)) this.seen = Math.max(this.seen, largest);
  }

  /** Ends a step: the largest state of its passes enters the prediction. */
  commit(): void {
    this.range = Math.max(this.seen, rangeDecay * (this.range ?? 0));
    this.seen = 0;
  }

  /** Discards the passes of a step that was abandoned. */
  discard(): void {
    this.seen = 0;
  }
}

/** Accumulates max |x| over the core's states in the engine's memory, so that only one value per pass is copied to the host. */
export class RangeTracker {
  private largest: Tensor | null = null;

  constructor(private readonly k: Kernels) {}

  /** Includes a state; borrows it. */
  include(x: Tensor): void {
    const here = this.k.largest(x);
    if (this.largest === null) {
      this.largest = here;
      return;
    }
    const both = this.k.binary("maximum", this.largest, here);
    dispose(this.largest, here);
    this.largest = both;
  }

  /** Returns the largest magnitude since the last call, and resets it. */
  read(): number {
    if (this.largest === null) return 0;
    const largest = this.k.read(this.largest)[0]!;
    this.largest.dispose();
    this.largest = null;
    return largest;
  }
}
