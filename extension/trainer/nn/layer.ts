import type { Kernels } from "../kernels/kernels";
import type { Tensor } from "../kernels/tensor";
import type { Parameter } from "./parameter";

/**
 * What a forward pass saves for its backward pass. `none`: no tensor, since no backward pass will follow. `minimal`: only tensors that are
 * expensive to recompute, for a backward pass that comes much later. `all`: every tensor that the backward pass reads, for one that follows
 * at once.
 */
export type Retention = "none" | "minimal" | "all";

/** Which gradients a backward pass computes. */
export interface NeededGradients {
  /** The gradient by the layer's input, which `backward` returns. */
  readonly input: boolean;
  /** The gradients by the parameters, which `backward` accumulates in them. */
  readonly weights: boolean;
}

/** The output of a forward pass, and the data that the layer saved for its backward pass. The caller owns both. */
export interface ForwardResult<Saved> {
  readonly y: Tensor;
  readonly saved: Saved;
}

/** The results of the forward pass that a backward pass may read. Tensors are borrowed. */
export interface ForwardContext<Saved> {
  readonly saved: Saved;
  /** The input of the forward pass; only for layers with `backwardReads.input`. */
  input(): Tensor;
  /** The output of the forward pass; only for layers with `backwardReads.output`. */
  output(): Tensor;
}

/**
 * A differentiable function of one tensor, which declares exactly what its gradient reads. There is no tape: the caller of `forward` keeps
 * the input and the output, if `backward` reads them, and `saved`, until it has called `backward` and `free`.
 */
export interface Layer<Saved = unknown> {
  readonly parameters: readonly Parameter[];
  /** Whether `backward` reads the input or the output of the forward pass. */
  readonly backwardReads: { readonly input: boolean; readonly output: boolean };
  /** Whether `forward` is so cheap that its output is recomputed rather than saved. */
  readonly isCheap: boolean;
  /** Computes the layer's output. Borrows x. */
  forward(k: Kernels, x: Tensor, retention: Retention): ForwardResult<Saved>;
  /**
   * Borrows dy. Accumulates the parameters' gradients if `needs.weights`; returns dx if `needs.input`, else null. The caller still
   * {@link free}s `context.saved`.
   */
  backward(k: Kernels, dy: Tensor, context: ForwardContext<Saved>, needs: NeededGradients): Tensor | null;
  /** Disposes what a forward pass saved. */
  free(saved: Saved): void;
}
