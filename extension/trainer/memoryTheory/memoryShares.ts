import type { MemoryShares } from "../../protocol/lines";
import type { MemoryReading } from "../kernels/ledger";

/** Converts a reading of the ledger to the form of the protocol's `memory` lines. */
export function memorySharesOf({ peak, peakByPart, peakIn, largestActivations }: MemoryReading): MemoryShares {
  const { weights, moments, gradients } = peakByPart;
  const activations = peak - weights - moments - gradients;
  return { peak, weights, moments, gradients, activations, largestActivations, peakIn };
}
