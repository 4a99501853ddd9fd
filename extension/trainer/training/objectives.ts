import type { Kernels } from "../kernels/kernels";
import { channels, dispose, type Tensor } from "../kernels/tensor";
import type { Revgan } from "../models/revgan";
import type { Chain } from "../nn/chain";
import type { Want } from "../nn/layer";
import { absolute, crossEntropy, leastSquares, type LossFunction } from "./losses";

/** A picture of each domain, `[n, h, w, c]` in [−1, 1]. */
export interface Batch {
  readonly a: Tensor;
  readonly b: Tensor;
}

/** The value of every term, a scalar tensor under the name that the authors' code gives it. */
export type LossValues = Map<string, Tensor>;

/** Weights of the terms. A term of weight 0 is left out. */
export interface ObjectiveWeights {
  readonly lambdaCycle: number;
  readonly lambdaIdentity: number;
  readonly lambdaL1: number;
}

/** What the terms of one step share. */
export interface StepContext {
  readonly k: Kernels;
  readonly model: Revgan;
  readonly weights: ObjectiveWeights;
  readonly losses: LossValues;
  /** What the generators made, until their discriminators have seen it; by domain. */
  readonly fakes: Map<"A" | "B", Tensor>;
  /** What to show to the discriminator of `domain` instead of the fake (paired: the pair with it) just made, which it consumes. */
  readonly pool: (domain: "A" | "B", fake: Tensor) => Tensor;
}

/** One term of an objective: forward and backward on its own, so that no two terms' activations are ever alive together. */
export interface Term {
  /** For people: what it trains. */
  readonly name: string;
  /** Whose gradients it adds to. */
  readonly of: "generator" | "discriminators";
  run(): void;
}

const weightsOnly: Want = { input: false, weights: true };
const inputOnly: Want = { input: true, weights: false };
const everything: Want = { input: true, weights: true };

/** The CycleGAN objective on RevGAN: least-squares GAN both ways, cycles, identities; then the discriminators, with a pool. */
export function unpairedTerms(context: StepContext, { a, b }: Batch): Term[] {
  const { model, weights, fakes } = context;
  const cycle = (real: Tensor, to: "A" | "B", there: Chain, back: Chain, judge: Chain, names: [string, string]): Term => ({
    name: `${to === "B" ? "A to B" : "B to A"} and back`,
    of: "generator",
    run: () => fakes.set(to, cycleTerm(context, real, there, back, judge, names)),
  });
  const identity = (real: Tensor, generator: Chain, name: string): Term => ({
    name,
    of: "generator",
    run: () => {
      const term = absolute(real, weights.lambdaCycle * weights.lambdaIdentity);
      train(context, generator, real, name, term);
    },
  });
  const judging = (real: Tensor, judge: Chain, domain: "A" | "B", name: string): Term => ({
    name,
    of: "discriminators",
    run: () => {
      const fake = context.pool(domain, taken(fakes, domain));
      train(context, judge, real, name, leastSquares(1, 0.5));
      train(context, judge, fake, name, leastSquares(0, 0.5));
      fake.dispose();
    },
  });
  const identities = weights.lambdaIdentity > 0 && weights.lambdaCycle > 0 ? [identity(b, model.aToB, "idt_A"), identity(a, model.bToA, "idt_B")] : [];
  return [
    cycle(a, "B", model.aToB, model.bToA, model.judgeB, ["G_A", "cycle_A"]),
    cycle(b, "A", model.bToA, model.aToB, model.judgeA, ["G_B", "cycle_B"]),
    ...identities,
    // In the authors' names D_A judges pictures of B: it belongs to G_A, which makes them.
    judging(b, model.judgeB, "B", "D_A"),
    judging(a, model.judgeA, "A", "D_B"),
  ];
}

/** The pix2pix objective both ways: conditional GAN and L1; then the discriminators on the same fakes. */
export function pairedTerms(context: StepContext, { a, b }: Batch): Term[] {
  const { k, model, weights, losses, fakes } = context;
  const translate = (source: Tensor, truth: Tensor, to: "A" | "B", generator: Chain, judge: Chain): Term => ({
    name: to === "B" ? "A to B" : "B to A",
    of: "generator",
    run: () => {
      const { y: fake, kept } = generator.forward(k, source, "lean");
      k.ledger.assign(fake, "images");
      const pair = joined(k, source, fake);
      const dpair = judged(context, judge, pair, to === "B" ? "G_AB" : "G_BA", crossEntropy(1, 1));
      pair.dispose();
      const [dsource, dfake] = k.split(dpair, [channels(source.shape), channels(fake.shape)]) as [Tensor, Tensor];
      dispose(dpair, dsource);
      let gradient = dfake;
      if (weights.lambdaL1 > 0) {
        const distance = absolute(truth, weights.lambdaL1)(k, fake);
        enter(k, losses, `G_L1_${to}`, distance.value);
        gradient = sum(k, dfake, distance.gradient);
      }
      generator.backward(k, gradient, { kept, input: () => source, output: () => fake }, weightsOnly);
      gradient.dispose();
      fakes.set(to, fake);
    },
  });
  const judging = (source: Tensor, truth: Tensor, to: "A" | "B", judge: Chain, name = to === "B" ? "D_AB" : "D_BA"): Term => ({
    name,
    of: "discriminators",
    run: () => {
      // The authors report the sum of real and fake and train on half of it.
      const real = joined(k, source, truth);
      train(context, judge, real, name, crossEntropy(1, 0.5), 2);
      real.dispose();
      // An older fake belongs to an older input: the pool remembers pairs, as pix2pix's does.
      const fake = taken(fakes, to);
      const pair = joined(k, source, fake);
      fake.dispose();
      const shown = context.pool(to, pair);
      train(context, judge, shown, name, crossEntropy(0, 0.5), 2);
      shown.dispose();
    },
  });
  return [
    translate(a, b, "B", model.aToB, model.judgeB),
    translate(b, a, "A", model.bToA, model.judgeA),
    judging(a, b, "B", model.judgeB),
    judging(b, a, "A", model.judgeA),
  ];
}

/** A fake, the caller's from now on. Its generator's term came before. */
function taken(fakes: StepContext["fakes"], domain: "A" | "B"): Tensor {
  const fake = fakes.get(domain)!;
  fakes.delete(domain);
  return fake;
}

/** One direction and back: GAN of the fake, L1 of the cycle. Returns the fake, the caller's. */
function cycleTerm(context: StepContext, real: Tensor, there: Chain, back: Chain, judge: Chain, [ganName, cycleName]: [string, string]): Tensor {
  const { k, weights, losses } = context;
  const { y: fake, kept: keptThere } = there.forward(k, real, "lean");
  k.ledger.assign(fake, "images");
  let dfake = judged(context, judge, fake, ganName, leastSquares(1, 1));
  if (weights.lambdaCycle > 0) {
    const { y: cycled, kept: keptBack } = back.forward(k, fake, "lean");
    k.ledger.assign(cycled, "images");
    const distance = absolute(real, weights.lambdaCycle)(k, cycled);
    enter(k, losses, cycleName, distance.value);
    const through = back.backward(k, distance.gradient, { kept: keptBack, input: () => fake, output: () => cycled }, everything)!;
    dispose(distance.gradient, cycled);
    dfake = sum(k, dfake, through);
  }
  there.backward(k, dfake, { kept: keptThere, input: () => real, output: () => fake }, weightsOnly);
  dfake.dispose();
  return fake;
}

/** Loss of a frozen discriminator's verdict on a picture, and its gradient by the picture, the caller's. */
function judged({ k, losses }: StepContext, judge: Chain, picture: Tensor, name: string, loss: LossFunction): Tensor {
  const { y: logits, kept } = judge.forward(k, picture, "lean");
  const { value, gradient } = loss(k, logits);
  enter(k, losses, name, value);
  const dpicture = judge.backward(k, gradient, { kept, input: () => picture, output: () => logits }, inputOnly)!;
  dispose(gradient, logits);
  return dpicture;
}

/** Trains a network on a loss of its output alone. The loss is reported `reported` times as large as it is trained on. */
function train({ k, losses }: StepContext, network: Chain, x: Tensor, name: string, loss: LossFunction, reported = 1): void {
  const { y, kept } = network.forward(k, x, "lean");
  const { value, gradient } = loss(k, y);
  enter(k, losses, name, value, reported);
  network.backward(k, gradient, { kept, input: () => x, output: () => y }, weightsOnly);
  dispose(gradient, y);
}

/** Adds a value to a named loss; consumes it. */
function enter(k: Kernels, losses: LossValues, name: string, value: Tensor, factor = 1): void {
  const weighted = factor === 1 ? value : k.binary("multiply", value, factor);
  if (weighted !== value) value.dispose();
  const before = losses.get(name);
  losses.set(name, before === undefined ? weighted : sum(k, before, weighted));
}

/** Consumes both. */
function sum(k: Kernels, a: Tensor, b: Tensor): Tensor {
  const total = k.binary("add", a, b);
  dispose(a, b);
  return total;
}

/** A pair as a conditional discriminator sees it, the caller's. */
function joined(k: Kernels, condition: Tensor, picture: Tensor): Tensor {
  return k.ledger.within("images", () => k.concat([condition, picture]));
}
