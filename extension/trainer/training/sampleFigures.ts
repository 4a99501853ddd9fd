import type { SampleFigures } from "../../protocol/panel";
import type { Picture } from "../data/picture";
import { cycleError, imageMetrics } from "../evaluate/imageMetrics";
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
    ...(truth === undefined ? {} : imageMetrics(truth, onScaleOf(truth, translated))),
    ...(cycled === undefined ? {} : { cycleMae: cycleError(input, cycled) }),
  };
}

/** A volume's translation is judged on the scale of its truth. */
function onScaleOf(truth: Picture | Volume, translated: Picture | Volume): Picture | Volume {
  return "window" in truth ? { ...translated, window: truth.window } : translated;
}
