/** What memory is spent on. `peakByPart` names these, and they sum to `peak`. */
export const parts = [
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

/** One of {@link parts}. */
export type Part = (typeof parts)[number];
