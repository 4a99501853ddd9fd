import type { Alive, PaperParameter } from "./memoryAlive";
import type { PaperChain, PaperChainKept } from "./memoryChain";
import { bytesOfShape, type PaperKeep, type PaperWant } from "./memoryLayers";

/** Which way a core is run. */
export type PaperDirection = "forward" | "inverse";

/** What a coupling keeps: whether its functions' outputs, whether an affine one's tanh s, and the functions' intermediates. */
export interface PaperCouplingKept {
  readonly outputs: boolean;
  readonly squashed?: boolean;
  readonly inner: readonly PaperChainKept[];
}

/** Half a reversible block on paper: its functions, each from one half of the channels to as many. */
export interface PaperCoupling {
  readonly parameters: readonly PaperParameter[];
  /** Takes the changed half and what is kept. */
  apply(alive: Alive, direction: PaperDirection, keep: PaperKeep): PaperCouplingKept;
  /** Frees the changed half's gradient; takes that of the half as it was, and that of the other half. */
  backward(alive: Alive, direction: PaperDirection, kept: PaperCouplingKept, want: PaperWant): void;
  free(alive: Alive, kept: PaperCouplingKept): void;
}

const nothing = (): void => undefined;

/** y₁ = x₁ + F(x₂), with F's output rounded to the grid: as it is (a last norm's gradient reads it) and rounded it is alive twice. */
export class PaperAdditiveCoupling implements PaperCoupling {
  readonly parameters: readonly PaperParameter[];
  private readonly half: number;

  constructor(private readonly shift: PaperChain) {
    this.parameters = shift.parameters;
    this.half = bytesOfShape(shift.y);
  }

  apply(alive: Alive, _direction: PaperDirection, keep: PaperKeep): PaperCouplingKept {
    const inner = this.shift.forward(alive, keep);
    // What the function gave on the grid, and then the sum.
    alive.take(this.half);
    alive.take(this.half);
    alive.drop(this.half);
    const outputs = keep !== "nothing" && this.shift.reads.output;
    if (!outputs) alive.drop(this.half);
    return { outputs, inner: [inner] };
  }

  backward(alive: Alive, direction: PaperDirection, { inner }: PaperCouplingKept, want: PaperWant): void {
    // The inverse subtracts, so its function's gradient has the other sign: a tensor of its own.
    const dshift = direction === "forward" ? 0 : this.half;
    alive.take(dshift);
    this.shift.backward(
      alive,
      { kept: inner[0]!, input: nothing, output: nothing },
      { input: true, weights: want.weights },
    );
    alive.drop(dshift);
  }

  free(alive: Alive, { outputs, inner }: PaperCouplingKept): void {
    if (outputs) alive.drop(this.half);
    this.shift.free(alive, inner[0]!);
  }
}

/** y₁ = x₁ ⊙ exp(0.1·tanh(s(x₂))) + t(x₂). It keeps tanh s, and s and t where last norms read them. */
export class PaperAffineCoupling implements PaperCoupling {
  readonly parameters: readonly PaperParameter[];
  private readonly half: number;

  constructor(
    private readonly logScale: PaperChain,
    private readonly shift: PaperChain,
  ) {
    this.parameters = [...logScale.parameters, ...shift.parameters];
    this.half = bytesOfShape(shift.y);
  }

  apply(alive: Alive, _direction: PaperDirection, keep: PaperKeep): PaperCouplingKept {
    const { half } = this;
    const scaleInner = this.logScale.forward(alive, keep);
    // tanh s, then the exponent and its exponential.
    alive.take(half);
    alive.through(half, 2);
    const shiftInner = this.shift.forward(alive, keep);
    // Scaled and shifted, or shifted back and scaled.
    alive.through(half, 2);
    alive.drop(half);
    const [outputs, squashed] = [keep !== "nothing" && this.shift.reads.output, keep !== "nothing"];
    if (!outputs) alive.drop(half, half);
    if (!squashed) alive.drop(half);
    return { outputs, squashed, inner: [scaleInner, shiftInner] };
  }

  backward(alive: Alive, direction: PaperDirection, { inner }: PaperCouplingKept, want: PaperWant): void {
    const { half } = this;
    const both = { input: true, weights: want.weights };
    const inverse = direction === "inverse" ? half : 0;
    alive.through(half, 2);
    // The gradient by the half as it was, then the exponential is freed; the gradient by the exponent.
    alive.take(half);
    alive.drop(half);
    alive.take(half);
    alive.take(inverse);
    this.shift.backward(alive, { kept: inner[1]!, input: nothing, output: nothing }, both);
    alive.drop(inverse, half);
    // The gradients by tanh s and by s.
    alive.take(half);
    alive.drop(half);
    alive.take(half);
    alive.drop(half);
    this.logScale.backward(alive, { kept: inner[0]!, input: nothing, output: nothing }, both);
    alive.drop(half);
    alive.take(half);
    alive.drop(half, half);
  }

  free(alive: Alive, { outputs, squashed, inner }: PaperCouplingKept): void {
    if (outputs) alive.drop(this.half, this.half);
    if (squashed === true) alive.drop(this.half);
    this.logScale.free(alive, inner[0]!);
    this.shift.free(alive, inner[1]!);
  }
}
