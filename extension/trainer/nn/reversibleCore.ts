import type { Kernels } from "../kernels/kernels";
import { channels, dispose, type Tensor } from "../kernels/tensor";
import type { Coupling, CoreDirection } from "./coupling";
import { coarserIfNeeded, RangePredictor, RangeTracker } from "./exactGrid";
import type { ForwardResult, Retention, Layer, ForwardContext, NeededGradients } from "./layer";
import { type Parameter, parametersOf } from "./parameter";

/**
 * What a core of n blocks keeps for its backward pass. `recompute`: only its output; `checkpoint`: the input of every √n-th block; `store`:
 * all states and intermediates.
 */
export type BackpropMode = "recompute" | "checkpoint" | "store";

/**
 * What a forward pass of the core saves: those states, and those intermediates of the couplings, that the backward pass does not recompute.
 */
export interface CoreSaved {
  /** The grid (exactGrid.ts) that the states were rounded to; null without exactness. */
  readonly grid: number | null;
  readonly states: (Tensor | null)[];
  readonly couplings: unknown[];
}

/** Options of a core. */
export interface CoreOptions {
  readonly backprop: BackpropMode;
  /**
   * With `recompute`: the number of blocks that are stored nevertheless, as `store` does, namely the last ones of each pass. 0 by default.
   */
  readonly storedBlocks?: number;
  /** Rounds the input and each F's and G's output to a grid on which float32 addition is exact. Additive couplings only. */
  readonly exact: boolean;
}

/**
 * The invertible core in one direction (equations 6 to 9 of the paper; a block is two couplings). Couplings change the two halves of the
 * channels alternately, so the halves form one sequence of states: s₀ and s₁ are the halves of the input, coupling i computes sᵢ₊₂ from
 * sᵢ, reading sᵢ₊₁, and the last two states are the halves of the output. The inverse direction undoes the same couplings from the last
 * to the first.
 *
 * With `recompute` only the output is saved. For each coupling, from the last to the first, the backward pass recovers sᵢ from sᵢ₊₂ and
 * sᵢ₊₁ (which runs the coupling's function once and saves its intermediates), computes the gradients, and frees sᵢ₊₂ and the intermediates.
 * So memory does not depend on depth.
 *
 * Stored blocks keep their states and intermediates, which the backward pass frees block by block. They are the last blocks of a pass: the
 * backward pass begins with these, so their bytes are freed before it recovers the first state of the other blocks. `store` stores all
 * blocks.
 */
export class ReversibleCore implements Layer<CoreSaved> {
  readonly isCheap = false;
  readonly backwardReads = { input: false, output: true };
  readonly parameters: readonly Parameter[];
  private readonly couplings: readonly Coupling[];
  /** With `checkpoint`, the number of couplings between two checkpoints: 2·⌈√blocks⌉. */
  private readonly segment: number;
  /** Couplings from this index on are stored. */
  private readonly storedFrom: number;

  /**
   * @param couplings in the order of the forward direction, two for each block; both directions share them
   * @param range predicts the grid of exact couplings; both directions share it
   */
  constructor(
    couplings: readonly Coupling[],
    private readonly direction: CoreDirection,
    private readonly options: CoreOptions,
    private readonly range = new RangePredictor(couplings.length / 2),
  ) {
    this.parameters = parametersOf(couplings);
    this.couplings = direction === "forward" ? couplings : couplings.toReversed();
    const { backprop, storedBlocks = 0 } = options;
    this.storedFrom = backprop === "store" ? 0 : couplings.length - 2 * storedBlocks;
    this.segment = 2 * Math.ceil(Math.sqrt(couplings.length / 2));
  }

  forward(k: Kernels, x: Tensor, retention: Retention): ForwardResult<CoreSaved> {
    if (!this.options.exact) return this.run(k, x, retention, null);
    const magnitude = (): number => {
      const watch = new RangeTracker(k);
      watch.include(x);
      return watch.read();
    };
    return this.run(k, x, retention, this.range.grid(magnitude));
  }

  /**
   * {@link forward} on a given grid. If a state leaves the range in which the grid is exact, the pass starts again on a coarser grid, so
   * the result is always exact.
   */
  run(k: Kernels, x: Tensor, retention: Retention, grid: number | null): ForwardResult<CoreSaved> {
    const saved: CoreSaved = { grid, states: this.initialStates(k, x, grid), couplings: [] };
    const { states } = saved;
    const watch = grid === null ? null : new RangeTracker(k);
    states.forEach((state) => watch?.include(state!));
    this.couplings.forEach((coupling, i) => {
      const storing = retention !== "none" && i >= this.storedFrom;
      const step = coupling.apply(k, states[i]!, states[i + 1]!, {
        direction: this.direction,
        retention: storing ? "minimal" : "none",
        grid,
      });
      states.push(step.half);
      if (storing) saved.couplings[i] = step.saved;
      watch?.include(step.half);
      if (!this.keeps(i, retention)) this.freeState(saved, i);
    });
    if (grid !== null) {
      const largest = watch!.read();
      const fitting = coarserIfNeeded(grid, largest);
      if (fitting !== grid) {
        this.free(saved);
        return this.run(k, x, retention, fitting);
      }
      if (retention !== "none") this.range.recordLargest(largest);
    }
    const last = this.couplings.length;
    const y = k.concat(this.inOrder(states[last]!, states[last + 1]!));
    this.freeState(saved, last);
    this.freeState(saved, last + 1);
    return { y, saved };
  }

  backward(k: Kernels, dy: Tensor, context: ForwardContext<CoreSaved>, needs: NeededGradients): Tensor | null {
    const { saved } = context;
    const last = this.couplings.length;
    [saved.states[last], saved.states[last + 1]] = this.halves(k, context.output());
    let [dearlier, dlater] = this.halves(k, dy);
    for (let i = last - 1; i >= 0; i--) {
      if (!(i in saved.couplings)) this.recover(k, saved, i);
      const [before, other, after] = saved.states.slice(i, i + 3) as [Tensor, Tensor, Tensor];
      const coupling = this.couplings[i]!;
      const step = coupling.backward(k, dlater, { before, other, after }, saved.couplings[i], this.direction, needs);
      coupling.free(saved.couplings.pop());
      this.freeState(saved, i + 2);
      dlater = k.binary("add", dearlier, step.dother);
      dispose(dearlier, step.dother);
      dearlier = step.dhalf;
    }
    const dx = needs.input ? k.concat(this.inOrder(dearlier, dlater)) : null;
    dispose(dearlier, dlater);
    this.free(saved);
    return dx;
  }

  free(saved: CoreSaved): void {
    dispose(...saved.states.splice(0));
    saved.couplings.forEach((each, i) => this.couplings[i]!.free(each));
    saved.couplings.length = 0;
  }

  /** Recovers the input state and the intermediates of coupling i. */
  private recover(k: Kernels, saved: CoreSaved, i: number): void {
    const { states, couplings, grid } = saved;
    const { direction } = this;
    if (this.options.backprop === "recompute") {
      const back = direction === "forward" ? "inverse" : "forward";
      const step = this.couplings[i]!.apply(k, states[i + 2]!, states[i + 1]!, {
        direction: back,
        retention: "all",
        grid,
      });
      states[i] = step.half;
      couplings[i] = step.saved;
      return;
    }
    for (let j = i - (i % this.segment); j <= i; j++) {
      const step = this.couplings[j]!.apply(k, states[j]!, states[j + 1]!, { direction, retention: "minimal", grid });
      couplings[j] = step.saved;
      if (j + 1 < i) states[j + 2] = step.half;
      else step.half.dispose();
    }
  }

  /** Whether state i is kept for the backward pass after coupling i has used it. */
  private keeps(i: number, retention: Retention): boolean {
    if (retention === "none") return false;
    return i >= this.storedFrom || (this.options.backprop === "checkpoint" && i % this.segment < 2);
  }

  private freeState(saved: CoreSaved, i: number): void {
    dispose(saved.states[i]);
    saved.states[i] = null;
  }

  private initialStates(k: Kernels, x: Tensor, grid: number | null): Tensor[] {
    const halves = this.halves(k, x);
    if (grid === null) return halves;
    return halves.map((half) => {
      const snapped = k.snap(half, grid);
      half.dispose();
      // The inverse cannot tell −0 from 0: adding 0 turns −0 into 0.
      const state = k.binary("add", snapped, 0);
      snapped.dispose();
      return state;
    });
  }

  /**
   * Splits the channels into halves. First comes the half that this direction's first coupling changes: the first channels in the forward
   * direction, the last ones in the inverse direction.
   */
  private halves(k: Kernels, x: Tensor): [Tensor, Tensor] {
    const size = channels(x.shape) / 2;
    return this.inOrder(...(k.split(x, [size, size]) as [Tensor, Tensor]));
  }

  private inOrder(a: Tensor, b: Tensor): [Tensor, Tensor] {
    return this.direction === "forward" ? [a, b] : [b, a];
  }
}
