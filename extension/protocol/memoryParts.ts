/** What a step's tensors are used for: the keys of `peakByPart`, whose values (bytes at the moment of the peak) sum to `peak`. */
export const memoryParts = [
  "weights",
  "moments",
  "gradients",
  "encoders",
  "core",
  "decoders",
  "discriminators",
  "images",
  "other",
] as const;

/** One of {@link memoryParts}. */
export type MemoryPart = (typeof memoryParts)[number];

/**
 * Whether a part's bytes are activations: every part except weights, Adam's moments and gradients. Those three grow with the number of
 * parameters, however the backward pass is done.
 */
export function isActivation(part: MemoryPart): boolean {
  return part !== "weights" && part !== "moments" && part !== "gradients";
}
