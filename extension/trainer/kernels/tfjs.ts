import type * as tfjs from "@tensorflow/tfjs-core";

/** The module @tensorflow/tfjs-core, with its backend already chosen. */
export type Tfjs = typeof tfjs;

/** A tensor of tfjs, as opposed to our own `Tensor` (tensor.ts). */
export type TfjsTensor = tfjs.Tensor;

/** An activation or a filter of images: tfjs's convolutions have the rank in their types. */
export type TfjsTensor4D = tfjs.Tensor4D;

/**
 * As `tf.tidy`: runs operations and frees every tensor that they made, except the result. Before freeing, counts the live bytes as scratch
 * in the ledger.
 */
export type Tidy = <T extends TfjsTensor | TfjsTensor[]>(work: () => T) => T;
