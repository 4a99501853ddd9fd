import type { Kernels } from "../kernels/kernels";
import type { Tensor } from "../kernels/tensor";
import type { Revgan } from "../models/revgan";
import type { Direction } from "../../protocol/lines";

/** One picture `[n, h, w, c]` through one direction; borrows it. */
export function translateTensor(k: Kernels, model: Revgan, direction: Direction, x: Tensor): Tensor {
  const generator = direction === "AtoB" ? model.aToB : model.bToA;
  const { y, kept } = generator.forward(k, x, "nothing");
  generator.free(kept);
  return y;
}
