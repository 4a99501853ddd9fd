import type * as tfjs from "@tensorflow/tfjs-core";

/** @tensorflow/tfjs-core with a backend chosen. */
export type Tfjs = typeof tfjs;

/** A tensor of tfjs. */
export type Plain = tfjs.Tensor;

/** An activation or a filter of images; tfjs's convolutions name ranks in their types. */
export type PlainImage = tfjs.Tensor4D;
