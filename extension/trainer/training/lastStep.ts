import type { Config } from "../../configuration/config";
import { type DomainSizes, stepsPerEpoch } from "../data/batches/sampler";

/** The step that a training ends with: after all its epochs, or `maxSteps` if that comes first. */
export function lastStep(training: Config["training"], sizes: DomainSizes): number {
  const steps = (training.epochs + training.decayEpochs) * stepsPerEpoch(sizes, training.batchSize);
  return Math.min(steps, training.maxSteps ?? Infinity);
}
