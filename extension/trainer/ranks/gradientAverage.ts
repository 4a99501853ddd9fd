import type { Kernels } from "../kernels/kernels";
import { elements, type Tensor } from "../kernels/tensor";
import type { Model } from "../models/model";
import type { Parameter } from "../nn/parameter";
import type { PhaseEnd } from "../training/trainingStep";
import type { Ranks } from "./ranks";

/**
 * Averages the gradients and losses of each phase over the ranks, so that every rank's optimiser makes the same step: the mean over the
 * whole batch is the mean of the means over equal parts of it. One buffer in host memory holds the gradients, the losses, and each rank's
 * largest state of the reversible core, of which the maximum is kept. In the engine's memory, gradients are freed before the averaged ones
 * are made, so that a step's peak stays that of one process.
 */
export class GradientAverage {
  /** Reused buffers, by their number of values. */
  private readonly buffers = new Map<number, Float32Array>();

  constructor(
    private readonly k: Kernels,
    private readonly ranks: Ranks,
  ) {}

  /** @throws RevganError the error of a rank that has failed */
  readonly run = async (model: Model, { of, losses }: PhaseEnd): Promise<void> => {
    const { k, ranks } = this;
    const parameters = of === "generator" ? model.generatorParameters : model.discriminatorParameters;
    const trained = parameters.filter(hasGradient);
    const sizes = [...trained.map(({ gradient }) => elements(gradient.shape)), ...[...losses].map(() => 1), ranks.size];
    const values = this.buffer(sizes.reduce((sum, size) => sum + size, 0));
    let at = 0;
    const put = (tensor: Tensor): void => {
      const part = k.read(tensor);
      values.set(part, at);
      at += part.length;
    };
    for (const { gradient } of trained) put(gradient);
    for (const loss of losses.values()) put(loss);
    const ranges = values.subarray(at).fill(0);
    ranges[ranks.rank] = model.coreRange?.largest ?? 0;
    await ranks.meet();
    await ranks.sum(values, at);
    at = 0;
    const take = (part: "gradients" | "other", shape: Tensor["shape"]): Tensor => {
      const data = values.subarray(at, (at += elements(shape)));
      return k.ledger.within(part, () => k.tensor(data, shape));
    };
    const shapes = trained.map(({ gradient }) => gradient.shape);
    for (const parameter of trained) parameter.clear();
    for (const [i, parameter] of trained.entries()) parameter.gradient = take("gradients", shapes[i]!);
    for (const [name, loss] of losses) {
      loss.dispose();
      losses.set(name, take("other", []));
    }
    for (const range of ranges) model.coreRange?.recordLargest(range);
  };

  private buffer(length: number): Float32Array {
    const buffer = this.buffers.get(length) ?? new Float32Array(length);
    this.buffers.set(length, buffer);
    return buffer;
  }
}

function hasGradient(parameter: Parameter): parameter is Parameter & { gradient: Tensor } {
  return parameter.gradient !== null;
}
