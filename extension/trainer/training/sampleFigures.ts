import type { SampleFigures } from "../../protocol/panel";
import type { Picture } from "../data/picture";
import { meanAbsoluteError, pictureMetrics } from "../evaluate/pictureMetrics";

/** What a network made of a picture: `cycled` where it has a way back; `truth` is its partner, where there is one. */
export interface SamplePictures {
  readonly input: Picture;
  readonly translated: Picture;
  readonly cycled?: Picture;
  readonly truth?: Picture;
}

/**
 * How far a sample is from what it should be: the metrics of the translation, where its partner is known, and the mean absolute error
 * of the way there and back, of 255.
 */
export function figuresOf({ input, translated, cycled, truth }: SamplePictures): SampleFigures[string] {
  return {
    ...(truth === undefined ? {} : pictureMetrics(truth, translated)),
    ...(cycled === undefined ? {} : { cycleMae: meanAbsoluteError(input, cycled) }),
  };
}
