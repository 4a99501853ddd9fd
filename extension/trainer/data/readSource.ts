import { dirname } from "node:path";
import { DataGone, RevganError } from "../../protocol/errors";
import type { VolumeSettings } from "../volumes/grids";
import type { BoxRequest, DecodedVolume, GridRequest, VolumeRequest } from "../volumes/volume";
import type { Source, Sources } from "./dataset/dataset";
import { hasStalled, isReachable } from "./dataset/folderWatch";
import type { ImageSettings } from "./dataset/imageSettings";
import type { DecoderClient } from "./decoder/decoderClient";
import type { CropRequest, Decoded, DecodeRequest } from "./decoder/decoderProtocol";

/** Where a crop lies and whether it is mirrored; independent of the image's size, which is known only after decoding. */
export interface Placement {
  /** One number in [0, 1) for each axis, see `cropStart`. Images: [top, left]; volumes: [front, top, left]. */
  readonly position: readonly number[];
  /** Mirrored from left to right, after the crop. */
  readonly flip: boolean;
}

/** Which image or volume of a data set is read, and how it is cropped. */
export interface SourceRequest {
  readonly sources: Sources;
  readonly domain: "a" | "b";
  readonly index: number;
  /** Place of the crop; null for the whole image without crop, resized as training resizes it (`data.loadSize`). */
  readonly place: Placement | null;
}

/** Reads an image or a volume as the network takes it. Errors as {@link DecoderClient.decode}; DataGone when its folder is unreachable. */
export async function readSource(
  decoder: DecoderClient,
  request: SourceRequest,
  settings: ImageSettings,
  signal?: AbortSignal,
): Promise<Decoded | DecodedVolume> {
  const { volumes } = settings;
  const folder = dirname(request.sources[request.domain][request.index]!.file);
  if (hasStalled(folder)) throw new DataGone(folder);
  try {
    return await (volumes === null
      ? decoder.decode(imageRequest(request, settings), signal)
      : decoder.decodeVolume(volumeRequest(request, settings, volumes), signal));
  } catch (error) {
    if (error instanceof RevganError && error.code === "data" && !(await isReachable(folder)))
      throw new DataGone(folder, { cause: error });
    throw error;
  }
}

/** Reads a file as it is: not resized, cropped or flipped. */
export function wholePicture(source: Source, channels: number, alpha = false): DecodeRequest {
  return { ...source, loadSize: null, crop: null, multiple: 1, flip: false, channels, alpha };
}

function imageRequest(
  { sources, domain, index, place }: SourceRequest,
  { loadSize, cropSize, multiple, channels }: ImageSettings,
): DecodeRequest {
  const { file, half } = sources[domain][index]!;
  const crop: CropRequest | null =
    cropSize === null || place === null ? null : { ...cropSize, top: place.position[0]!, left: place.position[1]! };
  return { file, half, loadSize, crop, multiple, flip: place?.flip ?? false, channels: channels[domain], alpha: false };
}

function volumeRequest(request: SourceRequest, settings: ImageSettings, volumes: VolumeSettings): VolumeRequest {
  const { sources, domain, index, place } = request;
  const { cropSize, multiple, channels } = settings;
  const crop: BoxRequest | null =
    cropSize === null || place === null
      ? null
      : { depth: 1, ...cropSize, front: place.position[0]!, top: place.position[1]!, left: place.position[2]! };
  return {
    file: sources[domain][index]!.file,
    grid: gridRequest(sources[domain === "a" ? "b" : "a"][index], domain, settings, volumes),
    interpolation: volumes.interpolation,
    intensity: volumes.intensity,
    crop,
    multiple,
    flip: place?.flip ?? false,
    channels: channels[domain],
  };
}

/**
 * The grid to resample a volume to; null for its own. A volume that is upsampled to its partner's grid names the partner's file
 * instead of the factors: factors that are computed from two headers may differ in the last digits.
 */
function gridRequest(
  partner: Source | undefined,
  domain: "a" | "b",
  { loadSize, paired }: ImageSettings,
  { upsampling }: VolumeSettings,
): GridRequest {
  if (loadSize !== null) return { size: { depth: 1, ...loadSize } };
  const factors = upsampling?.[domain] ?? [1, 1, 1];
  const isOwn = factors.every((factor) => factor === 1);
  if (isOwn) return null;
  return paired && partner !== undefined ? { like: partner.file } : { factors };
}
