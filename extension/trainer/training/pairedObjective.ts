import type { LossName } from "../../protocol/lossCatalogue";
import { channels, dispose, type Tensor } from "../kernels/tensor";
import type { UnidirectionalModel, BidirectionalModel } from "../models/model";
import type { Layer } from "../nn/layer";
import { l1Loss, crossEntropy } from "./losses";
import type { Batch, Phase, StepContext, Term } from "./objective";

/**
 * RevGAN's paired objective: pix2pix's generator loss in both directions; then the discriminators' losses on the fakes made for it, or on
 * older ones from the pool.
 */
export function pairedPhases(context: StepContext, model: BidirectionalModel, { a, b }: Batch): Phase[] {
  const translate = (source: Tensor, truth: Tensor, to: "A" | "B", generator: Layer, discriminator: Layer): Term => ({
    name: to === "B" ? "A to B" : "B to A",
    run: () => {
      const { fake, saved } = context.translate(generator, source);
      const dfake = fakeGradient(context, discriminator, { source, fake, truth }, [
        to === "B" ? "G_AB" : "G_BA",
        `G_L1_${to}`,
      ]);
      context.backward(generator, saved, source, fake, dfake);
      context.keepFake(to, fake);
    },
  });
  const discriminatorTerm = (
    source: Tensor,
    truth: Tensor,
    to: "A" | "B",
    discriminator: Layer,
    name: LossName = to === "B" ? "D_AB" : "D_BA",
  ): Term => ({
    name,
    run: () => {
      trainOnReal(context, discriminator, context.pair(source, truth), name);
      const fake = context.takeFake(to);
      const pair = context.pair(source, fake);
      fake.dispose();
      trainOnFake(context, discriminator, pair, to, name);
    },
  });
  return [
    {
      of: "generator",
      terms: [
        translate(a, b, "B", model.aToB, model.discriminatorB),
        translate(b, a, "A", model.bToA, model.discriminatorA),
      ],
    },
    {
      of: "discriminators",
      terms: [discriminatorTerm(a, b, "B", model.discriminatorB), discriminatorTerm(b, a, "A", model.discriminatorA)],
    },
  ];
}

/** The pix2pix objective (Isola 2017). As in its authors' code the discriminator is updated first, then the generator against it. */
export function pix2pixPhases(
  context: StepContext,
  { aToB, discriminatorB }: UnidirectionalModel,
  { a, b }: Batch,
): Phase[] {
  const fakeTerm = (): void => {
    const { fake, saved } = context.translate(aToB, a);
    context.keepPass(aToB, saved);
    context.keepFake("B", fake);
    trainOnFake(context, discriminatorB, context.pair(a, fake), "B", "D_fake");
  };
  const generatorTerm = (): void => {
    const fake = context.takeFake("B");
    const dfake = fakeGradient(context, discriminatorB, { source: a, fake, truth: b }, ["G_GAN", "G_L1"]);
    context.backward(aToB, context.takePass(aToB), a, fake, dfake);
    fake.dispose();
  };
  const discriminators: readonly Term[] = [
    { name: "A to B, D_fake", run: fakeTerm },
    { name: "D_real", run: () => trainOnReal(context, discriminatorB, context.pair(a, b), "D_real") },
  ];
  return [
    { of: "discriminators", terms: discriminators },
    { of: "generator", terms: [{ name: "G_GAN, G_L1", run: generatorTerm }] },
  ];
}

/** Conditional adversarial loss of a fake, and L1 to the truth. Returns their gradient by the fake; the caller owns it. */
function fakeGradient(
  context: StepContext,
  discriminator: Layer,
  { source, fake, truth }: Record<"source" | "fake" | "truth", Tensor>,
  [ganName, distanceName]: [LossName, LossName],
): Tensor {
  const { k, weights } = context;
  const pair = context.pair(source, fake);
  const dpair = context.adversarial(discriminator, pair, ganName, crossEntropy(1, 1));
  pair.dispose();
  const [dsource, dfake] = k.split(dpair, [channels(source.shape), channels(fake.shape)]) as [Tensor, Tensor];
  dispose(dpair, dsource);
  if (weights.lambdaL1 === 0) return dfake;
  const distance = l1Loss(truth, weights.lambdaL1)(k, fake);
  context.addLoss(distanceName, distance.value);
  return context.sum(dfake, distance.gradient);
}

/** Trains a discriminator on a real pair, which it consumes. The authors report the whole loss and train on half of it. */
function trainOnReal(context: StepContext, discriminator: Layer, pair: Tensor, name: LossName): void {
  context.train(discriminator, pair, name, crossEntropy(1, 0.5), 2);
  pair.dispose();
}

/**
 * As {@link trainOnReal}, on a pair of input and fake. The pool keeps whole pairs, as pix2pix's does, since an older fake must be judged
 * beside its own input.
 */
function trainOnFake(context: StepContext, discriminator: Layer, pair: Tensor, to: "A" | "B", name: LossName): void {
  const shown = context.pool(to, pair);
  context.train(discriminator, shown, name, crossEntropy(0, 0.5), 2);
  shown.dispose();
}
