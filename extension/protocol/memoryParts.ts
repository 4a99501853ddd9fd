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
