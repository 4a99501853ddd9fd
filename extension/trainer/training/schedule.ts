/** Learning rate of an epoch, counted from 1: constant for `epochs`, then linear to 0 over `decayEpochs` (the authors' rule). */
export function learningRate(
  epoch: number,
  plan: { learningRate: number; epochs: number; decayEpochs: number },
): number {
  return plan.learningRate * (1 - Math.max(0, epoch - plan.epochs) / (plan.decayEpochs + 1));
}
