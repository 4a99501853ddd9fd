import type { Config } from "../configuration/config";

/** The suggested number of further steps: half of the steps that were done, rounded up to two significant digits. */
export function suggestedSteps(done: number): number {
  const half = Math.max(1, done / 2);
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(half)) - 1);
  return Math.ceil(half / unit) * unit;
}

/**
 * The `key=value` settings for `revgan resume --set` that let a run take `more` further steps. Where the epochs would end the run before
 * the new `maxSteps`, `epochs` is raised too: the learning rate then rises again, and falls to 0 over the last `decayEpochs`.
 *
 * @param reached the last step that was done, and its epoch
 */
export function setsForMoreSteps(
  { epochs, decayEpochs }: Config["training"],
  { step, epoch }: { readonly step: number; readonly epoch: number },
  more: number,
): string[] {
  const end = step + more;
  // A lower bound of the steps in an epoch, since the last epoch may be unfinished. So `needed` may be too large, but not too small.
  const stepsPerEpoch = Math.max(1, step / Math.max(1, epoch));
  const needed = Math.ceil(end / stepsPerEpoch) - decayEpochs;
  return [`training.maxSteps=${end}`, ...(needed > epochs ? [`training.epochs=${needed}`] : [])];
}
