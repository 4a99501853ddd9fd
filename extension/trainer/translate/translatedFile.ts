import type { Config } from "../../configuration/config";
import type { TranslationDirection } from "../../protocol/lines";
import type { Run } from "../../runFolder/runFile";
import type { DecoderClient } from "../data/decoder/decoderClient";
import type { Half } from "../data/dataset/dataset";
import { type Picture, type Pixels } from "../data/picture";
import { wholePicture } from "../data/readSource";
import { volumeSettings } from "../volumes/grids";
import { windowInOther, type IntensityWindow } from "../volumes/intensity";
import type { Volume, WrittenType } from "../volumes/volume";

/** How files are read and translations are written. */
export interface FileSettings {
  readonly config: Pick<Config, "network" | "data">;
  /** The mean intensity windows of a run with volumes; where null, a translated volume keeps its input's intensity window. */
  readonly intensity: Run["intensity"] | null;
  readonly direction: TranslationDirection;
  /** The part of each picture that is translated; for volumes `whole`. */
  readonly half: Half;
  /** The data type of written volumes. */
  readonly as: WrittenType;
}

/** Reads a whole picture, or a whole volume on the network's grid. Errors as {@link DecoderClient.decode}. */
export async function readWhole(
  decoder: DecoderClient,
  file: string,
  { config, direction, half }: FileSettings,
): Promise<Picture | Volume> {
  const { network, data } = config;
  const channels = direction === "AtoB" ? network.inputChannels : network.outputChannels;
  if (network.dimensions === 2) {
    return (await decoder.decode(wholePicture({ file, half }, channels, true))).picture;
  }
  const { upsampling, ...others } = volumeSettings(data);
  const factors = upsampling?.[direction === "AtoB" ? "a" : "b"];
  const grid = factors === undefined ? null : { factors };
  return (await decoder.decodeVolume({ file, grid, ...others, crop: null, multiple: 1, flip: false, channels }))
    .picture;
}

/** Writes a translation with the alpha, the bits or the volume header of its input. Errors as {@link DecoderClient.encode}. */
export async function writeTranslated(
  decoder: DecoderClient,
  input: Picture | Volume,
  translated: Pixels,
  file: string,
  overwrite: boolean,
  settings: FileSettings,
): Promise<void> {
  if ("bits" in input) return decoder.encode({ ...input, ...translated }, file, { overwrite });
  const window = windowAfter(input.window, settings);
  await decoder.encodeVolume({ ...input, ...translated, window }, file, {
    as: settings.as,
    description: descriptionOf(input, settings.direction),
    overwrite,
  });
}

/** The intensity window of a translated volume: the file's values for −1 and 1. */
export function windowAfter(
  own: IntensityWindow,
  { intensity, direction }: Pick<FileSettings, "intensity" | "direction">,
): IntensityWindow {
  if (intensity == null) return own;
  const { a, b } = intensity;
  return windowInOther(own, direction === "AtoB" ? { own: a, other: b } : { own: b, other: a });
}

/** The text for the header's `descrip` field, which holds 79 characters. */
function descriptionOf({ regridded }: Volume, direction: TranslationDirection): string {
  if (regridded === null) return `RevGAN ${direction}`;
  const factors = regridded.factors.map((factor) => Number(factor.toPrecision(4))).join(" x ");
  return `RevGAN ${direction}; input resampled, ${regridded.interpolation}, ${factors} times as fine`;
}
