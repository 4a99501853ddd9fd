import type { Alive, PaperParameter } from "./memoryAlive";
import type { PaperChain, PaperChainKept } from "./memoryChain";
import { bytesOfShape, type PaperKeep, type PaperLayer, type PaperPast, type PaperShape, type PaperWant } from "./memoryLayers";

/** What is kept of the chain inside: whether its output, and its intermediates. */
export interface PaperBypassKept {
  readonly inside: boolean;
  readonly inner: PaperChainKept;
}

const nothing = (): void => undefined;

/** The trainer's `ResidualBlock` on paper: y = x + f(x). */
export class PaperResidualBlock implements PaperLayer<PaperBypassKept> {
  readonly cheap = false;
  readonly x: PaperShape;
  readonly y: PaperShape;
  readonly parameters: readonly PaperParameter[];
  readonly reads: { readonly input: boolean; readonly output: boolean };
  private readonly bytes: number;

  constructor(private readonly inner: PaperChain) {
    this.x = inner.x;
    this.y = inner.y;
    this.parameters = inner.parameters;
    this.reads = { input: inner.reads.input, output: false };
    this.bytes = bytesOfShape(this.y);
  }

  forward(alive: Alive, keep: PaperKeep): PaperBypassKept {
    const inner = this.inner.forward(alive, keep);
    alive.take(this.bytes);
    const inside = keep !== "nothing" && this.inner.reads.output;
    if (!inside) alive.drop(this.bytes);
    return { inside, inner };
  }

  backward(alive: Alive, { kept, input }: PaperPast<PaperBypassKept>, want: PaperWant): void {
    this.inner.backward(alive, { kept: kept.inner, input, output: nothing }, want);
    if (!want.input) return;
    // The sum of the gradients of both ways; then that of the way inside is freed.
    alive.take(this.bytes);
    alive.drop(this.bytes);
  }

  free(alive: Alive, { inside, inner }: PaperBypassKept): void {
    if (inside) alive.drop(this.bytes);
    this.inner.free(alive, inner);
  }
}
