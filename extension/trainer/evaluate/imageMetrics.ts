import type { Picture } from "../data/picture";
import type { Volume } from "../volumes/volume";
import { meanAbsoluteError, type PictureMetrics, pictureMetrics } from "./pictureMetrics";
import { meanAbsoluteVolumeError, type VolumeMetrics, volumeMetrics } from "./volumeMetrics";

/** Metrics of two pictures, or of two volumes with their windows; both of one kind and size. */
export function imageMetrics(truth: Picture | Volume, found: Picture | Volume): PictureMetrics | VolumeMetrics {
  return "bits" in truth ? pictureMetrics(truth, found as Picture) : volumeMetrics(truth, found as Volume);
}

/** How far a picture or volume is, after the way there and back, from where it began: of 255, of volumes in units of the file. */
export function cycleError(input: Picture | Volume, cycled: Picture | Volume): number {
  return "bits" in input ? meanAbsoluteError(input, cycled as Picture) : meanAbsoluteVolumeError(input, cycled.data);
}
