import type { Alive } from "./memoryAlive";

/** Bytes of a loss's value. */
export const scalar = 4;

/** A loss on paper: takes its value and its gradient, given the bytes of what is judged. */
export type PaperLoss = (alive: Alive, bytes: number) => void;

/** The mean square of a difference. */
export function leastSquares(weight: number): PaperLoss {
  return (alive, bytes) => {
    // The difference and its square; the mean; the gradient.
    alive.take(bytes);
    alive.take(bytes);
    alive.take(scalar);
    scale(alive, weight);
    alive.take(bytes);
    alive.drop(bytes, bytes);
  };
}

/** Binary cross-entropy of logits. */
export function crossEntropy(weight: number): PaperLoss {
  return (alive, bytes) => {
    alive.take(bytes);
    alive.take(bytes);
    alive.take(scalar);
    scale(alive, weight);
    alive.drop(bytes, bytes);
    // The probability, its difference from the target, the gradient.
    alive.take(bytes);
    alive.take(bytes);
    alive.take(bytes);
    alive.drop(bytes, bytes);
  };
}

/** The mean magnitude of a difference. */
export function absolute(weight: number): PaperLoss {
  return (alive, bytes) => {
    // The difference, its magnitude, the mean; the sign, the gradient.
    alive.take(bytes);
    alive.take(bytes);
    alive.take(scalar);
    scale(alive, weight);
    alive.drop(bytes);
    alive.take(bytes);
    alive.drop(bytes);
    alive.take(bytes);
    alive.drop(bytes);
  };
}

/** A scalar is multiplied by a factor, unless that is 1. */
export function scale(alive: Alive, factor: number): void {
  if (factor === 1) return;
  alive.take(scalar);
  alive.drop(scalar);
}
