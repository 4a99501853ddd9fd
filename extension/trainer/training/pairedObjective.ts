import type { LossName } from "../../protocol/losses";
import { channels, dispose, type Tensor } from "../kernels/tensor";
import type { UnidirectionalModel, BidirectionalModel } from "../models/model";
import type { Layer } from "../nn/layer";
import { absolute, crossEntropy } from "./losses";
import type { Batch, Phase, StepContext, Term } from "./objective";

/** RevGAN's paired objective: pix2pix's in both directions; then the discriminators on the same fakes. */
export function pairedPhases(context: StepContext, model: BidirectionalModel, { a, b }: Batch): Phase[] {
  const translate = (source: Tensor, truth: Tensor, to: "A" | "B", generator: Layer, judge: Layer): Term => ({
    name: to === "B" ? "A to B" : "B to A",
    run: () => {
      const { fake, saved } = context.translated(generator, source);
      const dfake = towardsTruth(context, judge, { source, fake, truth }, [to === "B" ? "G_AB" : "G_BA", `G_L1_${to}`]);
      context.descend(generator, saved, source, fake, dfake);
      context.leave(to, fake);
    },
  });
  const judging = (
    source: Tensor,
    truth: Tensor,
    to: "A" | "B",
    judge: Layer,
    name: LossName = to === "B" ? "D_AB" : "D_BA",
  ): Term => ({
    name,
    run: () => {
      judgeTruth(context, judge, context.joined(source, truth), name);
      const fake = context.taken(to);
      const pair = context.joined(source, fake);
      fake.dispose();
      judgeFake(context, judge, pair, to, name);
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
      terms: [judging(a, b, "B", model.discriminatorB), judging(b, a, "A", model.discriminatorA)],
    },
  ];
}

/** The pix2pix objective (Isola 2017): its authors' code trains the discriminator first, and the generator on its new verdict. */
export function pix2pixPhases(
  context: StepContext,
  { aToB, discriminatorB: judgeB }: UnidirectionalModel,
  { a, b }: Batch,
): Phase[] {
  const fakeTerm = (): void => {
    const { fake, saved } = context.translated(aToB, a);
    context.leavePass(aToB, saved);
    context.leave("B", fake);
    judgeFake(context, judgeB, context.joined(a, fake), "B", "D_fake");
  };
  const generatorTerm = (): void => {
    const fake = context.taken("B");
    const dfake = towardsTruth(context, judgeB, { source: a, fake, truth: b }, ["G_GAN", "G_L1"]);
    context.descend(aToB, context.takenPass(aToB), a, fake, dfake);
    fake.dispose();
  };
  const discriminators: readonly Term[] = [
    { name: "A to B, D_fake", run: fakeTerm },
    { name: "D_real", run: () => judgeTruth(context, judgeB, context.joined(a, b), "D_real") },
  ];
  return [
    { of: "discriminators", terms: discriminators },
    { of: "generator", terms: [{ name: "G_GAN, G_L1", run: generatorTerm }] },
  ];
}

/** Conditional GAN of a fake, and L1. Returns their gradient by the fake, the caller's. */
function towardsTruth(
  context: StepContext,
  judge: Layer,
  { source, fake, truth }: Record<"source" | "fake" | "truth", Tensor>,
  [ganName, distanceName]: [LossName, LossName],
): Tensor {
  const { k, weights } = context;
  const pair = context.joined(source, fake);
  const dpair = context.judged(judge, pair, ganName, crossEntropy(1, 1));
  pair.dispose();
  const [dsource, dfake] = k.split(dpair, [channels(source.shape), channels(fake.shape)]) as [Tensor, Tensor];
  dispose(dpair, dsource);
  if (weights.lambdaL1 === 0) return dfake;
  const distance = absolute(truth, weights.lambdaL1)(k, fake);
  context.enter(distanceName, distance.value);
  return context.sum(dfake, distance.gradient);
}

/** Trains a discriminator on a true pair, which it consumes. The authors report the whole loss and train on half of it. */
function judgeTruth(context: StepContext, judge: Layer, pair: Tensor, name: LossName): void {
  context.train(judge, pair, name, crossEntropy(1, 0.5), 2);
  pair.dispose();
}

/** As {@link judgeTruth}, on a pair with a fake: an older fake belongs to an older input, so the pool remembers pairs, as pix2pix's does. */
function judgeFake(context: StepContext, judge: Layer, pair: Tensor, to: "A" | "B", name: LossName): void {
  const shown = context.pool(to, pair);
  context.train(judge, shown, name, crossEntropy(0, 0.5), 2);
  shown.dispose();
}
