import type { Alive, PaperParameter } from "./memoryAlive";
import {
  bytesOfShape,
  Plain,
  type PaperKeep,
  type PaperLayer,
  type PaperPast,
  type PaperShape,
  type PaperWant,
} from "./memoryLayers";

/** Instance norm: its gradient reads its output, and one number a channel. */
export class PaperNorm implements PaperLayer<boolean> {
  readonly parameters = [];
  readonly reads = { input: false, output: true };
  readonly cheap = false;
  readonly y: PaperShape;
  protected readonly scale: number;

  /** @param images that share their statistics with no other: of a batch norm one */
  constructor(
    readonly x: PaperShape,
    images = x[0]!,
  ) {
    this.y = x;
    this.scale = 4 * images * x.at(-1)!;
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

/** Batch norm: one number a channel for all images; in training the channels' sums, too, from which the running statistics are made. */
export class PaperBatchNorm extends PaperNorm {
  constructor(x: PaperShape) {
    super(x, 1);
  }

  override forward(alive: Alive, keep: PaperKeep): boolean {
    const kept = super.forward(alive, keep);
    if (kept) {
      alive.take(this.scale);
      alive.drop(this.scale);
    }
    return kept;
  }
}

/** The affine map of the channels behind a batch norm. */
export class PaperAffineMap extends Plain {
  readonly reads = { input: true, output: false };
  readonly cheap = true;
  override readonly parameters: readonly [PaperParameter, PaperParameter];

  constructor(x: PaperShape) {
    super(x, x);
    const parameter = (): PaperParameter => ({ bytes: 4 * x.at(-1)!, gathered: false });
    this.parameters = [parameter(), parameter()];
  }

  override forward(alive: Alive): null {
    // Scaled, and then shifted.
    alive.through(bytesOfShape(this.y), 2);
    return null;
  }

  override backward(alive: Alive, past: PaperPast<null>, want: PaperWant): void {
    const bytes = bytesOfShape(this.x);
    const [scale, shift] = this.parameters;
    if (want.weights) {
      past.input();
      // The product of which the scale's gradient is the sum.
      alive.take(bytes);
      alive.gather(scale, 0);
      alive.drop(bytes);
      alive.gather(shift, 0);
    }
    if (want.input) alive.take(bytes);
  }
}

/** Dropout: keeps its mask. */
export class PaperDropout implements PaperLayer<boolean> {
  readonly parameters = [];
  readonly reads = { input: false, output: false };
  readonly cheap = false;
  readonly y: PaperShape;
  private readonly bytes: number;

  constructor(readonly x: PaperShape) {
    this.y = x;
    this.bytes = bytesOfShape(x);
  }

  /** Returns whether the mask was kept. */
  forward(alive: Alive, keep: PaperKeep): boolean {
    alive.take(this.bytes);
    alive.take(this.bytes);
    if (keep === "nothing") alive.drop(this.bytes);
    return keep !== "nothing";
  }

  backward(alive: Alive, _past: PaperPast<boolean>, want: PaperWant): void {
    if (want.input) alive.take(this.bytes);
  }

  free(alive: Alive, kept: boolean): void {
    if (kept) alive.drop(this.bytes);
  }
}
