import type { SampleFigures } from "../../protocol/panel";
import type { Picture } from "../data/picture";
import { meanAbsoluteError, type PictureMetrics, pictureMetrics } from "../evaluate/pictureMetrics";
import { meanAbsoluteVolumeError, volumeMetrics } from "../evaluate/volumeMetrics";
import type { Volume } from "../volumes/volume";

/** What a network made of a picture: `cycled` where it has a way back; `truth` is its partner, where there is one. */
export interface SamplePictures {
  readonly input: Picture | Volume;
  readonly translated: Picture | Volume;
  readonly cycled?: Picture | Volume;
  readonly truth?: Picture | Volume;
}

/**
 * How far a sample is from what it should be: the metrics of the translation, where its partner is known, and the mean absolute error
 * of the way there and back; of 255, and of volumes in units of the file.
 */
export function figuresOf({ input, translated, cycled, truth }: SamplePictures): SampleFigures[string] {
  return {
    ...(truth === undefined ? {} : metricsOf(truth, translated)),
    ...(cycled === undefined ? {} : { cycleMae: meanError(input, cycled) }),
  };
}

/** A volume's translation is judged on the scale of its truth. */
function metricsOf(truth: Picture | Volume, found: Picture | Volume): PictureMetrics {
  if ("bits" in truth) return pictureMetrics(truth, found as Picture);
  return volumeMetrics(truth, { data: found.data, window: truth.window });
}

function meanError(a: Picture | Volume, b: Picture | Volume): number {
  return "bits" in a ? meanAbsoluteError(a, b as Picture) : meanAbsoluteVolumeError(a, b.data);
}
