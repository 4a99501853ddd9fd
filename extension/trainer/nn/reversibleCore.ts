import type { Kernels } from "../kernels/kernels";
import { channels, dispose, type Tensor } from "../kernels/tensor";
import type { Coupling, Direction } from "./coupling";
import { fittingGrid, RangeForecast, RangeWatch } from "./exactGrid";
import type { Forward, Keep, Layer, Past, Want } from "./layer";
import { type Parameter, parametersOf } from "./parameter";

/** What the core keeps for its backward pass: its output alone, every √n-th block's input, or everything. */
export type Backprop = "recompute" | "checkpoint" | "store";

/** What a run of the core keeps: those of its states and of its couplings' intermediates that are not made again. */
export interface CoreKept {
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
export class ReversibleCore implements Layer<CoreKept> {
  readonly cheap = false;
  readonly reads = { input: false, output: true };
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
    private readonly direction: Direction,
    private readonly options: CoreOptions,
    private readonly range = new RangeForecast(couplings.length / 2),
  ) {
    this.parameters = parametersOf(couplings);
    this.couplings = direction === "forward" ? couplings : couplings.toReversed();
    this.segment = 2 * Math.ceil(Math.sqrt(couplings.length / 2));
  }

  forward(k: Kernels, x: Tensor, keep: Keep): Forward<CoreKept> {
    if (!this.options.exact) return this.run(k, x, keep, null);
    const watch = new RangeWatch(k);
    watch.see(x);
    return this.run(k, x, keep, this.range.grid(watch.read()));
  }

  /**
   * {@link forward} on a given grid. Where a state leaves the grid's range, the run starts again on a coarser one, so that what is
   * returned is always exact.
   */
  run(k: Kernels, x: Tensor, keep: Keep, grid: number | null): Forward<CoreKept> {
    const kept: CoreKept = { grid, states: this.enter(k, x, grid), couplings: [] };
    const { states } = kept;
    const watch = grid === null ? null : new RangeWatch(k);
    states.forEach((state) => watch?.see(state!));
    const storing = keep !== "nothing" && this.options.backprop === "store";
    this.couplings.forEach((coupling, i) => {
      const step = coupling.apply(k, states[i]!, states[i + 1]!, {
        direction: this.direction,
        keep: storing ? "lean" : "nothing",
        grid,
      });
      states.push(step.half);
      if (storing) kept.couplings[i] = step.kept;
      watch?.see(step.half);
      if (!this.keeps(i, keep)) this.drop(kept, i);
    });
    if (grid !== null) {
      const largest = watch!.read();
      const fitting = fittingGrid(grid, largest);
      if (fitting !== grid) {
        this.free(kept);
        return this.run(k, x, keep, fitting);
      }
      if (keep !== "nothing") this.range.see(largest);
    }
    const last = this.couplings.length;
    const y = k.concat(this.inOrder(states[last]!, states[last + 1]!));
    this.drop(kept, last);
    this.drop(kept, last + 1);
    return { y, kept };
  }

  backward(k: Kernels, dy: Tensor, past: Past<CoreKept>, want: Want): Tensor | null {
    const { kept } = past;
    const last = this.couplings.length;
    [kept.states[last], kept.states[last + 1]] = this.halves(k, past.output());
    let [dearlier, dlater] = this.halves(k, dy);
    for (let i = last - 1; i >= 0; i--) {
      if (!(i in kept.couplings)) this.recover(k, kept, i);
      const [before, other, after] = kept.states.slice(i, i + 3) as [Tensor, Tensor, Tensor];
      const coupling = this.couplings[i]!;
      const step = coupling.backward(k, dlater, { before, other, after }, kept.couplings[i], this.direction, want);
      coupling.free(kept.couplings.pop());
      this.drop(kept, i + 2);
      dlater = k.binary("add", dearlier, step.dother);
      dispose(dearlier, step.dother);
      dearlier = step.dhalf;
    }
    const dx = want.input ? k.concat(this.inOrder(dearlier, dlater)) : null;
    dispose(dearlier, dlater);
    this.free(kept);
    return dx;
  }

  free(kept: CoreKept): void {
    dispose(...kept.states.splice(0));
    kept.couplings.forEach((each, i) => this.couplings[i]!.free(each));
    kept.couplings.length = 0;
  }

  /** Brings back what coupling i was given and what its gradient needs. */
  private recover(k: Kernels, kept: CoreKept, i: number): void {
    const { states, couplings, grid } = kept;
    const { direction } = this;
    if (this.options.backprop === "recompute") {
      const back = direction === "forward" ? "inverse" : "forward";
      const step = this.couplings[i]!.apply(k, states[i + 2]!, states[i + 1]!, { direction: back, keep: "all", grid });
      states[i] = step.half;
      couplings[i] = step.kept;
      return;
    }
    for (let j = i - (i % this.segment); j <= i; j++) {
      const step = this.couplings[j]!.apply(k, states[j]!, states[j + 1]!, { direction, keep: "lean", grid });
      couplings[j] = step.kept;
      if (j + 1 < i) states[j + 2] = step.half;
      else step.half.dispose();
    }
  }

  /** Whether state i outlives the coupling that replaces it. */
  private keeps(i: number, keep: Keep): boolean {
    if (keep === "nothing" || this.options.backprop === "recompute") return false;
    return this.options.backprop === "store" || i % this.segment < 2;
  }

  private drop(kept: CoreKept, i: number): void {
    dispose(kept.states[i]);
    kept.states[i] = null;
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
