import type { DecodeRequest } from "./decoderProtocol";
import { cutSize, type ImageSize, type Samples } from "./picture";

/** A decoded file: `[height, width, stride]` whole numbers, of which some channels are colours and one may be alpha. */
export interface Raster extends ImageSize {
  readonly data: Samples;
  /** Numbers a pixel. */
  readonly stride: number;
  /** Colours, the first of the numbers: 1 (gray) or 3 (RGB). Gray may be followed by copies of itself. */
  readonly channels: 1 | 3;
  /** Which number is the alpha. */
  readonly alphaAt: number | null;
  readonly bits: 8 | 16;
}

/** A rectangle of pixels. */
export interface Region extends ImageSize {
  readonly top: number;
  readonly left: number;
}

/** The part of the image that a request is about. The caller has checked that the width is even where a half is wanted. */
export function halfOf(raster: ImageSize, half: DecodeRequest["half"]): Region {
  const width = half === "whole" ? raster.width : raster.width / 2;
  return { top: 0, left: half === "right" ? width : 0, width, height: raster.height };
}

/** Where the picture lies in the image after resizing: the crop, or the upper left part of whole multiples. */
export function windowOf(size: ImageSize, request: Pick<DecodeRequest, "crop" | "multiple">): Region {
  const { crop } = request;
  if (crop === null) return { top: 0, left: 0, ...cutSize(size, request.multiple) };
  return {
    top: startOf(crop.top, size.height, crop.height),
    left: startOf(crop.left, size.width, crop.width),
    height: crop.height,
    width: crop.width,
  };
}

/** Where a crop begins along an axis, at a fraction of the room there is. */
export function startOf(fraction: number, length: number, crop: number): number {
  return Math.floor(fraction * (length - crop + 1));
}

/** Ink to light without a profile, as PIL does: (255 − ink)(255 − black) / 255, rounded. */
export function cmykToRgb(raster: Pick<Raster, "data" | "height" | "width" | "stride" | "bits">): Raster {
  const { data, height, width, stride, bits } = raster;
  const full = bits === 8 ? 255 : 65535;
  const rgb = bits === 8 ? new Uint8Array(height * width * 3) : new Uint16Array(height * width * 3);
  for (let pixel = 0; pixel < height * width; pixel++) {
    const light = full - data[pixel * stride + 3]!;
    for (let c = 0; c < 3; c++) rgb[pixel * 3 + c] = Math.round(((full - data[pixel * stride + c]!) * light) / full);
  }
  return { data: rgb, height, width, stride: 3, channels: 3, alphaAt: null, bits };
}
