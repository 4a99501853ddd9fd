import type { DecodeRequest } from "./decoderProtocol";
import { sameSize, toUnitRange, type ImageSize, type Picture, type Samples } from "./picture";
import type { Raster, Region } from "./raster";
import { resample } from "./resample";

/**
 * Cuts the picture out of a raster, resized if it has to be.
 * @param region what part of the raster is the image
 * @param size the image's size after resizing
 * @param window what part of the resized image is the picture
 */
export function cutPicture(
  raster: Raster,
  region: Region,
  size: ImageSize,
  window: Region,
  request: DecodeRequest,
): Picture {
  const plane = (channel: number): Float32Array => {
    if (!sameSize(region, size)) return resample(raster, channel, region, size, window);
    return copyPlane(raster, channel, { ...window, top: region.top + window.top, left: region.left + window.left });
  };
  const channels = request.channels ?? raster.channels;
  const planes = convertChannels(
    Array.from({ length: raster.channels }, (_, channel) => plane(channel)),
    channels,
  );
  const data = new Float32Array(window.height * window.width * channels);
  planes.forEach((values, channel) => interleave(values, window.width, request.flip, data, channel, channels));
  let alpha: Picture["alpha"] = null;
  if (request.alpha && raster.alphaAt !== null) {
    const values = plane(raster.alphaAt);
    alpha = raster.bits === 8 ? new Uint8Array(values.length) : new Uint16Array(values.length);
    // Half up, as the 8-bit conversion of the colours does.
    interleave(
      values.map((value) => Math.floor(value + 0.5)),
      window.width,
      request.flip,
      alpha,
      0,
      1,
    );
  }
  return {
    data: toUnitRange(data, raster.bits),
    height: window.height,
    width: window.width,
    channels,
    bits: raster.bits,
    alpha,
  };
}

function copyPlane(raster: Raster, channel: number, region: Region): Float32Array {
  const plane = new Float32Array(region.height * region.width);
  let to = 0;
  for (let y = 0; y < region.height; y++) {
    let from = ((region.top + y) * raster.width + region.left) * raster.stride + channel;
    for (let x = 0; x < region.width; x++, from += raster.stride) plane[to++] = raster.data[from]!;
  }
  return plane;
}

/** Gray to RGB: three equal channels. RGB to gray: luma of ITU-R BT.601, as PIL's. */
function convertChannels(planes: readonly Float32Array[], channels: number): readonly Float32Array[] {
  const [first, green, blue] = planes;
  if (planes.length === channels) return planes;
  if (channels === 3) return [first!, first!, first!];
  return [first!.map((red, i) => 0.299 * red + 0.587 * green![i]! + 0.114 * blue![i]!)];
}

/** Writes a plane into every `stride`-th place of `to`, each row from right to left when flipped. */
function interleave(
  plane: Float32Array,
  width: number,
  flip: boolean,
  to: Float32Array | Samples,
  channel: number,
  stride: number,
): void {
  for (let i = 0; i < plane.length; i++) {
    const x = i % width;
    const at = flip ? i - x + (width - 1 - x) : i;
    to[at * stride + channel] = plane[i]!;
  }
}
