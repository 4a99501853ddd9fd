import type * as tfjs from "@tensorflow/tfjs-core";

/** @tensorflow/tfjs-core with a backend chosen. */
export type Tfjs = typeof tfjs;

/** A tensor of tfjs. */
export type Plain = tfjs.Tensor;

/** An activation or a filter of images; tfjs's convolutions name ranks in their types. */
export type PlainImage = tfjs.Tensor4D;

/** Runs a few operations and frees what they made on the way to their result, one tensor or several. */
export type Scope = <T extends Plain | Plain[]>(work: () => T) => T;
