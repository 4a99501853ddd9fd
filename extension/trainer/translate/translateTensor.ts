import type { Kernels } from "../kernels/kernels";
import type { Tensor } from "../kernels/tensor";
import type { Model } from "../models/model";
import type { TranslationDirection } from "../../protocol/lines";

/** Pictures `[n, h, w, c]` through one direction, which the network must have; borrows them. */
export function translateTensor(k: Kernels, model: Model, direction: TranslationDirection, x: Tensor): Tensor {
  const generator = direction === "AtoB" ? model.aToB : model.bToA;
  if (generator === null) throw new Error(`this network does not translate ${direction}`);
  model.masks?.begin(0);
  const { y, saved } = generator.forward(k, x, "none");
  generator.free(saved);
  return y;
}
