import type { Config } from "../configuration/config";

/** Half as many steps as were done, in a round number. */
export function suggestedSteps(done: number): number {
  const half = Math.max(1, done / 2);
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(half)) - 1);
  return Math.ceil(half / unit) * unit;
}

/**
 * What `revgan resume --set` takes for a run to take so many more steps. `maxSteps` alone is not enough where the epochs would end it
 * before: then there are more epochs, with which the learning rate rises once more and falls to 0 over `decayEpochs`.
 *
 * @param reached the last step that was done, and its epoch
 */
export function setsForMoreSteps(
  { epochs, decayEpochs }: Config["training"],
  { step, epoch }: { readonly step: number; readonly epoch: number },
  more: number,
): string[] {
  const end = step + more;
  // An epoch has at least as many steps: the last one may be unfinished.
  const stepsPerEpoch = Math.max(1, step / Math.max(1, epoch));
  const needed = Math.ceil(end / stepsPerEpoch) - decayEpochs;
  return [`training.maxSteps=${end}`, ...(needed > epochs ? [`training.epochs=${needed}`] : [])];
}
