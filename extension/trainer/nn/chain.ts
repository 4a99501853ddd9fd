import type { Kernels } from "../kernels/kernels";
import type { Part } from "../kernels/ledger";
import { dispose, type Tensor } from "../kernels/tensor";
import type { Forward, Keep, Layer, Past, Want } from "./layer";
import { type Parameter, parametersOf } from "./parameter";

/** What a chain keeps: tensors between its layers, `inner[i]` in front of layer i, and what each layer keeps. */
export interface ChainKept {
  readonly inner: (Tensor | null)[];
  readonly layers: unknown[];
}

/**
 * Layers one after the other. Of the tensors between them it keeps those that a backward pass reads; when `lean`, those that a
 * cheap layer made are made again from the ones before them.
 */
export class Chain implements Layer<ChainKept> {
  readonly cheap = false;
  readonly parameters: readonly Parameter[];
  readonly reads: { readonly input: boolean; readonly output: boolean };
  private readonly firstTrained: number;
  private readonly held: Record<Exclude<Keep, "nothing">, readonly boolean[]>;

  /**
   * @param part whose memory the chain's tensors are, null when its layers say so themselves
   */
  constructor(
    private readonly layers: readonly Layer[],
    private readonly part: Part | null,
  ) {
    this.parameters = parametersOf(layers);
    const last = layers.length - 1;
    const trained = layers.findIndex(({ parameters }) => parameters.length > 0);
    this.firstTrained = trained < 0 ? layers.length : trained;
    // read[i]: whether a backward pass reads the tensor in front of layer i.
    const read = layers.map((layer, i) => layer.reads.input || (i > 0 && layers[i - 1]!.reads.output));
    const lean = [...read];
    for (let i = last; i > 0; i--) {
      if (!lean[i] || !layers[i - 1]!.cheap) continue;
      lean[i] = false;
      lean[i - 1] = true;
    }
    this.held = { all: read, lean };
    this.reads = { input: read[0]! || lean[0]!, output: layers[last]!.reads.output };
  }

  forward(k: Kernels, x: Tensor, keep: Keep): Forward<ChainKept> {
    return this.account(k, () => {
      const kept: ChainKept = { inner: this.layers.map(() => null), layers: [] };
      let here = x;
      this.layers.forEach((layer, i) => {
        const next = layer.forward(k, here, keep);
        kept.layers.push(next.kept);
        if (i > 0) {
          if (keep !== "nothing" && this.held[keep][i]) kept.inner[i] = here;
          else here.dispose();
        }
        here = next.y;
      });
      return { y: here, kept };
    });
  }

  backward(k: Kernels, dy: Tensor, past: Past<ChainKept>, want: Want): Tensor | null {
    return this.account(k, () => {
      const { inner, layers: keptByLayer } = past.kept;
      const at = (i: number): Tensor => {
        if (i === 0) return past.input();
        if (i === this.layers.length) return past.output();
        return (inner[i] ??= this.layers[i - 1]!.forward(k, at(i - 1), "nothing").y);
      };
      const drop = (i: number): void => {
        if (i === this.layers.length) return;
        dispose(inner[i]);
        inner[i] = null;
      };
      // Nobody reads a gradient below the first layer that has weights but who wants that by the chain's input.
      const lowest = want.input ? 0 : this.firstTrained;
      let gradient: Tensor | null = dy;
      for (let i = this.layers.length - 1; i >= lowest; i--) {
        const layer = this.layers[i]!;
        const own: Past<unknown> = { kept: keptByLayer[i], input: () => at(i), output: () => at(i + 1) };
        const next: Tensor | null = layer.backward(k, gradient!, own, {
          input: i > lowest || want.input,
          weights: want.weights,
        });
        if (gradient !== dy) dispose(gradient);
        gradient = next;
        layer.free(keptByLayer.pop());
        drop(i + 1);
        // What was made again for this layer alone is not carried along.
        if (i > 0 && !this.layers[i - 1]!.reads.output) drop(i);
      }
      return want.input ? gradient : null;
    });
  }

  free(kept: ChainKept): void {
    dispose(...kept.inner.splice(0));
    while (kept.layers.length > 0) this.layers[kept.layers.length - 1]!.free(kept.layers.pop());
  }

  private account<T>(k: Kernels, work: () => T): T {
    return this.part === null ? work() : k.ledger.within(this.part, work);
  }
}
