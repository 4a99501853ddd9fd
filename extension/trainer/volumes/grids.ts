import type { Config } from "../../configuration/config";
import type { ImageInfo } from "../data/decoder/decoderProtocol";
import type { ImageSize } from "../data/picture";
import { composed, inverseAffine, type Triple, applyTo, type Affine } from "./affine";
import type { IntensitySettings } from "./intensity";
import type { Interpolation } from "./volume";
import { faultOf, type FileProblem } from "../data/decoder/decoderFiles";
import type { GridSize } from "./niftiHeader";

/** The factors along x, y and z by which each domain is upsampled; for at least one domain all are 1. */
export interface Upsampling {
  readonly a: Triple;
  readonly b: Triple;
}

/** The part of the configuration that decides how volumes become batches. */
export interface VolumeSettings {
  readonly intensity: IntensitySettings;
  readonly interpolation: Interpolation;
  /** The upsampling factors; null until they are computed from the files' headers. */
  readonly upsampling: Upsampling | null;
}

const noUpsampling: Triple = [1, 1, 1];

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

/** The factors in the configuration's order of axes: depth, height, width. */
export function upsamplingAsConfigured({ a, b }: Upsampling): NonNullable<Config["data"]["upsampling"]> {
  return { a: [a[2], a[1], a[0]], b: [b[2], b[1], b[0]] };
}

/** The size of a domain's volume on the network's grid. */
export function networkGridSize(size: ImageSize, domain: "a" | "b", volumes: VolumeSettings | null): ImageSize {
  if (size.depth === undefined || volumes?.upsampling == null) return size;
  return refinedGrid({ ...size, depth: size.depth }, volumes.upsampling[domain]).size;
}

export function placedOf(file: string, { depth = 1, height, width, affine }: ImageInfo): Placed {
  return { file, size: { depth, height, width }, affine: affine ?? [] };
}

/**
 * The upsampling for a data set, from its first pair of unequal sizes: volumes of the domain with fewer voxels in it are upsampled to the
 * other's grid.
 */
export function upsamplingOf(pairs: Iterable<readonly [Placed, Placed]>): Upsampling {
  const voxels = ({ size }: Placed): number => size.depth * size.height * size.width;
  for (const [a, b] of pairs) {
    if (a.size.depth === b.size.depth && a.size.height === b.size.height && a.size.width === b.size.width) continue;
    const [coarse, fine] = voxels(a) <= voxels(b) ? [a, b] : [b, a];
    const back = inverseAffine(coarse.affine);
    if (back === null) continue;
    // Rounded to five digits, because headers hold few: 1.9999999 becomes 2.
    const [x, y, z] = factorsOf(composed(back, fine.affine)).map((factor) => Number(factor.toPrecision(5))) as [
      number,
      number,
      number,
    ];
    return coarse === a ? { a: [x, y, z], b: noUpsampling } : { a: noUpsampling, b: [x, y, z] };
  }
  return { a: noUpsampling, b: noUpsampling };
}

/** Size and position of a volume, from its header. */
export interface Placed {
  readonly file: string;
  readonly size: GridSize;
  readonly affine: Affine;
}

/**
 * Maps voxel indices of a volume's partner to its own.
 * @throws FileFault when their headers put them in different places
 */
export function partnersMap(own: Placed, partner: Placed): Affine {
  const map = partnersMapOrProblem(own, partner);
  if ("reason" in map) throw faultOf(map);
  return map;
}

/** The map of {@link partnersMap}, or the reason why there is none. */
export function partnersMapOrProblem(own: Placed, partner: Placed): Affine | FileProblem {
  const elsewhere = (reason: string): FileProblem => ({
    file: own.file,
    reason,
    remedy: "correct the headers' affines, or bring both to one grid",
  });
  const back = inverseAffine(own.affine);
  if (back === null || inverseAffine(partner.affine) === null)
    return elsewhere("or its partner has an affine without an inverse");
  const map = composed(back, partner.affine);
  const { width, height, depth } = partner.size;
  const middle = applyTo(map, [(width - 1) / 2, (height - 1) / 2, (depth - 1) / 2]);
  const sides = [own.size.width, own.size.height, own.size.depth];
  if (middle.some((at, i) => at < -0.5 || at > sides[i]! - 0.5))
    return elsewhere(`lies elsewhere than its partner ${partner.file}: their affines do not meet`);
  return map;
}

/** A grid of voxels; `map` maps its indices (x, y, z) to those of another grid. */
export interface Grid {
  readonly size: GridSize;
  readonly map: Affine;
}

/** The grid of `factors` times as many voxels that covers the same volume, around the same centre. */
export function refinedGrid(size: GridSize, factors: Triple): Grid {
  const along = (length: number, factor: number): { length: number; start: number } => {
    const more = Math.max(1, Math.round(length * factor));
    return { length: more, start: (length - 1 - (more - 1) / factor) / 2 };
  };
  const [x, y, z] = [along(size.width, factors[0]), along(size.height, factors[1]), along(size.depth, factors[2])];
  return {
    size: { depth: z.length, height: y.length, width: x.length },
    map: [1 / factors[0], 0, 0, x.start, 0, 1 / factors[1], 0, y.start, 0, 0, 1 / factors[2], z.start],
  };
}

/** The upsampling factors from one size to another, along x, y and z. */
export function factorsTo(size: GridSize, wanted: GridSize): Triple {
  return [wanted.width / size.width, wanted.height / size.height, wanted.depth / size.depth];
}

/** The upsampling factors along x, y and z of the grid that `map` leads to. */
export function factorsOf(map: Affine): Triple {
  const along = (row: number): number => 1 / Math.hypot(map[4 * row]!, map[4 * row + 1]!, map[4 * row + 2]!);
  return [along(0), along(1), along(2)];
}
