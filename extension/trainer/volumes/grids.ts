import type { Config } from "../../configuration/config";
import type { ImageInfo } from "../data/decoder/imageInfo";
import type { ImageSize } from "../data/decoder/picture";
import { after, inverse, type Triple } from "./affine";
import type { IntensitySettings } from "./intensity";
import type { Placed } from "./partner";
import { factorsOf, finer } from "./regrid";
import type { Interpolation } from "./volume";

/** How many times as fine as its own each domain's grid becomes; one of the two keeps its own. */
export interface Upsampling {
  readonly a: Triple;
  readonly b: Triple;
}

/** The part of the configuration that decides how volumes become batches. */
export interface VolumeSettings {
  readonly intensity: IntensitySettings;
  readonly interpolation: Interpolation;
  /** Null until the data was looked at. */
  readonly upsampling: Upsampling | null;
}

const same: Triple = [1, 1, 1];

export function volumeSettings({
  intensity,
  interpolation,
  upsampling,
}: Pick<Config["data"], "intensity" | "interpolation" | "upsampling">): VolumeSettings {
  // The configuration's axes are in the order of sizes: depth, height, width.
  const triple = ([depth, height, width]: readonly [number, number, number]): Triple => [width, height, depth];
  return {
    intensity,
    interpolation,
    upsampling: upsampling === null ? null : { a: triple(upsampling.a), b: triple(upsampling.b) },
  };
}

/** As the configuration has it. */
export function writtenUpsampling({ a, b }: Upsampling): NonNullable<Config["data"]["upsampling"]> {
  return { a: [a[2], a[1], a[0]], b: [b[2], b[1], b[0]] };
}

/** The size of a domain's volume on the network's grid. */
export function gridOf(size: ImageSize, domain: "a" | "b", volumes: VolumeSettings | null): ImageSize {
  if (size.depth === undefined || volumes?.upsampling == null) return size;
  return finer({ ...size, depth: size.depth }, volumes.upsampling[domain]).size;
}

export function placedOf(file: string, { depth = 1, height, width, affine }: ImageInfo): Placed {
  return { file, size: { depth, height, width }, affine: affine ?? [] };
}

/** What the first pair of two sizes says: the volume with fewer voxels is brought to the grid of the other. */
export function upsamplingOf(pairs: Iterable<readonly [Placed, Placed]>): Upsampling {
  const voxels = ({ size }: Placed): number => size.depth * size.height * size.width;
  for (const [a, b] of pairs) {
    if (a.size.depth === b.size.depth && a.size.height === b.size.height && a.size.width === b.size.width) continue;
    const [coarse, fine] = voxels(a) <= voxels(b) ? [a, b] : [b, a];
    const back = inverse(coarse.affine);
    if (back === null) continue;
    // Headers hold few digits: 2 must not become 1.9999999.
    const [x, y, z] = factorsOf(after(back, fine.affine)).map((factor) => Number(factor.toPrecision(5))) as [
      number,
      number,
      number,
    ];
    return coarse === a ? { a: [x, y, z], b: same } : { a: same, b: [x, y, z] };
  }
  return { a: same, b: same };
}
