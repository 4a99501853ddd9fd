import type { Kernels } from "../kernels/kernels";
import { channels, dispose, type Tensor } from "../kernels/tensor";
import type { Coupling, CoreDirection } from "./coupling";
import { fittingGrid, RangePredictor, RangeTracker } from "./exactGrid";
import type { ForwardResult, Retention, Layer, ForwardContext, NeededGradients } from "./layer";
import { type Parameter, parametersOf } from "./parameter";

/** What the core keeps for its backward pass: its output alone, every √n-th block's input, or everything. */
export type Backprop = "recompute" | "checkpoint" | "store";

/** What a run of the core keeps: those of its states and of its couplings' intermediates that are not made again. */
export interface CoreSaved {
  /** The grid that its sums lay on; null when they did not have to be exact. */
  readonly grid: number | null;
  readonly states: (Tensor | null)[];
  readonly couplings: unknown[];
}

/** How a core behaves, whatever its depth. */
export interface CoreOptions {
  readonly backprop: Backprop;
  /** Rounds the input and every function's output to a grid on which float32 adds without rounding. Additive couplings only. */
  readonly exact: boolean;
}

/**
 * The invertible core, run one way (equations 6 to 9 of the paper; two couplings are a block). Couplings change the halves of the
 * channels in turn, so that the halves form one sequence: s₀ and s₁ are the input's, and coupling i makes sᵢ₊₂ from sᵢ, reading
 * sᵢ₊₁. The last two are the output's. The other way is the same couplings, undone from last to first.
 *
 * With `recompute` nothing is kept but the output. The backward pass walks down the sequence: undoes a coupling, which runs its
 * function once with intermediates, takes the gradients and drops everything: memory does not depend on depth.
 */
export class ReversibleCore implements Layer<CoreSaved> {
  readonly isCheap = false;
  readonly backwardReads = { input: false, output: true };
  readonly parameters: readonly Parameter[];
  private readonly couplings: readonly Coupling[];
  /** With `checkpoint`, couplings between two kept states: 2·√blocks. */
  private readonly segment: number;

  /**
   * @param couplings in the order of the forward direction, two for each block; both directions share them
   * @param range chooses the grid of exact couplings; both directions share it
   */
  constructor(
    couplings: readonly Coupling[],
    private readonly direction: CoreDirection,
    private readonly options: CoreOptions,
    private readonly range = new RangePredictor(couplings.length / 2),
  ) {
    this.parameters = parametersOf(couplings);
    this.couplings = direction === "forward" ? couplings : couplings.toReversed();
    this.segment = 2 * Math.ceil(Math.sqrt(couplings.length / 2));
  }

  forward(k: Kernels, x: Tensor, retention: Retention): ForwardResult<CoreSaved> {
    if (!this.options.exact) return this.run(k, x, retention, null);
    const watch = new RangeTracker(k);
    watch.observe(x);
    return this.run(k, x, retention, this.range.grid(watch.read()));
  }

  /**
   * {@link forward} on a given grid. Where a state leaves the grid's range, the run starts again on a coarser one, so that what is
   * returned is always exact.
   */
  run(k: Kernels, x: Tensor, retention: Retention, grid: number | null): ForwardResult<CoreSaved> {
    const saved: CoreSaved = { grid, states: this.enter(k, x, grid), couplings: [] };
    const { states } = saved;
    const watch = grid === null ? null : new RangeTracker(k);
    states.forEach((state) => watch?.observe(state!));
    const storing = retention !== "none" && this.options.backprop === "store";
    this.couplings.forEach((coupling, i) => {
      const step = coupling.apply(k, states[i]!, states[i + 1]!, {
        direction: this.direction,
        retention: storing ? "minimal" : "none",
        grid,
      });
      states.push(step.half);
      if (storing) saved.couplings[i] = step.saved;
      watch?.observe(step.half);
      if (!this.keeps(i, retention)) this.drop(saved, i);
    });
    if (grid !== null) {
      const largest = watch!.read();
      const fitting = fittingGrid(grid, largest);
      if (fitting !== grid) {
        this.free(saved);
        return this.run(k, x, retention, fitting);
      }
      if (retention !== "none") this.range.observe(largest);
    }
    const last = this.couplings.length;
    const y = k.concat(this.inOrder(states[last]!, states[last + 1]!));
    this.drop(saved, last);
    this.drop(saved, last + 1);
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
      this.drop(saved, i + 2);
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

  /** Brings back what coupling i was given and what its gradient needs. */
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

  /** Whether state i outlives the coupling that replaces it. */
  private keeps(i: number, retention: Retention): boolean {
    if (retention === "none" || this.options.backprop === "recompute") return false;
    return this.options.backprop === "store" || i % this.segment < 2;
  }

  private drop(saved: CoreSaved, i: number): void {
    dispose(saved.states[i]);
    saved.states[i] = null;
  }

  private enter(k: Kernels, x: Tensor, grid: number | null): Tensor[] {
    const halves = this.halves(k, x);
    if (grid === null) return halves;
    return halves.map((half) => {
      const snapped = k.snap(half, grid);
      half.dispose();
      // −0 would come back as 0.
      const entered = k.binary("add", snapped, 0);
      snapped.dispose();
      return entered;
    });
  }

  /** First the half that this direction's first coupling changes: the first half of the channels forwards, the second backwards. */
  private halves(k: Kernels, x: Tensor): [Tensor, Tensor] {
    const size = channels(x.shape) / 2;
    return this.inOrder(...(k.split(x, [size, size]) as [Tensor, Tensor]));
  }

  private inOrder(a: Tensor, b: Tensor): [Tensor, Tensor] {
    return this.direction === "forward" ? [a, b] : [b, a];
  }
}
