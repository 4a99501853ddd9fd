import type { Alive, PaperParameter } from "./memoryAlive";
import {
  bytesOfShape,
  type PaperKeep,
  type PaperLayer,
  type PaperPast,
  type PaperShape,
  type PaperWant,
} from "./memoryLayers";

/** Which of the tensors between its layers a chain keeps, and what each layer keeps. */
export interface PaperChainKept {
  readonly inner: boolean[];
  readonly layers: unknown[];
}

/** The trainer's `Chain` on paper: keeps what a backward pass reads, but what a cheap layer made is made again. */
export class PaperChain implements PaperLayer<PaperChainKept> {
  readonly cheap = false;
  readonly x: PaperShape;
  readonly y: PaperShape;
  readonly parameters: readonly PaperParameter[];
  readonly reads: { readonly input: boolean; readonly output: boolean };
  private readonly firstTrained: number;
  private readonly held: Record<Exclude<PaperKeep, "nothing">, readonly boolean[]>;
  private readonly last: number;

  constructor(private readonly layers: readonly PaperLayer[]) {
    this.last = layers.length - 1;
    this.x = layers[0]!.x;
    this.y = layers[this.last]!.y;
    this.parameters = layers.flatMap((layer) => layer.parameters);
    const trained = layers.findIndex(({ parameters }) => parameters.length > 0);
    this.firstTrained = trained < 0 ? layers.length : trained;
    const read = layers.map((layer, i) => layer.reads.input || (i > 0 && layers[i - 1]!.reads.output));
    const lean = [...read];
    for (let i = this.last; i > 0; i--) {
      if (!lean[i] || !layers[i - 1]!.cheap) continue;
      lean[i] = false;
      lean[i - 1] = true;
    }
    this.held = { all: read, lean };
    this.reads = { input: read[0]! || lean[0]!, output: layers[this.last]!.reads.output };
  }

  forward(alive: Alive, keep: PaperKeep): PaperChainKept {
    const kept: PaperChainKept = {
      inner: this.layers.map((_, i) => i > 0 && keep !== "nothing" && this.held[keep][i]!),
      layers: [],
    };
    this.layers.forEach((layer, i) => {
      kept.layers.push(layer.forward(alive, keep));
      if (i > 0 && !kept.inner[i]) alive.drop(bytesOfShape(layer.x));
    });
    return kept;
  }

  backward(alive: Alive, past: PaperPast<PaperChainKept>, want: PaperWant): void {
    const { inner, layers: keptByLayer } = past.kept;
    const at = (i: number): void => {
      if (i === 0) past.input();
      else if (i > this.last) past.output();
      else if (!inner[i]) {
        at(i - 1);
        this.layers[i - 1]!.forward(alive, "nothing");
        inner[i] = true;
      }
    };
    const drop = (i: number): void => {
      if (i > this.last || !inner[i]) return;
      alive.drop(bytesOfShape(this.layers[i]!.x));
      inner[i] = false;
    };
    const lowest = want.input ? 0 : this.firstTrained;
    for (let i = this.last; i >= lowest; i--) {
      const layer = this.layers[i]!;
      layer.backward(
        alive,
        { kept: keptByLayer[i], input: () => at(i), output: () => at(i + 1) },
        { input: i > lowest || want.input, weights: want.weights },
      );
      // The gradient that came from above; the first is the caller's.
      if (i < this.last) alive.drop(bytesOfShape(layer.y));
      layer.free(alive, keptByLayer.pop());
      drop(i + 1);
      if (i > 0 && !this.layers[i - 1]!.reads.output) drop(i);
    }
  }

  free(alive: Alive, kept: PaperChainKept): void {
    this.layers.forEach((layer, i) => {
      if (kept.inner[i]) alive.drop(bytesOfShape(layer.x));
      if (i < kept.layers.length) layer.free(alive, kept.layers[i]);
    });
  }
}
