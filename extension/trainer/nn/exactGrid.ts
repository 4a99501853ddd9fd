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

/**
 * The grid to try first for an input of this magnitude: a coupling's step is normalised, and over `blocks` blocks the largest
 * state was seen to grow by a third for each.
 */
export function likelyGrid(largest: number, blocks: number): number {
  return gridFor(Number.isFinite(largest) ? largest + blocks / 3 + 1 : 1);
}

/** Rounds to the nearest multiple of 2⁻ᵍ. The gradient passes unchanged. */
export function snap(k: Kernels, x: Tensor, grid: number): Tensor {
  const scaled = k.binary("multiply", x, 2 ** grid);
  const rounded = k.unary("round", scaled);
  scaled.dispose();
  const snapped = k.binary("multiply", rounded, 2 ** -grid);
  rounded.dispose();
  return snapped;
}

/** Follows the largest magnitude of a state through the core, on the engine, and reads it once. */
export class RangeWatch {
  private largest: Tensor | null = null;

  constructor(private readonly k: Kernels) {}

  /** Takes another state into account; borrows it. */
  see(x: Tensor): void {
    const here = this.k.largest(x);
    if (this.largest === null) {
      this.largest = here;
      return;
    }
    const both = this.k.binary("maximum", this.largest, here);
    dispose(this.largest, here);
    this.largest = both;
  }

  /** The grid that holds all that was seen: `grid` if that was coarse enough, else a coarser one. */
  finish(grid: number): number {
    const largest = this.read();
    // What is not finite fits no grid; the losses will tell.
    return Number.isFinite(largest) && largest >= 2 ** (mantissaBits - grid) ? Math.min(grid - 1, gridFor(largest)) : grid;
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
