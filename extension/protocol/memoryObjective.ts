import type { Config } from "./configDefaults";
import type { Alive, PaperParameter } from "./memoryAlive";
import type { PaperChain, PaperChainKept } from "./memoryChain";
import { bytesOfShape, type PaperShape, type PaperWant } from "./memoryLayers";
import { absolute, crossEntropy, leastSquares, type PaperLoss, scalar, scale } from "./memoryLosses";
import type { PaperModel } from "./memoryNetwork";

const weightsOnly: PaperWant = { input: false, weights: true };
const inputOnly: PaperWant = { input: true, weights: false };
const everything: PaperWant = { input: true, weights: true };
const nothing = (): void => undefined;

type TwoWay = PaperModel & NonNullable<PaperModel["back"]>;

/**
 * A training step on paper, term by term as the trainer's objectives run them, so that no two terms' activations are alive
 * together. Everything that it takes is dropped again at its end.
 */
export class PaperStep {
  private readonly losses = new Set<string>();

  constructor(
    private readonly alive: Alive,
    private readonly model: PaperModel,
    private readonly weights: Config["training"],
  ) {}

  run(mode: Config["mode"]): void {
    const { alive, model } = this;
    const { a, b, back } = model;
    const pictures = [a, b].map(bytesOfShape);
    for (const bytes of pictures) alive.take(bytes);
    if (back === null) this.oneWay(model);
    else if (mode === "paired") this.paired({ ...model, ...back });
    else this.unpaired({ ...model, ...back });
    alive.drop(...pictures, scalar * this.losses.size);
  }

  private unpaired({ a, b, aToB, bToA, judgeA, judgeB, generator, discriminators }: TwoWay): void {
    this.cycle(b, aToB, bToA, judgeB, "A");
    this.cycle(a, bToA, aToB, judgeA, "B");
    if (this.weights.lambdaIdentity > 0 && this.weights.lambdaCycle > 0) {
      const loss = absolute(this.weights.lambdaCycle * this.weights.lambdaIdentity);
      this.train(aToB, "idt_A", loss);
      this.train(bToA, "idt_B", loss);
    }
    this.optimize(generator);
    this.judgement(b, judgeB, "D_A");
    this.judgement(a, judgeA, "D_B");
    this.optimize(discriminators);
  }

  private paired({ a, b, aToB, bToA, judgeA, judgeB, generator, discriminators }: TwoWay): void {
    this.translation(a, b, aToB, judgeB, ["G_AB", "G_L1_B"]);
    this.translation(b, a, bToA, judgeA, ["G_BA", "G_L1_A"]);
    this.optimize(generator);
    this.pairJudgement(a, b, judgeB, "D_AB");
    this.pairJudgement(b, a, judgeA, "D_BA");
    this.optimize(discriminators);
  }

  /** The discriminator before the generator, whose pass lives on meanwhile. */
  private oneWay({ a, b, aToB, judgeB, generator, discriminators }: PaperModel): void {
    const { alive } = this;
    const pair = bytesOfShape(a) + bytesOfShape(b);
    const kept = aToB.forward(alive, "lean");
    for (const name of ["D_fake", "D_real"]) this.onPair(pair, judgeB, name);
    this.optimize(discriminators);
    this.towardsTruth(a, b, aToB, kept, judgeB, ["G_GAN", "G_L1"]);
    alive.drop(bytesOfShape(b));
    this.optimize(generator);
  }

  /** The optimiser takes its step. */
  private optimize(parameters: readonly PaperParameter[]): void {
    parameters.forEach((parameter) => this.alive.clear(parameter));
  }

  /** GAN of a fake, and L1 of the cycle. The fake lives on. */
  private cycle(fake: PaperShape, there: PaperChain, back: PaperChain, judge: PaperChain, name: string): void {
    const { alive } = this;
    const bytes = bytesOfShape(fake);
    const keptThere = there.forward(alive, "lean");
    this.judged(judge, `G_${name}`, leastSquares(1));
    if (this.weights.lambdaCycle > 0) {
      const keptBack = back.forward(alive, "lean");
      absolute(this.weights.lambdaCycle)(alive, bytesOfShape(back.y));
      this.enter(`cycle_${name}`);
      back.backward(alive, { kept: keptBack, input: nothing, output: nothing }, everything);
      alive.drop(bytesOfShape(back.y), bytesOfShape(back.y));
      this.add(bytes);
    }
    there.backward(alive, { kept: keptThere, input: nothing, output: nothing }, weightsOnly);
    alive.drop(bytes);
  }

  /** GAN of a pair with a fake, and L1 of the fake, which lives on. */
  private translation(
    source: PaperShape,
    truth: PaperShape,
    generator: PaperChain,
    judge: PaperChain,
    names: [string, string],
  ): void {
    this.towardsTruth(source, truth, generator, generator.forward(this.alive, "lean"), judge, names);
  }

  private towardsTruth(
    source: PaperShape,
    truth: PaperShape,
    generator: PaperChain,
    kept: PaperChainKept,
    judge: PaperChain,
    [gan, distance]: [string, string],
  ): void {
    const { alive } = this;
    const [from, bytes] = [bytesOfShape(source), bytesOfShape(truth)];
    alive.take(from + bytes);
    this.judged(judge, gan, crossEntropy(1));
    alive.drop(from + bytes);
    // The pair's gradient is split; that of the source is of no use.
    alive.take(from);
    alive.take(bytes);
    alive.drop(from + bytes, from);
    if (this.weights.lambdaL1 > 0) {
      absolute(this.weights.lambdaL1)(alive, bytes);
      this.enter(distance);
      this.add(bytes);
    }
    generator.backward(alive, { kept, input: nothing, output: nothing }, weightsOnly);
    alive.drop(bytes);
  }

  /** A discriminator on a real picture and on the fake, whose last use it is. */
  private judgement(picture: PaperShape, judge: PaperChain, name: string): void {
    this.train(judge, name, leastSquares(0.5));
    this.train(judge, name, leastSquares(0.5));
    this.alive.drop(bytesOfShape(picture));
  }

  /** A discriminator on a true pair, and on one with the fake, whose last use it is. */
  private pairJudgement(source: PaperShape, truth: PaperShape, judge: PaperChain, name: string): void {
    const { alive } = this;
    const pair = bytesOfShape(source) + bytesOfShape(truth);
    this.onPair(pair, judge, name);
    alive.take(pair);
    alive.drop(bytesOfShape(truth));
    this.train(judge, name, crossEntropy(0.5), 2);
    alive.drop(pair);
  }

  private onPair(pair: number, judge: PaperChain, name: string): void {
    this.alive.take(pair);
    this.train(judge, name, crossEntropy(0.5), 2);
    this.alive.drop(pair);
  }

  /** A frozen discriminator's verdict. Takes the gradient by the picture. */
  private judged(judge: PaperChain, name: string, loss: PaperLoss): void {
    const { alive } = this;
    const logits = bytesOfShape(judge.y);
    const kept = judge.forward(alive, "lean");
    loss(alive, logits);
    this.enter(name);
    judge.backward(alive, { kept, input: nothing, output: nothing }, inputOnly);
    alive.drop(logits, logits);
  }

  /** Trains a network on a loss of its output alone. */
  private train(network: PaperChain, name: string, loss: PaperLoss, reported = 1): void {
    const { alive } = this;
    const y = bytesOfShape(network.y);
    const kept = network.forward(alive, "lean");
    loss(alive, y);
    this.enter(name, reported);
    network.backward(alive, { kept, input: nothing, output: nothing }, weightsOnly);
    alive.drop(y, y);
  }

  /** A loss's value, which lives to the end of the step, or is added to what the name has. */
  private enter(name: string, factor = 1): void {
    scale(this.alive, factor);
    if (this.losses.has(name)) this.add(scalar);
    this.losses.add(name);
  }

  /** Two tensors become their sum. */
  private add(bytes: number): void {
    this.alive.take(bytes);
    this.alive.drop(bytes, bytes);
  }
}
