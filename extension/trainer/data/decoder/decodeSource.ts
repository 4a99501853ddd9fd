import { dirname } from "node:path";
import { DataGone, RevganError } from "../../../protocol/errors";
import type { DecodedVolume } from "../../volumes/volume";
import type { VolumeSettings } from "../../volumes/grids";
import type { BoxRequest, GridRequest, VolumeRequest } from "../../volumes/volumeRequest";
import type { DecoderClient } from "./decoderClient";
import { isReachable, isSilent } from "../dataset/folderWatch";
import type { CropRequest, Decoded, DecodeRequest } from "./decoderProtocol";
import type { ImageSettings } from "../dataset/imageSettings";
import type { Placement } from "../batches/sampler";
import type { Source, Sources } from "../dataset/source";

/** One image or volume of a data set, and how it is cut. */
export interface Wanted {
  readonly sources: Sources;
  readonly domain: "a" | "b";
  readonly index: number;
  /** Its place in the batch; null for the whole, at the training's size. */
  readonly place: Placement | null;
}

/** Reads an image or a volume as the network takes it. Errors as {@link DecoderClient.decode}, and DataGone where its folder is no more. */
export async function decodeSource(
  decoder: DecoderClient,
  wanted: Wanted,
  settings: ImageSettings,
  signal?: AbortSignal,
): Promise<Decoded | DecodedVolume> {
  const { volumes } = settings;
  const folder = dirname(wanted.sources[wanted.domain][wanted.index]!.file);
  if (isSilent(folder)) throw new DataGone(folder);
  try {
    return await (volumes === null
      ? decoder.decode(imageRequest(wanted, settings), signal)
      : decoder.decodeVolume(volumeRequest(wanted, settings, volumes), signal));
  } catch (error) {
    if (error instanceof RevganError && error.code === "data" && !(await isReachable(folder)))
      throw new DataGone(folder, { cause: error });
    throw error;
  }
}

/** How to decode a picture as it is. */
export function wholePicture(source: Source, channels: number): DecodeRequest {
  return { ...source, loadSize: null, crop: null, multiple: 1, flip: false, channels, alpha: false };
}

function imageRequest(
  { sources, domain, index, place }: Wanted,
  { loadSize, cropSize, multiple, channels }: ImageSettings,
): DecodeRequest {
  const { file, half } = sources[domain][index]!;
  const crop: CropRequest | null =
    cropSize === null || place === null ? null : { ...cropSize, top: place.position[0]!, left: place.position[1]! };
  return { file, half, loadSize, crop, multiple, flip: place?.flip ?? false, channels: channels[domain], alpha: false };
}

function volumeRequest(wanted: Wanted, settings: ImageSettings, volumes: VolumeSettings): VolumeRequest {
  const { sources, domain, index, place } = wanted;
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

/** Pairs share a grid, whatever their headers say in their last digits. */
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
