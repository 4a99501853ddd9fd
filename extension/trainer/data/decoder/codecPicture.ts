import { readImage } from "./codecRead";
import { cutPicture } from "./cutPicture";
import type { DecoderLimits } from "./decoderLimits";
import type { Decoded, DecodeRequest } from "./decoderProtocol";
import { faultOf } from "./fileFault";
import { oddWidth, smallerThanCrop, smallerThanMultiple } from "./fit";
import { holds, smallestSide, type ImageSize } from "./picture";
import { halfOf, windowOf } from "./raster";

/**
 * Reads a file and makes the picture that a training step takes.
 * @throws FileFault naming the file: unreadable, odd width of a pair, smaller than the crop
 */
export async function decodePicture(request: DecodeRequest, limits: DecoderLimits): Promise<Decoded> {
  const { file, half, loadSize, crop, multiple } = request;
  const { raster } = await readImage(file, limits);
  if (half !== "whole" && raster.width % 2 === 1) throw faultOf(oddWidth(file, raster.width));
  const region = halfOf(raster, half);
  const size = loadSize ?? region;
  if (crop !== null && !holds(size, crop)) throw faultOf(smallerThanCrop(file, half, size, crop));
  const window = windowOf(size, request);
  if (smallestSide(window) < 1) throw faultOf(smallerThanMultiple(file, size, multiple));
  const original: ImageSize = { height: region.height, width: region.width };
  return { picture: cutPicture(raster, region, size, window, request), original };
}
