import { CountingLedger, type Effect } from "../kernels/countingLedger";
import { CountingKernels } from "../kernels/countingKernels";
import type { Kernels } from "../kernels/kernels";
import { placeOf } from "../kernels/ledger";
import type { Shape, Tensor } from "../kernels/tensor";
import type { Forward, Keep, Layer, Past, Want } from "../nn/layer";
import type { Parameter } from "../nn/parameter";

/** What a pass does to the ledger, and the tensor that it returns: `[]` for none. */
interface Pass {
  readonly effect: Effect;
  readonly shape: Shape;
  readonly place: number;
}

interface ForwardPass extends Pass {
  /** What it does to the ledger when what was kept is freed. */
  readonly freed: Effect;
}

/** A forward pass that was run, and is there for a backward pass to be run after it. */
interface Run extends ForwardPass {
  readonly k: CountingKernels;
  readonly x: Tensor;
  readonly made: Forward<unknown>;
}

/** What a counted layer keeps of a forward pass. */
interface Held {
  readonly x: Shape;
  readonly keep: Keep;
  readonly ledger: CountingLedger;
  /** Null after a backward pass, which has freed it. */
  freed: Effect | null;
}

/** The passes of a layer, always with an input of one shape. Each is run once, apart from everything else, and its effect noted. */
export class CountedPasses {
  private readonly forwards: Partial<Record<Keep, ForwardPass>> = {};
  private readonly backwards: Partial<Record<Keep, (Pass | undefined)[]>> = {};
  /** Not yet used by a backward pass. */
  private readonly runs = new Map<Keep, Run>();

  constructor(readonly layer: Layer) {}

  forward(engine: string, x: Shape, keep: Keep): ForwardPass {
    return (this.forwards[keep] ??= this.runAhead(engine, x, keep));
  }

  /** @param gathered whether the parameters have gradients from a pass before */
  backward(engine: string, { x, keep }: Held, dy: Shape, want: Want, gathered: boolean): Pass {
    const known = (this.backwards[keep] ??= []);
    const place = Number(want.input) + 2 * Number(want.weights) + 4 * Number(gathered);
    return (known[place] ??= this.runBack(this.taken(keep) ?? this.run(engine, x, keep), dy, want, gathered));
  }

  private runAhead(engine: string, x: Shape, keep: Keep): Run {
    const run = this.run(engine, x, keep);
    this.runs.set(keep, run);
    return run;
  }

  private taken(keep: Keep): Run | undefined {
    const run = this.runs.get(keep);
    this.runs.delete(keep);
    return run;
  }

  private run(engine: string, xShape: Shape, keep: Keep): Run {
    const k = new CountingKernels(engine);
    const x = k.ledger.counted(xShape, placeOf.images);
    let made!: Forward<unknown>;
    const effect = k.ledger.effectOf(() => (made = this.layer.forward(k, x, keep)));
    const { shape, bytes, place } = made.y;
    const change = effect.change.byPlace.map((each, at) => (at === place ? bytes : 0) - each);
    const nothing = { bytes: 0, byPlace: change.map(() => 0) };
    const freed = { change: { bytes: bytes - effect.change.bytes, byPlace: change }, peak: nothing };
    return { effect, freed, shape, place: place!, k, x, made };
  }

  private runBack({ k, x, made }: Run, dyShape: Shape, want: Want, gathered: boolean): Pass {
    const { layer } = this;
    const gradients = layer.parameters.map(({ gradient }) => gradient);
    for (const parameter of layer.parameters) parameter.gradient = gathered ? gradientOf(parameter, k.ledger) : null;
    const dy = k.ledger.counted(dyShape, placeOf.other);
    let dx!: Tensor | null;
    const effect = k.ledger.effectOf(() => {
      dx = layer.backward(k, dy, { kept: made.kept, input: () => x, output: () => made.y }, want);
      layer.free(made.kept);
    });
    layer.parameters.forEach((parameter, i) => (parameter.gradient = gradients[i]!));
    return { effect, shape: dx?.shape ?? [], place: dx?.place ?? placeOf.other };
  }
}

/**
 * A layer on counting kernels that repeats what its passes are known to do to the ledger instead of running them. Layers that are alike
 * share their passes, so that deep networks are counted as fast as shallow ones. What a backward pass reads of its surroundings must be
 * alive when it begins, as it is next to layers that are not `cheap`.
 */
export class CountedLayer implements Layer<Held> {
  readonly cheap = false;
  readonly reads: Layer["reads"];

  constructor(
    private readonly passes: CountedPasses,
    readonly parameters: readonly Parameter[],
  ) {
    this.reads = passes.layer.reads;
  }

  forward(k: Kernels, x: Tensor, keep: Keep): Forward<Held> {
    const ledger = countingLedger(k);
    const { effect, freed, shape, place } = this.passes.forward(k.engine, x.shape, keep);
    ledger.repeat(effect);
    return { y: ledger.counted(shape, place), kept: { x: x.shape, keep, ledger, freed } };
  }

  backward(k: Kernels, dy: Tensor, { kept }: Past<Held>, want: Want): Tensor | null {
    const ledger = countingLedger(k);
    const gathered = this.parameters.some(({ gradient }) => gradient !== null);
    const { effect, shape, place } = this.passes.backward(k.engine, kept, dy.shape, want, gathered);
    ledger.repeat(effect);
    kept.freed = null;
    if (want.weights) for (const parameter of this.parameters) parameter.gradient ??= gradientOf(parameter, ledger);
    return want.input ? ledger.counted(shape, place) : null;
  }

  free({ ledger, freed }: Held): void {
    if (freed !== null) ledger.repeat(freed);
  }
}

/** A gradient that is counted already. */
function gradientOf({ value }: Parameter, ledger: CountingLedger): Tensor {
  return ledger.counted(value.shape, placeOf.gradients);
}

function countingLedger({ ledger }: Kernels): CountingLedger {
  if (ledger instanceof CountingLedger) return ledger;
  throw new Error("a counted layer is run on kernels that compute");
}
