import { smallerThanCrop, smallerThanMultiple, wrongChannels } from "../data/sizeProblems";
import { type DecoderLimits, faultOf } from "../data/decoder/decoderFiles";
import { cropStart, sizeContains, sizeRoundedDown, sameSize, shortestSide } from "../data/picture";
import { composed, type Affine } from "./affine";
import { windowToUnit, type IntensitySettings } from "./intensity";
import type { Box } from "./interpolate";
import type { GridSize, NiftiHeader } from "./niftiHeader";
import { readNiftiHeader } from "./niftiRead";
import type { OpenVolume, OpenVolumes } from "./openVolume";
import { factorsOf, factorsTo, refinedGrid, type Grid, partnersMap } from "./grids";
import type { DecodedVolume, VolumeRequest } from "./volume";
import type { ImageInfo } from "../data/decoder/decoderProtocol";

/**
 * Reads a file and makes the volume that a training step takes.
 * @throws FileFault naming the file: unreadable, another number of channels, in another place than its partner, smaller than the crop
 */
export async function decodeVolume(
  request: VolumeRequest,
  open: OpenVolumes,
  limits: DecoderLimits,
): Promise<DecodedVolume> {
  const { file, crop, multiple, channels, interpolation } = request;
  const volume = await open.open(file, limits);
  const { header, before } = volume.nifti;
  if (header.channels !== channels) throw faultOf(wrongChannels(file, header.channels, channels));
  const grid = await gridOf(volume, request, open, limits);
  const original = grid?.size ?? header.size;
  if (crop !== null && !sizeContains(original, crop)) throw faultOf(smallerThanCrop(file, "whole", original, crop));
  const window = boxOf(original, request);
  if (shortestSide(window) < 1) throw faultOf(smallerThanMultiple(file, original, multiple));
  const { least, window: intensity } = volume.intensitiesFor(request.intensity);
  const values = grid === null ? copiedBox(volume, window, least) : resampledBox(volume, grid, window, request, least);
  const data = mirroredBox(
    windowToUnit(values, intensity),
    window,
    channels,
    request.flip ? leftRightAxis(header.affine, grid) : null,
  );
  const { depth, height, width } = window;
  const regridded = grid === null ? null : { factors: factorsOf(grid.map), interpolation };
  return { picture: { data, depth, height, width, channels, window: intensity, before, regridded }, original };
}

/**
 * The part of the grid that is kept: the crop, or without one the largest part from the first voxel on whose sides are multiples of
 * `multiple`.
 */
function boxOf(size: GridSize, { crop, multiple }: VolumeRequest): Box {
  if (crop === null) return { ...size, ...sizeRoundedDown(size, multiple), front: 0, top: 0, left: 0 };
  const { depth, height, width } = crop;
  const start = (fraction: number, axis: keyof GridSize): number => cropStart(fraction, size[axis], crop[axis]);
  return {
    depth,
    height,
    width,
    front: start(crop.front, "depth"),
    top: start(crop.top, "height"),
    left: start(crop.left, "width"),
  };
}

/** The requested grid; null where it is the file's own. */
async function gridOf(
  volume: OpenVolume,
  { file, grid }: VolumeRequest,
  open: OpenVolumes,
  limits: DecoderLimits,
): Promise<Grid | null> {
  const { header } = volume.nifti;
  if (grid === null) return null;
  if ("factors" in grid)
    return grid.factors.every((factor) => factor === 1) ? null : refinedGrid(header.size, grid.factors);
  if ("size" in grid)
    return sameSize(grid.size, header.size)
      ? null
      : { ...refinedGrid(header.size, factorsTo(header.size, grid.size)), size: grid.size };
  const partner = await open.open(grid.like, limits);
  if (sameSize(partner.nifti.header.size, header.size)) return null;
  return {
    size: partner.nifti.header.size,
    map: partnersMap({ file, ...header }, { file: grid.like, ...partner.nifti.header }),
  };
}

function copiedBox({ nifti, voxels }: OpenVolume, box: Box, missing: number): Float32Array {
  const { size, channels } = nifti.header;
  const data = new Float32Array(box.depth * box.height * box.width * channels);
  let to = 0;
  for (let z = box.front; z < box.front + box.depth; z++) {
    for (let y = box.top; y < box.top + box.height; y++) {
      const row = (z * size.height + y) * size.width;
      for (let x = box.left; x < box.left + box.width; x++) {
        for (let c = 0; c < channels; c++) {
          const value = voxels.at(c * voxels.channelStep + (row + x) * voxels.voxelStep);
          data[to++] = Number.isFinite(value) ? value : missing;
        }
      }
    }
  }
  return data;
}

function resampledBox(
  volume: OpenVolume,
  grid: Grid,
  box: Box,
  { interpolation }: VolumeRequest,
  missing: number,
): Float32Array {
  const { channels } = volume.nifti.header;
  const data = new Float32Array(box.depth * box.height * box.width * channels);
  for (let c = 0; c < channels; c++)
    volume.interpolatorFor(c, interpolation, missing).sample(grid, box, data, c, channels);
  return data;
}

/** The grid's axis (0 is x) closest to the left–right direction, NIfTI's first coordinate. */
function leftRightAxis(affine: Affine, grid: Grid | null): number {
  const placed = grid === null ? affine : composed(affine, grid.map);
  const share = [0, 1, 2].map(
    (axis) => Math.abs(placed[axis]!) / Math.hypot(placed[axis]!, placed[4 + axis]!, placed[8 + axis]!),
  );
  return share.indexOf(Math.max(...share));
}

function mirroredBox(
  data: Float32Array,
  { depth, height, width }: GridSize,
  channels: number,
  axis: number | null,
): Float32Array {
  if (axis === null) return data;
  const result = new Float32Array(data.length);
  const other = (i: number, length: number, of: number): number => (axis === of ? length - 1 - i : i);
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const from = ((other(z, depth, 2) * height + other(y, height, 1)) * width + other(x, width, 0)) * channels;
        result.set(data.subarray(from, from + channels), ((z * height + y) * width + x) * channels);
      }
    }
  }
  return result;
}

/** Reads all of a volume and describes it. @throws FileFault naming the file */
export async function inspectVolume(
  file: string,
  intensity: IntensitySettings,
  open: OpenVolumes,
  limits: DecoderLimits,
): Promise<ImageInfo> {
  const volume = await open.open(file, limits);
  return { ...described(volume.nifti.header), window: volume.intensitiesFor(intensity).window };
}

/** Reads a volume's header alone and describes it. @throws FileFault naming the file */
export async function inspectHeader(file: string, limits: DecoderLimits): Promise<ImageInfo> {
  return described(await readNiftiHeader(file, limits));
}

function described({ size, channels, type, affine, fields }: NiftiHeader): ImageInfo {
  return { format: `nifti-${fields.version}`, ...size, channels, bits: 8 * type.bytes, alpha: false, affine };
}
