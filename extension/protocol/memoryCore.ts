import type { Config } from "./configDefaults";
import type { Alive, PaperParameter, Stretch } from "./memoryAlive";
import type { PaperCoupling, PaperDirection } from "./memoryCouplings";
import {
  bytesOfShape,
  type PaperKeep,
  type PaperLayer,
  type PaperPast,
  type PaperShape,
  type PaperWant,
} from "./memoryLayers";

/** Which states a core keeps, and of which couplings the intermediates. */
export interface PaperCoreKept {
  readonly states: boolean[];
  readonly couplings: boolean[];
}

/** What both directions of a core share. */
export interface PaperBlocks {
  /** One of the couplings, which are all alike; two make a block. */
  readonly coupling: PaperCoupling;
  readonly depth: number;
  /** The weights of all couplings as one: a pass backwards gathers gradients for all of them or for none. */
  readonly weights: PaperParameter;
}

/** A scalar: the largest magnitude that was seen. */
const scalar = 4;

/** The trainer's `ReversibleCore` on paper. */
export class PaperCore implements PaperLayer<PaperCoreKept> {
  readonly cheap = false;
  readonly reads = { input: false, output: true };
  readonly y: PaperShape;
  readonly parameters: readonly PaperParameter[];
  private readonly half: number;
  /** Couplings. */
  private readonly count: number;
  private readonly segment: number;

  /** @param exact whether the states lie on a grid, and their range is watched */
  constructor(
    readonly x: PaperShape,
    private readonly blocks: PaperBlocks,
    private readonly direction: PaperDirection,
    private readonly backprop: Config["network"]["backprop"],
    private readonly exact: boolean,
  ) {
    this.y = x;
    this.half = bytesOfShape(x) / 2;
    this.count = 2 * blocks.depth;
    this.parameters = [blocks.weights];
    this.segment = 2 * Math.ceil(Math.sqrt(blocks.depth));
  }

  forward(alive: Alive, keep: PaperKeep): PaperCoreKept {
    const { half } = this;
    const kept: PaperCoreKept = { states: [true, true], couplings: [] };
    // The range of the input is read at once, that of the states at the end.
    if (this.exact) {
      alive.take(scalar);
      alive.drop(scalar);
    }
    alive.take(half);
    alive.take(half);
    if (this.exact) {
      this.enterGrid(alive);
      this.enterGrid(alive);
      alive.take(scalar);
      this.watch(alive);
    }
    const storing = keep !== "nothing" && this.backprop === "store";
    const apply = this.applied(alive, this.direction, storing ? "lean" : "nothing");
    for (let i = 0; i < this.count; i++) {
      alive.pass(apply);
      kept.states.push(true);
      if (storing) kept.couplings.push(true);
      if (this.exact) this.watch(alive);
      if (!this.keeps(i, keep)) this.drop(alive, kept, i);
    }
    if (this.exact) alive.drop(scalar);
    alive.take(2 * half);
    this.drop(alive, kept, this.count);
    this.drop(alive, kept, this.count + 1);
    return kept;
  }

  backward(alive: Alive, { kept }: PaperPast<PaperCoreKept>, want: PaperWant): void {
    const { half } = this;
    for (const i of [this.count, this.count + 1]) {
      alive.take(half);
      kept.states[i] = true;
    }
    // The two halves of dy.
    alive.take(half);
    alive.take(half);
    const recompute = this.backprop === "recompute";
    const again = recompute
      ? this.applied(alive, this.direction === "forward" ? "inverse" : "forward", "all")
      : this.applied(alive, this.direction, "lean");
    const gradients = this.gradients(alive, recompute ? "all" : "lean", want);
    for (let i = this.count - 1; i >= 0; i--) {
      if (kept.couplings[i] !== true) this.recover(alive, kept, i, again);
      alive.pass(gradients);
      kept.couplings.pop();
      this.drop(alive, kept, i + 2);
      // What the other half gained is added to what it had.
      alive.take(half);
      alive.drop(half, half);
    }
    if (want.weights) this.blocks.weights.gathered = true;
    if (want.input) alive.take(2 * half);
    alive.drop(half, half);
    this.free(alive, kept);
  }

  /** Frees the states: what the couplings kept is gone after a pass backwards. */
  free(alive: Alive, kept: PaperCoreKept): void {
    kept.states.forEach((_, i) => this.drop(alive, kept, i));
  }

  /** One coupling run. */
  private applied(alive: Alive, direction: PaperDirection, keep: PaperKeep): Stretch {
    return alive.stretch((apart) => this.blocks.coupling.apply(apart, direction, keep));
  }

  /** One coupling's pass backwards, after which it keeps nothing. */
  private gradients(alive: Alive, keep: PaperKeep, want: PaperWant): Stretch {
    const { coupling, weights } = this.blocks;
    for (const parameter of coupling.parameters) parameter.gathered = weights.gathered;
    const kept = coupling.apply(alive.apart(), this.direction, keep);
    return alive.stretch((apart) => {
      coupling.backward(apart, this.direction, kept, want);
      coupling.free(apart, kept);
    });
  }

  /** Brings back what coupling i was given and what its gradient needs: from its output, or from the segment's kept states. */
  private recover(alive: Alive, kept: PaperCoreKept, i: number, again: Stretch): void {
    if (this.backprop === "recompute") {
      alive.pass(again);
      kept.couplings[i] = true;
      kept.states[i] = true;
      return;
    }
    for (let j = i - (i % this.segment); j <= i; j++) {
      alive.pass(again);
      kept.couplings[j] = true;
      if (j + 1 < i) kept.states[j + 2] = true;
      else alive.drop(this.half);
    }
  }

  private keeps(i: number, keep: PaperKeep): boolean {
    if (keep === "nothing" || this.backprop === "recompute") return false;
    return this.backprop === "store" || i % this.segment < 2;
  }

  private drop(alive: Alive, kept: PaperCoreKept, i: number): void {
    if (kept.states[i] === true) alive.drop(this.half);
    kept.states[i] = false;
  }

  /** A half is rounded, and then added to 0, which makes −0 to 0. */
  private enterGrid(alive: Alive): void {
    alive.take(this.half);
    alive.drop(this.half);
    alive.take(this.half);
    alive.drop(this.half);
  }

  /** The largest of a state is joined with the largest so far. */
  private watch(alive: Alive): void {
    alive.take(scalar);
    alive.take(scalar);
    alive.drop(scalar, scalar);
  }
}
