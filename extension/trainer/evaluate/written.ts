import { type Picture, toSamples, fromSamples } from "../data/picture";
import type { HostImage } from "../translate/raster";

/** A translation as a file of so many bits gives it back: rounded, and cut off at black and white. */
export function asWritten(image: HostImage, bits: Picture["bits"]): Picture {
  return { ...image, data: fromSamples(toSamples(image.data, bits), bits), bits, alpha: null };
}
