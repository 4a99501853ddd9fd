import type { LossName } from "../../protocol/lossCatalogue";
import type { Kernels } from "../kernels/kernels";
import { dispose, type Tensor } from "../kernels/tensor";
import type { Layer, NeededGradients } from "../nn/layer";
import type { LossFunction } from "./losses";

/** A step's pictures or volumes of each domain, both `[n, …, c]` in [−1, 1]. */
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

/**
 * One term of an objective: forward passes, a loss and backward passes. Its activations are freed at its end, except those of a forward
 * pass whose backward pass a later term runs.
 */
export interface Term {
  /** The term's name in messages and profiles. */
  readonly name: string;
  run(): void;
}

/** Terms whose gradients are accumulated; the optimiser steps after the last of them. */
export interface Phase {
  readonly of: "generator" | "discriminators";
  readonly terms: readonly Term[];
}

/**
 * Consumes a new fake (in paired mode: the pair of input and fake). Returns the fake or pair on which the domain's discriminator is
 * trained: the new one, or an older one from the pool. The caller owns it.
 */
export type PoolExchange = (domain: "A" | "B", fake: Tensor) => Tensor;

const weightsOnly: NeededGradients = { input: false, weights: true };
const inputOnly: NeededGradients = { input: true, weights: false };

/** State that the terms of one step share, and the operations from which the terms are built. */
export class StepContext {
  /** The value of every loss, a scalar tensor. */
  readonly losses = new Map<LossName, Tensor>();
  /** Fakes that a later term needs, by domain. */
  private readonly fakes = new Map<"A" | "B", Tensor>();
  /** By generator, what its forward pass saved for a backward pass that a later term runs. */
  private readonly passes = new Map<Layer, unknown>();

  constructor(
    readonly k: Kernels,
    readonly weights: ObjectiveWeights,
    readonly pool: PoolExchange,
  ) {}

  /** Runs a generator. Returns the fake, counted as an image, and what its backward pass needs; the caller owns both. */
  translate(generator: Layer, source: Tensor): { fake: Tensor; saved: unknown } {
    const { y: fake, saved } = generator.forward(this.k, source, "minimal");
    this.k.ledger.assign(fake, "images");
    return { fake, saved };
  }

  /** Keeps a fake for a later term; consumes it. */
  keepFake(domain: "A" | "B", fake: Tensor): void {
    this.fakes.set(domain, fake);
  }

  /** Returns the fake that an earlier term kept; the caller owns it. */
  takeFake(domain: "A" | "B"): Tensor {
    const fake = this.fakes.get(domain)!;
    this.fakes.delete(domain);
    return fake;
  }

  /** Keeps what a generator's backward pass needs for a later term; consumes it. */
  keepPass(generator: Layer, saved: unknown): void {
    this.passes.set(generator, saved);
  }

  /** Returns what {@link keepPass} kept; the caller owns it. */
  takePass(generator: Layer): unknown {
    const saved = this.passes.get(generator)!;
    this.passes.delete(generator);
    return saved;
  }

  /** Adversarial loss of a picture, with the discriminator frozen. Returns the gradient by the picture; the caller owns it. */
  adversarial(discriminator: Layer, picture: Tensor, name: LossName, loss: LossFunction): Tensor {
    const { k } = this;
    const { y: logits, saved } = discriminator.forward(k, picture, "minimal");
    const { value, gradient } = loss(k, logits);
    this.addLoss(name, value);
    const dpicture = discriminator.backward(
      k,
      gradient,
      { saved, input: () => picture, output: () => logits },
      inputOnly,
    )!;
    dispose(gradient, logits);
    return dpicture;
  }

  /**
   * Runs a network on x, and accumulates the gradients of a loss of its output in its parameters. Borrows x.
   * @param reported factor by which the loss is multiplied in the metrics
   */
  train(network: Layer, x: Tensor, name: LossName, loss: LossFunction, reported = 1): void {
    const { k } = this;
    const { y, saved } = network.forward(k, x, "minimal");
    const { value, gradient } = loss(k, y);
    this.addLoss(name, value, reported);
    network.backward(k, gradient, { saved, input: () => x, output: () => y }, weightsOnly);
    dispose(gradient, y);
  }

  /**
   * Accumulates a generator's gradients, given the loss's gradient with respect to the fake that it made of `source`. Disposes of that
   * gradient and of `saved`.
   */
  backward(generator: Layer, saved: unknown, source: Tensor, fake: Tensor, dfake: Tensor): void {
    generator.backward(this.k, dfake, { saved, input: () => source, output: () => fake }, weightsOnly);
    dfake.dispose();
  }

  /** Adds a value to a named loss; consumes it. */
  addLoss(name: LossName, value: Tensor, factor = 1): void {
    const weighted = factor === 1 ? value : this.k.binary("multiply", value, factor);
    if (weighted !== value) value.dispose();
    const earlierSum = this.losses.get(name);
    this.losses.set(name, earlierSum === undefined ? weighted : this.sum(earlierSum, weighted));
  }

  /** The sum of two tensors; consumes both. */
  sum(a: Tensor, b: Tensor): Tensor {
    const total = this.k.binary("add", a, b);
    dispose(a, b);
    return total;
  }

  /** The input of a conditional discriminator: both pictures' channels; the caller owns it. */
  pair(condition: Tensor, picture: Tensor): Tensor {
    return this.k.ledger.within("images", () => this.k.concat([condition, picture]));
  }

  /** Frees the losses and, if the step was dropped, the fakes and saved forward passes that no later term has taken. */
  dispose(): void {
    dispose(...this.losses.values(), ...this.fakes.values());
    for (const [generator, saved] of this.passes) generator.free(saved);
  }
}
