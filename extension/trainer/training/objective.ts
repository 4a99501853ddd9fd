import type { LossName } from "../../protocol/losses";
import type { Kernels } from "../kernels/kernels";
import { dispose, type Tensor } from "../kernels/tensor";
import type { Layer, NeededGradients } from "../nn/layer";
import type { LossFunction } from "./losses";

/** A picture or volume of each domain, `[n, …, c]` in [−1, 1]. */
export interface Batch {
  readonly a: Tensor;
  readonly b: Tensor;
}

/** Weights of the terms. A term of weight 0 is left out. */
export interface ObjectiveWeights {
  readonly lambdaCycle: number;
  readonly lambdaIdentity: number;
  readonly lambdaL1: number;
}

/** One term of an objective. No two terms' activations are alive together, but of a pass that one begins and another ends. */
export interface Term {
  /** For people: what it trains. */
  readonly name: string;
  run(): void;
}

/** Terms whose gradients add up, and whose weights change once all of them are done. */
export interface Phase {
  readonly of: "generator" | "discriminators";
  readonly terms: readonly Term[];
}

/** Shows to the discriminator of a domain what it is to judge instead of the fake (paired: the pair with it) just made, which it consumes. */
export type PoolExchange = (domain: "A" | "B", fake: Tensor) => Tensor;

const weightsOnly: NeededGradients = { input: false, weights: true };
const inputOnly: NeededGradients = { input: true, weights: false };

/** What the terms of one step share, and what they are made of. */
export class StepContext {
  /** The value of every loss, a scalar tensor. */
  readonly losses = new Map<LossName, Tensor>();
  /** What the generators made, until the terms that need it are done; by domain. */
  private readonly fakes = new Map<"A" | "B", Tensor>();
  /** Passes of a generator whose way back is another term's. */
  private readonly passes = new Map<Layer, unknown>();

  constructor(
    readonly k: Kernels,
    readonly weights: ObjectiveWeights,
    readonly pool: PoolExchange,
  ) {}

  /** A picture by a generator, of the images' memory, and what its way back needs. Both are the caller's. */
  translated(generator: Layer, source: Tensor): { fake: Tensor; saved: unknown } {
    const { y: fake, saved } = generator.forward(this.k, source, "minimal");
    this.k.ledger.assign(fake, "images");
    return { fake, saved };
  }

  /** Hands a fake to a later term; consumes it. */
  leave(domain: "A" | "B", fake: Tensor): void {
    this.fakes.set(domain, fake);
  }

  /** A fake that an earlier term left, the caller's from now on. */
  taken(domain: "A" | "B"): Tensor {
    const fake = this.fakes.get(domain)!;
    this.fakes.delete(domain);
    return fake;
  }

  /** Hands what a generator's way back needs to a later term; consumes it. */
  leavePass(generator: Layer, saved: unknown): void {
    this.passes.set(generator, saved);
  }

  /** What an earlier term left of a generator's pass, the caller's from now on. */
  takenPass(generator: Layer): unknown {
    const saved = this.passes.get(generator)!;
    this.passes.delete(generator);
    return saved;
  }

  /** Loss of a frozen discriminator's verdict on a picture, and its gradient by the picture, the caller's. */
  judged(judge: Layer, picture: Tensor, name: LossName, loss: LossFunction): Tensor {
    const { k } = this;
    const { y: logits, saved } = judge.forward(k, picture, "minimal");
    const { value, gradient } = loss(k, logits);
    this.enter(name, value);
    const dpicture = judge.backward(k, gradient, { saved, input: () => picture, output: () => logits }, inputOnly)!;
    dispose(gradient, logits);
    return dpicture;
  }

  /** Trains a network on a loss of its output alone. The loss is reported `reported` times as large as it is trained on. */
  train(network: Layer, x: Tensor, name: LossName, loss: LossFunction, reported = 1): void {
    const { k } = this;
    const { y, saved } = network.forward(k, x, "minimal");
    const { value, gradient } = loss(k, y);
    this.enter(name, value, reported);
    network.backward(k, gradient, { saved, input: () => x, output: () => y }, weightsOnly);
    dispose(gradient, y);
  }

  /** Trains a generator on a gradient by the fake that it made of `source`; consumes the gradient and what was kept. */
  descend(generator: Layer, saved: unknown, source: Tensor, fake: Tensor, dfake: Tensor): void {
    generator.backward(this.k, dfake, { saved, input: () => source, output: () => fake }, weightsOnly);
    dfake.dispose();
  }

  /** Adds a value to a named loss; consumes it. */
  enter(name: LossName, value: Tensor, factor = 1): void {
    const weighted = factor === 1 ? value : this.k.binary("multiply", value, factor);
    if (weighted !== value) value.dispose();
    const before = this.losses.get(name);
    this.losses.set(name, before === undefined ? weighted : this.sum(before, weighted));
  }

  /** Consumes both. */
  sum(a: Tensor, b: Tensor): Tensor {
    const total = this.k.binary("add", a, b);
    dispose(a, b);
    return total;
  }

  /** A pair as a conditional discriminator sees it, the caller's. */
  joined(condition: Tensor, picture: Tensor): Tensor {
    return this.k.ledger.within("images", () => this.k.concat([condition, picture]));
  }

  /** Frees what is left: the losses, and of a step that was dropped what its terms left for others. */
  dispose(): void {
    dispose(...this.losses.values(), ...this.fakes.values());
    for (const [generator, saved] of this.passes) generator.free(saved);
  }
}
