import type { Alive, PaperParameter } from "./memoryAlive";
import type { PaperChain, PaperChainKept } from "./memoryChain";
import {
  bytesOfShape,
  type PaperKeep,
  type PaperLayer,
  type PaperPast,
  type PaperShape,
  type PaperWant,
} from "./memoryLayers";

/** What is kept of the chain inside: whether its output, and its intermediates. */
export interface PaperBypassKept {
  readonly inside: boolean;
  readonly inner: PaperChainKept;
}

const nothing = (): void => undefined;

/** The trainer's `Bypass` on paper: a chain with a way around it. */
abstract class PaperBypass implements PaperLayer<PaperBypassKept> {
  readonly cheap = false;
  readonly x: PaperShape;
  readonly parameters: readonly PaperParameter[];
  readonly reads: { readonly input: boolean; readonly output: boolean };
  protected readonly bytes: number;

  constructor(
    private readonly inner: PaperChain,
    readonly y: PaperShape,
  ) {
    this.x = inner.x;
    this.parameters = inner.parameters;
    this.reads = { input: inner.reads.input, output: false };
    this.bytes = bytesOfShape(this.x);
  }

  forward(alive: Alive, keep: PaperKeep): PaperBypassKept {
    const inner = this.inner.forward(alive, keep);
    alive.take(bytesOfShape(this.y));
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

/** y = x + f(x). */
export class PaperResidualBlock extends PaperBypass {
  constructor(inner: PaperChain) {
    super(inner, inner.y);
  }
}

/** y = (x, f(x)) along the channels. */
export class PaperSkipConnection extends PaperBypass {
  constructor(inner: PaperChain) {
    super(inner, [...inner.y.slice(0, -1), 2 * inner.y.at(-1)!]);
  }

  override backward(alive: Alive, past: PaperPast<PaperBypassKept>, want: PaperWant): void {
    // The gradient is split.
    alive.take(this.bytes);
    alive.take(this.bytes);
    super.backward(alive, past, want);
    alive.drop(this.bytes, this.bytes);
  }
}
