import type { Kernels } from "../kernels/kernels";
import type { MemoryPart } from "../kernels/ledger";
import { dispose, type Tensor } from "../kernels/tensor";
import type { ForwardResult, Retention, Layer, ForwardContext, NeededGradients } from "./layer";
import { type Parameter, parametersOf } from "./parameter";

/**
 * What a chain saves: `inner[i]`, the input of layer i, for all layers but the first (null where it is not saved), and in `layers[i]` what
 * layer i saves.
 */
export interface ChainSaved {
  readonly inner: (Tensor | null)[];
  readonly layers: unknown[];
}

/**
 * Layers one after the other. The chain saves the tensors between its layers that the backward pass reads. With retention `minimal`, the
 * output of a cheap layer is not saved but recomputed from that layer's input.
 */
export class Chain implements Layer<ChainSaved> {
  readonly isCheap = false;
  readonly parameters: readonly Parameter[];
  readonly backwardReads: { readonly input: boolean; readonly output: boolean };
  private readonly firstTrained: number;
  private readonly savedInputs: Record<Exclude<Retention, "none">, readonly boolean[]>;

  /** @param part the memory part under which the ledger counts the chain's tensors; null if the layers set it themselves */
  constructor(
    private readonly layers: readonly Layer[],
    private readonly part: MemoryPart | null,
  ) {
    this.parameters = parametersOf(layers);
    const last = layers.length - 1;
    const trained = layers.findIndex(({ parameters }) => parameters.length > 0);
    this.firstTrained = trained < 0 ? layers.length : trained;
    // read[i]: whether a backward pass reads the input of layer i.
    const read = layers.map((layer, i) => layer.backwardReads.input || (i > 0 && layers[i - 1]!.backwardReads.output));
    const minimal = [...read];
    for (let i = last; i > 0; i--) {
      if (!minimal[i] || !layers[i - 1]!.isCheap) continue;
      minimal[i] = false;
      minimal[i - 1] = true;
    }
    this.savedInputs = { all: read, minimal };
    this.backwardReads = { input: read[0]! || minimal[0]!, output: layers[last]!.backwardReads.output };
  }

  forward(k: Kernels, x: Tensor, retention: Retention): ForwardResult<ChainSaved> {
    return this.account(k, () => {
      const saved: ChainSaved = { inner: this.layers.map(() => null), layers: [] };
      let here = x;
      this.layers.forEach((layer, i) => {
        const next = layer.forward(k, here, retention);
        saved.layers.push(next.saved);
        if (i > 0) {
          if (retention !== "none" && this.savedInputs[retention][i]) saved.inner[i] = here;
          else here.dispose();
        }
        here = next.y;
      });
      return { y: here, saved };
    });
  }

  backward(k: Kernels, dy: Tensor, context: ForwardContext<ChainSaved>, needs: NeededGradients): Tensor | null {
    return this.account(k, () => {
      const { inner, layers: savedByLayer } = context.saved;
      const at = (i: number): Tensor => {
        if (i === 0) return context.input();
        if (i === this.layers.length) return context.output();
        return (inner[i] ??= this.layers[i - 1]!.forward(k, at(i - 1), "none").y);
      };
      const freeInput = (i: number): void => {
        if (i === this.layers.length) return;
        dispose(inner[i]);
        inner[i] = null;
      };
      // If the input's gradient is not needed, the backward pass ends at the first layer with weights.
      const lowest = needs.input ? 0 : this.firstTrained;
      let gradient: Tensor | null = dy;
      for (let i = this.layers.length - 1; i >= lowest; i--) {
        const layer = this.layers[i]!;
        const own: ForwardContext<unknown> = { saved: savedByLayer[i], input: () => at(i), output: () => at(i + 1) };
        const next: Tensor | null = layer.backward(k, gradient!, own, {
          input: i > lowest || needs.input,
          weights: needs.weights,
        });
        if (gradient !== dy) dispose(gradient);
        gradient = next;
        layer.free(savedByLayer.pop());
        freeInput(i + 1);
        // An input recomputed for this layer alone is freed at once.
        if (i > 0 && !this.layers[i - 1]!.backwardReads.output) freeInput(i);
      }
      return needs.input ? gradient : null;
    });
  }

  free(saved: ChainSaved): void {
    dispose(...saved.inner.splice(0));
    while (saved.layers.length > 0) this.layers[saved.layers.length - 1]!.free(saved.layers.pop());
  }

  private account<T>(k: Kernels, work: () => T): T {
    return this.part === null ? work() : k.ledger.within(this.part, work);
  }
}
