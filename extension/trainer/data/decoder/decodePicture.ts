import {
  cropStart,
  fromSample,
  sizeContains,
  newSamples,
  sizeRoundedDown,
  sameSize,
  shortestSide,
  type ImageSize,
  type Picture,
  type Region,
  type Samples,
} from "../picture";
import { oddWidthProblem, smallerThanCrop, smallerThanMultiple } from "../sizeProblems";
import { faultOf, type DecoderLimits } from "./decoderFiles";
import type { Decoded, DecodeRequest } from "./decoderProtocol";
import { readImage, type Raster } from "./readImage";
import { resample } from "./resample";

/**
 * Reads a file and makes the picture that a training step takes: half of the file or all of it, resized, cropped, flipped.
 * @throws FileFault naming the file: unreadable, odd width of a side-by-side pair, smaller than the crop
 */
export async function decodePicture(request: DecodeRequest, limits: DecoderLimits): Promise<Decoded> {
  const { file, half, loadSize, crop, multiple } = request;
  const { raster } = await readImage(file, limits);
  if (half !== "whole" && raster.width % 2 === 1) throw faultOf(oddWidthProblem(file, raster.width));
  const region = halfOf(raster, half);
  const size = loadSize ?? region;
  if (crop !== null && !sizeContains(size, crop)) throw faultOf(smallerThanCrop(file, half, size, crop));
  const cropped = cropOf(size, request);
  if (shortestSide(cropped) < 1) throw faultOf(smallerThanMultiple(file, size, multiple));
  return {
    picture: pictureOf(raster, region, size, cropped, request),
    original: { height: region.height, width: region.width },
  };
}

/** The part of the file that is the image; the caller has checked that the width is even. */
function halfOf({ height, width: full }: ImageSize, half: DecodeRequest["half"]): Region {
  const width = half === "whole" ? full : full / 2;
  return { top: 0, left: half === "right" ? width : 0, width, height };
}

/**
 * The part of the resized image that is kept: the crop, or without one the largest part from the upper left corner whose sides are
 * multiples of `multiple`.
 */
function cropOf(size: ImageSize, { crop, multiple }: DecodeRequest): Region {
  if (crop === null) return { top: 0, left: 0, ...sizeRoundedDown(size, multiple) };
  return {
    top: cropStart(crop.top, size.height, crop.height),
    left: cropStart(crop.left, size.width, crop.width),
    height: crop.height,
    width: crop.width,
  };
}

/** The place of one channel's values in an array, from `start` on; neighbours in a row are `step` apart, rows `rowStep`. */
interface Plane {
  readonly values: Float32Array | Samples;
  readonly start: number;
  readonly rowStep: number;
  readonly step: number;
}

/**
 * Reads every value of the crop once: cropping, flipping and scaling to [-1, 1] are one pass over the raster.
 *
 * @param region the part of the raster that is the image
 * @param size the image's size after resizing
 * @param crop the part of the resized image that becomes the picture
 */
function pictureOf(raster: Raster, region: Region, size: ImageSize, crop: Region, request: DecodeRequest): Picture {
  const { bits } = raster;
  const { height, width } = crop;
  const { flip } = request;
  const channels = request.channels ?? raster.channels;
  const plane = (channel: number): Plane =>
    sameSize(region, size)
      ? planeIn(raster, channel, { top: region.top + crop.top, left: region.left + crop.left })
      : densePlane(resample(raster, channel, region, size, crop), width);
  const planes = convertChannels(
    Array.from({ length: raster.channels }, (_, channel) => plane(channel)),
    channels,
    crop,
  );
  const data = new Float32Array(height * width * channels);
  for (const [channel, from] of planes.entries()) {
    const write = (value: number, pixel: number): void => {
      data[pixel * channels + channel] = fromSample(value, bits);
    };
    forEachPixel(from, crop, flip, write);
  }
  let alpha: Samples | null = null;
  if (request.alpha && raster.alphaAt !== null) {
    const samples = newSamples(bits, height * width);
    // Resampled alpha is rounded half up, as `toSamples` rounds the colours.
    forEachPixel(plane(raster.alphaAt), crop, flip, (value, pixel) => (samples[pixel] = Math.floor(value + 0.5)));
    alpha = samples;
  }
  return { data, height, width, channels, bits, alpha };
}

function planeIn(
  { data, width, stride }: Raster,
  channel: number,
  { top, left }: Omit<Region, keyof ImageSize>,
): Plane {
  return { values: data, start: (top * width + left) * stride + channel, rowStep: width * stride, step: stride };
}

function densePlane(values: Float32Array, width: number): Plane {
  return { values, start: 0, rowStep: width, step: 1 };
}

/** Calls `visit` with each value and its pixel's index in the result, whose rows run from right to left when flipped. */
function forEachPixel(
  { values, start, rowStep, step }: Plane,
  { height, width }: ImageSize,
  flip: boolean,
  visit: (value: number, pixel: number) => void,
): void {
  for (let y = 0; y < height; y++) {
    let from = start + y * rowStep;
    for (let x = 0; x < width; x++, from += step) visit(values[from]!, y * width + (flip ? width - 1 - x : x));
  }
}

/** Converts gray to RGB by three equal channels, and RGB to gray by the luma of ITU-R BT.601, as PIL does. */
function convertChannels(planes: readonly Plane[], channels: number, size: ImageSize): readonly Plane[] {
  if (planes.length === channels) return planes;
  const [first] = planes;
  if (channels === 3) return [first!, first!, first!];
  const luma = new Float64Array(size.height * size.width);
  for (const [i, weight] of [0.299, 0.587, 0.114].entries())
    forEachPixel(planes[i]!, size, false, (value, pixel) => (luma[pixel]! += weight * value));
  return [densePlane(Float32Array.from(luma), size.width)];
}
