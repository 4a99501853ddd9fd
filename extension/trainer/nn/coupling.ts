import type { Kernels } from "../kernels/kernels";
import type { Tensor } from "../kernels/tensor";
import type { Retention, Layer, NeededGradients } from "./layer";
import type { Parameter } from "./parameter";

/** Direction of the core: `forward` translates A to B, `inverse` B to A. */
export type CoreDirection = "forward" | "inverse";

/** How a coupling runs. `grid`: F's output is rounded to multiples of 2⁻ᵍʳⁱᵈ (exactGrid.ts); null: it is not rounded. */
export interface CouplingOptions {
  readonly direction: CoreDirection;
  readonly retention: Retention;
  readonly grid: number | null;
}

/**
 * The half of the channels that a coupling changes, before and after the change, and the other half, which the coupling only reads. All
 * borrowed.
 */
export interface Halves {
  readonly before: Tensor;
  readonly after: Tensor;
  readonly other: Tensor;
}

/**
 * A coupling, half of a reversible block: an invertible map of one half of the channels, given the other half (NICE and RealNVP: Dinh
 * 2015, 2017).
 */
export interface Coupling<Saved = unknown> {
  readonly parameters: readonly Parameter[];
  /** Maps `half`, given `other`; borrows both. The map and its inverse save the same for the backward pass. */
  apply(k: Kernels, half: Tensor, other: Tensor, how: CouplingOptions): { half: Tensor; saved: Saved };
  /**
   * Consumes dhalf, the gradient by the changed half. Returns the gradient by that half before the change, and the gradient by `other`
   * through this coupling alone. The caller frees `saved`.
   */
  backward(
    k: Kernels,
    dhalf: Tensor,
    halves: Halves,
    saved: Saved,
    direction: CoreDirection,
    needs: NeededGradients,
  ): { dhalf: Tensor; dother: Tensor };
  free(saved: Saved): void;
}

/** What an additive coupling saves: F's output, if F's backward pass reads it, and F's intermediates. */
export interface AdditiveSaved {
  readonly shift: Tensor | null;
  readonly inner: unknown;
}

/** y₁ = x₁ + F(x₂) (equation 6 of the paper), with the inverse x₁ = y₁ − F(x₂). */
export class AdditiveCoupling implements Coupling<AdditiveSaved> {
  readonly parameters: readonly Parameter[];

  constructor(private readonly shift: Layer) {
    this.parameters = shift.parameters;
  }

  apply(
    k: Kernels,
    half: Tensor,
    other: Tensor,
    { direction, retention, grid }: CouplingOptions,
  ): { half: Tensor; saved: AdditiveSaved } {
    const { y: shift, saved: inner } = this.shift.forward(k, other, retention);
    const step = grid === null ? shift : k.snap(shift, grid);
    const changed = k.binary(direction === "forward" ? "add" : "subtract", half, step);
    if (step !== shift) step.dispose();
    if (retention !== "none" && this.shift.backwardReads.output) return { half: changed, saved: { shift, inner } };
    shift.dispose();
    return { half: changed, saved: { shift: null, inner } };
  }

  backward(
    k: Kernels,
    dhalf: Tensor,
    halves: Halves,
    saved: AdditiveSaved,
    direction: CoreDirection,
    needs: NeededGradients,
  ): { dhalf: Tensor; dother: Tensor } {
    // Rounding to the grid has the gradient of the identity.
    const dshift = direction === "forward" ? dhalf : k.binary("multiply", dhalf, -1);
    const context = { saved: saved.inner, input: () => halves.other, output: () => saved.shift! };
    const dother = this.shift.backward(k, dshift, context, { input: true, weights: needs.weights })!;
    if (dshift !== dhalf) dshift.dispose();
    return { dhalf, dother };
  }

  free(saved: AdditiveSaved): void {
    saved.shift?.dispose();
    this.shift.free(saved.inner);
  }
}
