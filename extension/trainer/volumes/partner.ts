import { faultOf } from "../data/decoder/fileFault";
import type { FileProblem } from "../data/dataset/listing";
import { after, inverse, place, type Affine } from "./affine";
import type { GridSize } from "./niftiHeader";

/** A volume of a pair, by what its header says. */
export interface Placed {
  readonly file: string;
  readonly size: GridSize;
  readonly affine: Affine;
}

/**
 * Which voxel of a volume each voxel of its partner is.
 * @throws FileFault when their headers put them in different places
 */
export function partnersMap(own: Placed, partner: Placed): Affine {
  const map = mapOrProblem(own, partner);
  if ("reason" in map) throw faultOf(map);
  return map;
}

/** The same, or why there is none. */
export function mapOrProblem(own: Placed, partner: Placed): Affine | FileProblem {
  const elsewhere = (reason: string): FileProblem => ({
    file: own.file,
    reason,
    remedy: "correct the headers' affines, or bring both to one grid",
  });
  const back = inverse(own.affine);
  if (back === null || inverse(partner.affine) === null)
    return elsewhere("or its partner has an affine without an inverse");
  const map = after(back, partner.affine);
  const { width, height, depth } = partner.size;
  const middle = place(map, [(width - 1) / 2, (height - 1) / 2, (depth - 1) / 2]);
  const sides = [own.size.width, own.size.height, own.size.depth];
  if (middle.some((at, i) => at < -0.5 || at > sides[i]! - 0.5))
    return elsewhere(`lies elsewhere than its partner ${partner.file}: their affines do not meet`);
  return map;
}
