import { RevganError } from "../../protocol/errors";
import type { Config } from "../../protocol/config";
import { type DomainSizes, stepsPerEpoch } from "../data/sampler";

/** The step that a training ends with: after all its epochs, or `maxSteps` if that comes first. */
export function lastStep(training: Config["training"], sizes: DomainSizes): number {
  const steps = (training.epochs + training.decayEpochs) * stepsPerEpoch(sizes, training.batchSize);
  return Math.min(steps, training.maxSteps ?? Infinity);
}

/** @throws RevganError `diverged` naming the step and the loss */
export function requireFinite(step: number, losses: Readonly<Record<string, number>>, run: string): void {
  const bad = Object.entries(losses).find(([, value]) => !Number.isFinite(value));
  if (bad === undefined) return;
  const remedy = `go on from the last checkpoint with a lower rate: \`revgan resume ${run} --set training.learningRate=0.0001\``;
  throw new RevganError("diverged", `the loss ${bad[0]} is not a number any more at step ${step}`, remedy);
}
