import type { MemoryShares } from "../../protocol/lines";
import type { MemoryReading } from "../kernels/ledger";

/** A step's memory as `memory` lines have it. */
export function memorySharesOf({ peak, peakByPart, peakIn, largestActivations }: MemoryReading): MemoryShares {
  const { weights, moments, gradients } = peakByPart;
  const activations = peak - weights - moments - gradients;
  return { peak, weights, moments, gradients, activations, largestActivations, peakIn };
}
