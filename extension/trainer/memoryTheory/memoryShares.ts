import type { MemoryShares } from "../../protocol/lines";
import type { MemoryReading } from "../kernels/ledger";

/** A step's memory as `memory` lines have it. */
export function memorySharesOf({ peak, peakByPart, largestActivations }: MemoryReading): MemoryShares {
  const { weights, moments, gradients } = peakByPart;
  return { peak, weights, moments, gradients, activations: peak - weights - moments - gradients, largestActivations };
}
