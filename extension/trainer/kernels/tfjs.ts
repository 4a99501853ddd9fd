import type * as tfjs from "@tensorflow/tfjs-core";

/** @tensorflow/tfjs-core with a backend chosen. */
export type Tfjs = typeof tfjs;

/** A tensor of tfjs. Ours is `Tensor` (tensor.ts). */
export type TfjsTensor = tfjs.Tensor;

/** An activation or a filter of images: tfjs's convolutions have the rank in their types. */
export type TfjsTensor4D = tfjs.Tensor4D;

/** As `tf.tidy`: runs operations and frees every tensor that they made except the result. Counts the bytes alive at the end. */
export type Tidy = <T extends TfjsTensor | TfjsTensor[]>(work: () => T) => T;
