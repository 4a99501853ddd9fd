/** What memory is used for: the keys of `peakByPart`, whose values sum to `peak`. */
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

/** Whether a part's bytes are activations: everything but weights, Adam's moments and gradients, which a deeper network always has more of. */
export function isActivation(part: MemoryPart): boolean {
  return part !== "weights" && part !== "moments" && part !== "gradients";
}
