import type { Kernels } from "../kernels/kernels";
import type { Tensor } from "../kernels/tensor";
import type { Parameter } from "./parameter";

/**
 * What a forward pass keeps for its backward pass: `nothing`, not one tensor, where there will be none; `lean`, what cannot cheaply
 * be had again, for a backward pass that comes much later; `all`, for one that follows at once.
 */
export type Retention = "none" | "minimal" | "all";

/** What a backward pass is asked for, beside what it needs for its own course. */
export interface NeededGradients {
  /** The gradient by the layer's input. */
  readonly input: boolean;
  /** The gradients by the parameters, added to them. */
  readonly weights: boolean;
}

/** The output of a forward pass, the caller's, and what the layer keeps for its backward pass. */
export interface ForwardResult<Saved> {
  readonly y: Tensor;
  readonly saved: Saved;
}

/** The forward pass that a backward pass belongs to. Its tensors are borrowed. */
export interface ForwardContext<Saved> {
  readonly saved: Saved;
  /** The input of the forward pass; only for layers that say that they read it. */
  input(): Tensor;
  /** The output of the forward pass; only for layers that say that they read it. */
  output(): Tensor;
}

/**
 * A function of one tensor that says exactly what its gradient needs. There is no tape: who calls `forward` holds on to the
 * input and the output, if the layer reads them, and to `kept`, until it has called `backward` or `free`.
 */
export interface Layer<Saved = unknown> {
  readonly parameters: readonly Parameter[];
  /** Whether `backward` reads the input or the output of the forward pass. */
  readonly backwardReads: { readonly input: boolean; readonly output: boolean };
  /** Whether running `forward` again costs so little that its output need not be kept. */
  readonly isCheap: boolean;
  /** Borrows x. */
  forward(k: Kernels, x: Tensor, retention: Retention): ForwardResult<Saved>;
  /**
   * Borrows dy; adds the weights' gradients to the parameters where wanted; returns dx where wanted, else null. `past.kept` stays
   * the caller's to {@link free}.
   */
  backward(k: Kernels, dy: Tensor, context: ForwardContext<Saved>, needs: NeededGradients): Tensor | null;
  /** Disposes what a forward pass kept. */
  free(saved: Saved): void;
}
