import type { LossName } from "../../protocol/lossCatalogue";
import { dispose, type Tensor } from "../kernels/tensor";
import type { BidirectionalModel } from "../models/model";
import type { Layer } from "../nn/layer";
import { l1Loss, leastSquares } from "./losses";
import type { Batch, Phase, StepContext, Term } from "./objective";

/**
 * The CycleGAN objective (Zhu 2017): the generators are trained on the least-squares GAN loss, the cycle loss and the identity loss, in
 * both directions; then the discriminators, on fakes from a pool.
 */
export function unpairedPhases(context: StepContext, model: BidirectionalModel, { a, b }: Batch): Phase[] {
  const { weights } = context;
  const cycle = (
    real: Tensor,
    to: "A" | "B",
    there: Layer,
    back: Layer,
    discriminator: Layer,
    names: [LossName, LossName],
  ): Term => ({
    name: `${to === "B" ? "A to B" : "B to A"} and back`,
    run: () => context.keepFake(to, cycleTerm(context, real, there, back, discriminator, names)),
  });
  const identity = (real: Tensor, generator: Layer, name: LossName): Term => ({
    name,
    run: () => context.train(generator, real, name, l1Loss(real, weights.lambdaCycle * weights.lambdaIdentity)),
  });
  const discriminatorTerm = (real: Tensor, discriminator: Layer, domain: "A" | "B", name: LossName): Term => ({
    name,
    run: () => {
      const fake = context.pool(domain, context.takeFake(domain));
      context.train(discriminator, real, name, leastSquares(1, 0.5));
      context.train(discriminator, fake, name, leastSquares(0, 0.5));
      fake.dispose();
    },
  });
  const identities =
    weights.lambdaIdentity > 0 && weights.lambdaCycle > 0
      ? [identity(b, model.aToB, "idt_A"), identity(a, model.bToA, "idt_B")]
      : [];
  const cycles = [
    cycle(a, "B", model.aToB, model.bToA, model.discriminatorB, ["G_A", "cycle_A"]),
    cycle(b, "A", model.bToA, model.aToB, model.discriminatorA, ["G_B", "cycle_B"]),
  ];
  return [
    { of: "generator", terms: [...cycles, ...identities] },
    // In the authors' names D_A is the discriminator of pictures of B: it belongs to G_A, which makes them.
    {
      of: "discriminators",
      terms: [
        discriminatorTerm(b, model.discriminatorB, "B", "D_A"),
        discriminatorTerm(a, model.discriminatorA, "A", "D_B"),
      ],
    },
  ];
}

/**
 * Trains the generators on the adversarial loss of the fake, and on the L1 distance between `real` and the fake translated back. Returns
 * the fake; the caller owns it.
 */
function cycleTerm(
  context: StepContext,
  real: Tensor,
  there: Layer,
  back: Layer,
  discriminator: Layer,
  [ganName, cycleName]: [LossName, LossName],
): Tensor {
  const { k, weights } = context;
  const { fake, saved: savedThere } = context.translate(there, real);
  let dfake = context.adversarial(discriminator, fake, ganName, leastSquares(1, 1));
  if (weights.lambdaCycle > 0) {
    const { fake: cycled, saved: savedBack } = context.translate(back, fake);
    const distance = l1Loss(real, weights.lambdaCycle)(k, cycled);
    context.addLoss(cycleName, distance.value);
    const dcycle = back.backward(
      k,
      distance.gradient,
      { saved: savedBack, input: () => fake, output: () => cycled },
      { input: true, weights: true },
    )!;
    dispose(distance.gradient, cycled);
    dfake = context.sum(dfake, dcycle);
  }
  context.backward(there, savedThere, real, fake, dfake);
  return fake;
}
