import type { Alive, PaperParameter } from "./memoryAlive";

/** `[n, h, w, c]`. */
export type PaperShape = readonly number[];

/** Bytes of a float32 tensor. */
export function bytesOfShape(shape: PaperShape): number {
  return shape.reduce((product, size) => product * size, 4);
}

/** What a forward pass keeps, as the trainer's layers know it: nothing; what cannot cheaply be had again; all that is read. */
export type PaperKeep = "nothing" | "lean" | "all";

/** What a backward pass is asked for: the gradient by the input, and those by the weights. */
export interface PaperWant {
  readonly input: boolean;
  readonly weights: boolean;
}

/** Makes the input and the output of a forward pass alive, if they were not kept. */
export interface PaperPast<Kept> {
  readonly kept: Kept;
  readonly input: () => void;
  readonly output: () => void;
}

/**
 * A layer of the trainer on paper: which tensors it makes, keeps, reads and frees, and how many bytes they have. It computes
 * nothing. The rules are those of `Layer` in the trainer.
 */
export interface PaperLayer<Kept = unknown> {
  readonly x: PaperShape;
  readonly y: PaperShape;
  readonly parameters: readonly PaperParameter[];
  readonly reads: { readonly input: boolean; readonly output: boolean };
  readonly cheap: boolean;
  /** Takes y and what is kept. */
  forward(alive: Alive, keep: PaperKeep): Kept;
  /** Gathers the weights' gradients and takes dx, where wanted. */
  backward(alive: Alive, past: PaperPast<Kept>, want: PaperWant): void;
  /** Frees what a forward pass kept. */
  free(alive: Alive, kept: Kept): void;
}

/** A layer that keeps nothing of its own. */
abstract class Plain implements PaperLayer<null> {
  readonly parameters: readonly PaperParameter[] = [];
  abstract readonly reads: { readonly input: boolean; readonly output: boolean };
  abstract readonly cheap: boolean;

  constructor(
    readonly x: PaperShape,
    readonly y: PaperShape,
  ) {}

  forward(alive: Alive): null {
    alive.take(bytesOfShape(this.y));
    return null;
  }

  backward(alive: Alive, past: PaperPast<null>, want: PaperWant): void {
    if (!want.input) return;
    if (this.reads.input) past.input();
    if (this.reads.output) past.output();
    alive.take(bytesOfShape(this.x));
  }

  free(): void {
    // Nothing is kept.
  }
}

/** ReLU and leaky ReLU. */
export class PaperRectifier extends Plain {
  readonly reads = { input: true, output: false };
  readonly cheap = true;

  constructor(x: PaperShape) {
    super(x, x);
  }
}

export class PaperTanh extends Plain {
  readonly reads = { input: false, output: true };
  readonly cheap = false;

  constructor(x: PaperShape) {
    super(x, x);
  }
}

export class PaperPad extends Plain {
  readonly reads = { input: false, output: false };
  readonly cheap = true;

  constructor(x: PaperShape, width: number) {
    super(x, mapSpace(x, (side) => side + 2 * width));
  }
}

/** Instance norm: its gradient reads its output, and one number a channel. */
export class PaperNorm implements PaperLayer<boolean> {
  readonly parameters = [];
  readonly reads = { input: false, output: true };
  readonly cheap = false;
  readonly y: PaperShape;
  private readonly scale: number;

  constructor(readonly x: PaperShape) {
    this.y = x;
    this.scale = 4 * x[0]! * x.at(-1)!;
  }

  /** Returns whether the scale was kept. */
  forward(alive: Alive, keep: PaperKeep): boolean {
    alive.take(this.scale);
    alive.take(bytesOfShape(this.y));
    if (keep === "nothing") alive.drop(this.scale);
    return keep !== "nothing";
  }

  backward(alive: Alive, past: PaperPast<boolean>, want: PaperWant): void {
    if (!want.input) return;
    past.output();
    alive.take(bytesOfShape(this.x));
  }

  free(alive: Alive, kept: boolean): void {
    if (kept) alive.drop(this.scale);
  }
}

/** A convolution, transposed or not. */
export class PaperConvolution extends Plain {
  readonly reads = { input: true, output: false };
  readonly cheap = false;
  override readonly parameters: readonly PaperParameter[];
  private readonly copies: ConvolutionCopies;

  /** @param pad zeros around its input; null of a transposed one, which makes no copies */
  constructor(x: PaperShape, y: PaperShape, size: number, pad: number | null, bias: boolean) {
    super(x, y);
    const filter = { bytes: 4 * size ** (x.length - 2) * x.at(-1)! * y.at(-1)!, gathered: false };
    this.parameters = bias ? [filter, { bytes: 4 * y.at(-1)!, gathered: false }] : [filter];
    this.copies = pad === null ? noCopies : copiesOf(x, y, size, pad);
  }

  override forward(alive: Alive): null {
    alive.take(bytesOfShape(this.y));
    alive.passing(this.copies.forward);
    // The bias is added in a second tensor.
    if (this.parameters.length > 1) {
      alive.take(bytesOfShape(this.y));
      alive.drop(bytesOfShape(this.y));
    }
    return null;
  }

  override backward(alive: Alive, past: PaperPast<null>, want: PaperWant): void {
    if (want.weights) {
      past.input();
      // Of all its parameters the filter alone is more than a sum.
      this.parameters.forEach((parameter, i) => alive.gather(parameter, i === 0 ? this.copies.filterGradient : 0));
    }
    if (!want.input) return;
    alive.take(bytesOfShape(this.x));
    alive.passing(this.copies.inputGradient);
  }
}

/** Bytes that the native kernels make on the way to a convolution's result and to those of its gradients. */
interface ConvolutionCopies {
  readonly forward: number;
  readonly inputGradient: number;
  readonly filterGradient: number;
}

const noCopies: ConvolutionCopies = { forward: 0, inputGradient: 0, filterGradient: 0 };

/** As the trainer's `NativeConvolution` decides. */
function copiesOf(x: PaperShape, y: PaperShape, size: number, pad: number): ConvolutionCopies {
  if (pad > 0) {
    const padded = size > 3 ? bytesOfShape(mapSpace(x, (side) => side + 2 * pad)) : 0;
    return { forward: 0, inputGradient: padded, filterGradient: padded };
  }
  if (size <= 4) return noCopies;
  // Few channels are spread, each over as many as the filter has columns.
  const [inputs, outputs] = [x.at(-1)!, y.at(-1)!];
  const outputsSpread = outputs <= 4 ? 4 * size ** 2 * inputs * outputs + bytesOfShape([...y.slice(0, -2), x.at(-2)!, size * outputs]) : 0;
  const inputsSpread = inputs <= 4 ? bytesOfShape([...x.slice(0, -2), y.at(-2)!, size * inputs]) : 0;
  return { forward: outputsSpread, inputGradient: inputsSpread, filterGradient: outputsSpread };
}

/** The same function of every spatial side. */
export function mapSpace(shape: PaperShape, change: (side: number) => number, channels = shape.at(-1)!): PaperShape {
  return [shape[0]!, ...shape.slice(1, -1).map(change), channels];
}
