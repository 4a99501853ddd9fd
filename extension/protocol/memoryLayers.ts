import type { Alive, PaperParameter } from "./memoryAlive";

/** `[n, …, c]`. */
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
export abstract class Plain implements PaperLayer<null> {
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
    super(
      x,
      mapSpace(x, (side) => side + 2 * width),
    );
  }
}

/** The same function of every spatial side. */
export function mapSpace(shape: PaperShape, change: (side: number) => number, channels = shape.at(-1)!): PaperShape {
  return [shape[0]!, ...shape.slice(1, -1).map(change), channels];
}
