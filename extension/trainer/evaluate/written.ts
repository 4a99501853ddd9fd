import { type Picture, toSamples, toUnitRange } from "../data/decoder/picture";
import type { HostImage } from "../translate/raster";

/** A translation as a file of so many bits gives it back: rounded, and cut off at black and white. */
export function asWritten(image: HostImage, bits: Picture["bits"]): Picture {
  return { ...image, data: toUnitRange(Float32Array.from(toSamples(image.data, bits)), bits), bits, alpha: null };
}
