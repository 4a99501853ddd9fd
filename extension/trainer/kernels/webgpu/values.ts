import type { Border } from "../kernels";
import type { Shape } from "../tensor";
import type { BufferPool, Stored } from "./bufferPool";
import type { Scalar } from "./scalars";

/*
 * What a kernel has not computed yet, because the next one may compute it on its way: a convolution reads rectified and padded pictures from
 * the picture itself, an addition adds what is to be rounded, folded or summed up. That saves a dispatch and the traffic of a tensor. The
 * ledger counts the result as if it were there; the buffers that it is computed from are kept instead.
 */

/** A function that leaves what is positive and multiplies what is negative by its slope; null: none. With slope 0 the result is 0. */
export type Rectifier = { readonly slope: number } | null;

/** Which shaders a rectifier needs. */
export type RectifierKind = "none" | "relu" | "leaky";

export function rectifierKind(rectifier: Rectifier): RectifierKind {
  if (rectifier === null) return "none";
  return rectifier.slope === 0 ? "relu" : "leaky";
}

/** Rectified and then padded, one of them at least. */
export interface View {
  readonly kind: "view";
  readonly sources: readonly [Stored];
  /** Of the source. */
  readonly shape: Shape;
  readonly rectifier: Rectifier;
  /** Null: not padded. */
  readonly padding: { readonly width: number; readonly border: Border } | null;
}

/** The gradient of padding: of a padded picture's gradient, and with `rectified` only where the picture, a second source, is positive. */
export interface Folded {
  readonly kind: "folded";
  readonly sources: readonly [gradient: Stored, ...picture: Stored[]];
  /** Of the padded picture. */
  readonly shape: Shape;
  readonly width: number;
  readonly border: Border;
  readonly rectified: boolean;
}

/** The gradient of a rectifier: of its result's gradient and of its input. */
export interface Masked {
  readonly kind: "masked";
  readonly sources: readonly [gradient: Stored, input: Stored];
  readonly rectifier: NonNullable<Rectifier>;
}

/** Something that can be added to another tensor while it is computed. */
export interface Addend {
  readonly kind: "addend";
  readonly sources: readonly Stored[];
  /** Computes it, or its sum with `base`. */
  readonly run: (base: Stored | null, to: Stored) => void;
}

export type Deferred =
  | View
  | Folded
  | Masked
  | Addend
  | { readonly kind: "snapped"; readonly sources: readonly [Stored]; readonly grid: number }
  | { readonly kind: "negated"; readonly sources: readonly [Stored] };

/** Those whose sources may be larger than the result, so that they may not stay: they are computed before anything else unless that uses them. */
export function isUrgent({ kind }: Deferred): boolean {
  return kind === "folded" || kind === "masked" || kind === "addend";
}

/** A tensor's value: a buffer, or how it is computed. */
export class Value {
  /** The largest magnitude, where it was found on the way. */
  largest: Scalar | null = null;

  constructor(
    readonly shape: Shape,
    public stored: Stored | null,
    public deferred: Deferred | null,
  ) {}

  /** Gives up the buffers. */
  drop(pool: BufferPool): void {
    if (this.stored !== null) pool.drop(this.stored);
    for (const source of this.deferred?.sources ?? []) pool.drop(source);
    this.largest?.release();
    this.stored = this.deferred = this.largest = null;
  }
}

/** What a tensor's handle is: scalars are computed on the host. */
export type Handle = Value | Scalar;
