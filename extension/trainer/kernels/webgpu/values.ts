import type { Border } from "../kernels";
import type { Shape } from "../tensor";
import type { BufferPool, Stored } from "./bufferPool";
import type { Scalar } from "./scalars";

/*
 * Deferred values: results that a kernel has not computed yet, because the next kernel may compute them within its own work. A convolution
 * reads rectified and padded pictures from the picture itself; an addition rounds, folds or sums up its operand. This saves a dispatch, and
 * writing and reading a tensor. The ledger counts the result as if it had been computed; until it is, the buffers that it is computed from
 * are kept instead.
 */

/** A ReLU (slope 0) or leaky ReLU: leaves positive values, and multiplies negative ones by the slope. Null: no such function. */
export type Rectifier = { readonly slope: number } | null;

/** The kinds of rectifiers, which have shaders of their own. */
export type RectifierKind = "none" | "relu" | "leaky";

export function rectifierKind(rectifier: Rectifier): RectifierKind {
  if (rectifier === null) return "none";
  return rectifier.slope === 0 ? "relu" : "leaky";
}

/** A picture that is to be rectified, padded, or first rectified and then padded. */
export interface View {
  readonly kind: "view";
  readonly sources: readonly [Stored];
  /** Shape of the source, without the padding. */
  readonly shape: Shape;
  readonly rectifier: Rectifier;
  /** Null: the picture is only rectified. */
  readonly padding: { readonly width: number; readonly border: Border } | null;
}

/**
 * The gradient of padding, from the padded picture's gradient. With `rectified`, the picture is a second source, and the gradient is 0
 * where the picture is not positive.
 */
export interface Folded {
  readonly kind: "folded";
  readonly sources: readonly [gradient: Stored, ...picture: Stored[]];
  /** Shape of the padded picture. */
  readonly shape: Shape;
  readonly width: number;
  readonly border: Border;
  readonly rectified: boolean;
}

/** The gradient of a rectifier, from the gradient by its result, and its input. */
export interface Masked {
  readonly kind: "masked";
  readonly sources: readonly [gradient: Stored, input: Stored];
  readonly rectifier: NonNullable<Rectifier>;
}

/** A value that can be added to another tensor by the kernel that computes it. */
export interface Addend {
  readonly kind: "addend";
  readonly sources: readonly Stored[];
  /** Computes the value or, if `base` is not null, its sum with `base`. */
  readonly run: (base: Stored | null, to: Stored) => void;
}

export type Deferred =
  | View
  | Folded
  | Masked
  | Addend
  | { readonly kind: "snapped"; readonly sources: readonly [Stored]; readonly grid: number }
  | { readonly kind: "negated"; readonly sources: readonly [Stored] };

/**
 * Whether a deferred value must be computed before the next kernel, unless that kernel uses it: its sources may be larger than its result,
 * so they must not stay allocated.
 */
export function isUrgent({ kind }: Deferred): boolean {
  return kind === "folded" || kind === "masked" || kind === "addend";
}

/** A tensor's value: a buffer (`stored`), or how it is to be computed (`deferred`). */
export class Value {
  /** The largest magnitude, if the kernel that computed the value has found it. */
  largest: Scalar | null = null;

  constructor(
    readonly shape: Shape,
    public stored: Stored | null,
    public deferred: Deferred | null,
  ) {}

  /** Returns the value's buffers to the pool. */
  drop(pool: BufferPool): void {
    if (this.stored !== null) pool.drop(this.stored);
    for (const source of this.deferred?.sources ?? []) pool.drop(source);
    this.largest?.release();
    this.stored = this.deferred = this.largest = null;
  }
}

/** The handle of a WebGPU engine's tensor: a value on the device, or a scalar, which the host computes. */
export type Handle = Value | Scalar;
