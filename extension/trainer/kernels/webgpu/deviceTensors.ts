import type { Ledger } from "../ledger";
import { bytesOf, elements, type Shape, Tensor } from "../tensor";
import type { Stored } from "./bufferPool";
import type { ConvolutionRunner } from "./convolutionRunner";
import type { Gpu } from "./gpu";
import { Scalar, type Scalars } from "./scalars";
import * as elementwise from "./shaders/elementwise";
import { partialsOf } from "./shaders/reductions";
import { bitsOf } from "./shaders/shader";
import { type Deferred, type Handle, isUrgent, Value, type View } from "./values";

/** Allocates tensors on the device, and computes deferred values (values.ts) when they are needed. */
export class DeviceTensors {
  /** A deferred value that must be computed before the next kernel, unless that kernel uses it (see {@link isUrgent}). */
  private urgent: Value | null = null;

  constructor(
    private readonly gpu: Gpu,
    private readonly ledger: Ledger,
    private readonly scalars: Scalars,
    private readonly convolutions: ConvolutionRunner,
  ) {}

  /** A buffer for a tensor of this shape. Computes the urgent value first. */
  take(shape: Shape, bytes = bytesOf(shape)): Stored {
    this.settle();
    return this.gpu.take(bytes, shape);
  }

  /**
   * Makes a tensor of a value. The tensor takes over the value's buffers.
   * @param scratch bytes that were alive beside the result before the kernel returned
   */
  own(shape: Shape, value: Stored | Deferred | Scalar, scratch = 0): Tensor {
    if (value instanceof Scalar) return this.tensorOf(shape, value);
    if (scratch > 0) this.ledger.scratch(scratch + bytesOf(shape));
    if (!("kind" in value)) return this.tensorOf(shape, new Value(shape, value, null));
    const deferred = new Value(shape, null, value);
    if (isUrgent(value)) {
      this.settle();
      this.urgent = deferred;
    }
    return this.tensorOf(shape, deferred);
  }

  /** Makes a tensor that is computed when a kernel needs it. Its source buffers stay in use by their other users, too. */
  defer(shape: Shape, deferred: Deferred, scratch = 0): Tensor {
    for (const source of deferred.sources) source.users++;
    return this.own(shape, deferred, scratch);
  }

  /** Computes the urgent value, if there is one. */
  settle(): void {
    if (this.urgent !== null) this.compute(this.urgent);
  }

  /** A tensor's buffer. Computes a deferred value. */
  stored(x: Tensor): Stored {
    const value = valueOf(x);
    return value.stored ?? this.compute(value);
  }

  /** How a deferred tensor is to be computed; null if the tensor has been computed. */
  deferred(x: Tensor): Deferred | null {
    const { stored, deferred } = valueOf(x);
    return stored === null ? deferred : null;
  }

  /** How a convolution reads its input x: if x is deferred padding or rectifying, from x's source, else from x's own buffer. */
  viewOf(x: Tensor): View {
    const deferred = this.deferred(x);
    if (deferred?.kind === "view") return deferred;
    return { kind: "view", sources: [this.stored(x)], shape: x.shape, rectifier: null, padding: null };
  }

  /**
   * If x is deferred, calls `use`, which may run a kernel that computes x within its own work. Returns its result; null if x is not
   * deferred, or if `use` returns null because it cannot.
   */
  onTheWay<T>(x: Tensor, use: (deferred: Deferred) => T | null): T | null {
    const value = valueOf(x);
    const deferred = this.deferred(x);
    if (deferred === null) return null;
    return value === this.urgent ? this.unhurried(value, () => use(deferred)) : use(deferred);
  }

  /** The sum of two tensors, if one is the urgent value and can be computed within the addition; else null. */
  sum(a: Tensor, b: Tensor): Tensor | null {
    const [left, right] = [valueOf(a), valueOf(b)];
    const { urgent } = this;
    if (urgent === null || left === right || (urgent !== left && urgent !== right)) return null;
    const base = (urgent === left ? right : left).stored;
    const deferred = urgent.deferred!;
    if (base === null || deferred.kind === "masked" || (deferred.kind === "folded" && deferred.rectified)) return null;
    return this.unhurried(urgent, () => {
      const y = this.take(a.shape);
      this.run(deferred, base, y, a.shape);
      return this.own(a.shape, y);
    });
  }

  /**
   * a ± b, where b is a deferred rounding to a grid, which the same dispatch computes; null if b is not. Also finds the sum's largest
   * magnitude, if there is room for another scalar.
   */
  plusSnapped(op: "add" | "subtract", a: Tensor, b: Tensor): Tensor | null {
    const deferred = this.deferred(b);
    if (deferred?.kind !== "snapped" || a === b) return null;
    const sources = [this.stored(a), deferred.sources[0]];
    const { shape } = a;
    const y = this.take(shape);
    const sum = this.own(shape, y);
    const numbers = gridNumbers(deferred.grid);
    if (!this.scalars.hasRoom) {
      this.gpu.runEach(elementwise.addSnapped[op], [...sources, y], vectorsOf(shape), numbers);
      return sum;
    }
    const [count, partials] = [elements(shape), partialsOf(elements(shape))];
    const run = (buffer: Stored, first: number): void => {
      const all = [count, partials, first, ...numbers];
      this.gpu.run(elementwise.addSnappedAndCompare[op], [...sources, y, buffer], all, [partials, 1, 1]);
    };
    valueOf(sum).largest = this.scalars.reduced(partials, run, (values) => Math.max(...values));
    return sum;
  }

  /** The tensor's largest magnitude, if it was found when the tensor was computed; else null. The caller takes it over. */
  largestOf(x: Tensor): Scalar | null {
    const value = valueOf(x);
    const { largest } = value;
    value.largest = null;
    return largest;
  }

  /** Computes a deferred value, and drops its sources. */
  private compute(value: Value): Stored {
    const deferred = value.deferred!;
    if (value === this.urgent) this.urgent = null;
    const to = this.take(value.shape);
    this.run(deferred, null, to, value.shape);
    value.deferred = null;
    value.stored = to;
    for (const source of deferred.sources) this.gpu.pool.drop(source);
    return to;
  }

  private run(deferred: Deferred, base: Stored | null, to: Stored, shape: Shape): void {
    const [source] = deferred.sources;
    const count = vectorsOf(shape);
    switch (deferred.kind) {
      case "view":
        if (deferred.padding === null)
          this.gpu.runEach(elementwise.rectify[rectifierOf(deferred.rectifier!)], [source, to], count, [
            bitsOf(deferred.rectifier!.slope),
          ]);
        else this.convolutions.pad(deferred, deferred.padding, to);
        break;
      case "snapped":
        this.gpu.runEach(elementwise.snap, [source, to], count, gridNumbers(deferred.grid));
        break;
      case "negated":
        this.gpu.runEach(elementwise.withNumber.multiply, [source, to], count, [bitsOf(-1)]);
        break;
      case "folded":
        this.convolutions.fold(deferred, base, to);
        break;
      case "masked": {
        const { sources, rectifier } = deferred;
        const shader = elementwise.rectifyGradient[rectifierOf(rectifier)];
        this.gpu.runEach(shader, [...sources, to], count, [bitsOf(rectifier.slope)]);
        break;
      }
      case "addend":
        deferred.run(base, to);
    }
  }

  /**
   * Runs `use`, which may compute the urgent value within a kernel, without computing that value first. It stays urgent afterwards if it
   * still has not been computed.
   */
  private unhurried<T>(urgent: Value, use: () => T): T {
    this.urgent = null;
    const result = use();
    if (urgent.deferred !== null) this.urgent = urgent;
    return result;
  }

  private tensorOf(shape: Shape, handle: Handle): Tensor {
    const tensor = new Tensor(shape, handle, (gone) => {
      if (handle instanceof Scalar) handle.release();
      else handle.drop(this.gpu.pool);
      if (handle === this.urgent) this.urgent = null;
      this.ledger.free(gone);
    });
    this.ledger.allocate(tensor);
    return tensor;
  }
}

function rectifierOf({ slope }: { readonly slope: number }): "relu" | "leaky" {
  return slope === 0 ? "relu" : "leaky";
}

function valueOf(x: Tensor): Value {
  const handle = x.handle as Handle;
  if (handle instanceof Scalar) throw new Error("a scalar takes part in arithmetic with scalars alone");
  return handle;
}

/** Number of vec4s in a tensor's buffer; the last one may be partly unused. */
export function vectorsOf(shape: Shape): number {
  return Math.ceil(elements(shape) / 4);
}

/** Parameters of the shaders that round to multiples of 2⁻ᵍʳⁱᵈ. */
export function gridNumbers(grid: number): number[] {
  return [bitsOf(2 ** grid), bitsOf(2 ** -grid)];
}
