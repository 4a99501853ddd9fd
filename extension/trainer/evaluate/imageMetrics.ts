import type { Picture } from "../data/picture";
import type { Volume } from "../volumes/volume";
import { meanAbsoluteError, type PictureMetrics, pictureMetrics } from "./pictureMetrics";
import { meanAbsoluteVolumeError, type VolumeMetrics, volumeMetrics } from "./volumeMetrics";

/** Metrics of two pictures or of two volumes of the same size; volumes are compared in units of their files. */
export function imageMetrics(truth: Picture | Volume, found: Picture | Volume): PictureMetrics | VolumeMetrics {
  return "bits" in truth ? pictureMetrics(truth, found as Picture) : volumeMetrics(truth, found as Volume);
}

/** Mean absolute error between an input and its translation there and back: on the scale of 0 to 255, for volumes in units of the file. */
export function cycleError(input: Picture | Volume, cycled: Picture | Volume): number {
  return "bits" in input ? meanAbsoluteError(input, cycled as Picture) : meanAbsoluteVolumeError(input, cycled.data);
}
