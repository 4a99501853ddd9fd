import type { CountingLedger, LedgerEffect } from "../kernels/countingLedger";
import { CountingKernels } from "../kernels/countingKernels";
import type { Kernels } from "../kernels/kernels";
import { partIndex } from "../kernels/ledger";
import type { Shape, Tensor } from "../kernels/tensor";
import { Work } from "../kernels/work";
import type { ForwardResult, Retention, Layer, ForwardContext, NeededGradients } from "../nn/layer";
import type { Parameter } from "../nn/parameter";

/**
 * The effect of a pass on the ledger, and the tensor that the pass returns: its shape (`[]` if there is none), and in `place` the index of
 * its memory part.
 */
interface Pass {
  readonly effect: LedgerEffect;
  readonly shape: Shape;
  readonly place: number;
}

interface ForwardPass extends Pass {
  /** The effect on the ledger of freeing what the pass saved. */
  readonly freed: LedgerEffect;
}

/** A forward pass with its tensors, on which a backward pass can run. */
interface RecordedForward extends ForwardPass {
  readonly k: CountingKernels;
  readonly x: Tensor;
  readonly made: ForwardResult<unknown>;
}

/** What a counted layer saves of a forward pass. */
interface CountedSaved {
  readonly x: Shape;
  readonly retention: Retention;
  readonly ledger: CountingLedger;
  /** Null after a backward pass, whose effect includes freeing. */
  freed: LedgerEffect | null;
}

/** The passes of a layer for inputs of one shape. Each runs once, on a ledger of its own, and its effect is recorded. */
export class CountedPasses {
  private readonly forwards: Partial<Record<Retention, ForwardPass>> = {};
  private readonly backwards: Partial<Record<Retention, (Pass | undefined)[]>> = {};
  /** Forward passes that no backward pass has consumed. */
  private readonly runs = new Map<Retention, RecordedForward>();

  constructor(readonly layer: Layer) {}

  forward(like: CountingKernels, x: Shape, retention: Retention): ForwardPass {
    return (this.forwards[retention] ??= this.runAhead(like, x, retention));
  }

  /** @param accumulates whether the parameters have gradients from an earlier pass */
  backward(
    like: CountingKernels,
    { x, retention }: CountedSaved,
    dy: Shape,
    needs: NeededGradients,
    accumulates: boolean,
  ): Pass {
    const passes = (this.backwards[retention] ??= []);
    const variant = Number(needs.input) + 2 * Number(needs.weights) + 4 * Number(accumulates);
    return (passes[variant] ??= this.countBackward(
      this.taken(retention) ?? this.run(like, x, retention),
      dy,
      needs,
      accumulates,
    ));
  }

  private runAhead(like: CountingKernels, x: Shape, retention: Retention): RecordedForward {
    const run = this.run(like, x, retention);
    this.runs.set(retention, run);
    return run;
  }

  private taken(retention: Retention): RecordedForward | undefined {
    const run = this.runs.get(retention);
    this.runs.delete(retention);
    return run;
  }

  private run(like: CountingKernels, xShape: Shape, retention: Retention): RecordedForward {
    const k = like.withOwnLedger();
    const x = k.ledger.tensorOfCountedBytes(xShape, partIndex.images);
    let made!: ForwardResult<unknown>;
    const effect = k.ledger.record(() => (made = this.layer.forward(k, x, retention)));
    const { shape, bytes, partIndex: place } = made.y;
    const change = effect.change.byPart.map((each, part) => (part === place ? bytes : 0) - each);
    const nothing = { bytes: 0, byPart: change.map(() => 0) };
    const activations = { change: bytes - effect.activations.change, largest: 0 };
    const freed = {
      change: { bytes: bytes - effect.change.bytes, byPart: change },
      peak: nothing,
      peakIndex: effect.peakIndex,
      activations,
      work: new Work(),
    };
    return { effect, freed, shape, place: place!, k, x, made };
  }

  private countBackward(
    { k, x, made }: RecordedForward,
    dyShape: Shape,
    needs: NeededGradients,
    accumulates: boolean,
  ): Pass {
    const { layer } = this;
    const gradients = layer.parameters.map(({ gradient }) => gradient);
    for (const parameter of layer.parameters) parameter.gradient = accumulates ? gradientOf(parameter, k.ledger) : null;
    const dy = k.ledger.tensorOfCountedBytes(dyShape, partIndex.other);
    let dx!: Tensor | null;
    const effect = k.ledger.record(() => {
      dx = layer.backward(k, dy, { saved: made.saved, input: () => x, output: () => made.y }, needs);
      layer.free(made.saved);
    });
    layer.parameters.forEach((parameter, i) => (parameter.gradient = gradients[i]!));
    return { effect, shape: dx?.shape ?? [], place: dx?.partIndex ?? partIndex.other };
  }
}

/**
 * A layer on counting kernels that replays the recorded effect of its passes instead of running them. Layers of equal shape share their
 * passes, so that deep networks are counted as fast as shallow ones. Its neighbours must not be `isCheap`: the input and output that its
 * backward pass reads have to be alive already, since recomputing them would not be counted.
 */
export class CountedLayer implements Layer<CountedSaved> {
  readonly isCheap = false;
  readonly backwardReads: Layer["backwardReads"];

  constructor(
    private readonly passes: CountedPasses,
    readonly parameters: readonly Parameter[],
  ) {
    this.backwardReads = passes.layer.backwardReads;
  }

  forward(k: Kernels, x: Tensor, retention: Retention): ForwardResult<CountedSaved> {
    const counting = countingKernels(k);
    const { ledger } = counting;
    const { effect, freed, shape, place } = this.passes.forward(counting, x.shape, retention);
    ledger.replay(effect);
    return { y: ledger.tensorOfCountedBytes(shape, place), saved: { x: x.shape, retention, ledger, freed } };
  }

  backward(k: Kernels, dy: Tensor, { saved }: ForwardContext<CountedSaved>, needs: NeededGradients): Tensor | null {
    const counting = countingKernels(k);
    const { ledger } = counting;
    const accumulates = this.parameters.some(({ gradient }) => gradient !== null);
    const { effect, shape, place } = this.passes.backward(counting, saved, dy.shape, needs, accumulates);
    ledger.replay(effect);
    saved.freed = null;
    if (needs.weights) for (const parameter of this.parameters) parameter.gradient ??= gradientOf(parameter, ledger);
    return needs.input ? ledger.tensorOfCountedBytes(shape, place) : null;
  }

  free({ ledger, freed }: CountedSaved): void {
    if (freed !== null) ledger.replay(freed);
  }
}

/** A tensor for a parameter's gradient, whose bytes a replayed effect has already counted. */
function gradientOf({ value }: Parameter, ledger: CountingLedger): Tensor {
  return ledger.tensorOfCountedBytes(value.shape, partIndex.gradients);
}

function countingKernels(k: Kernels): CountingKernels {
  if (k instanceof CountingKernels) return k;
  throw new Error("a counted layer is run on kernels that compute");
}
