import type { Config } from "../../configuration/config";
import type { TranslationDirection } from "../../protocol/lines";
import type { Run } from "../../runFolder/runFile";
import type { DecoderClient } from "../data/decoder/decoderClient";
import type { Picture } from "../data/picture";
import { volumeSettings } from "../volumes/grids";
import { windowInOther, type IntensityWindow } from "../volumes/intensity";
import type { Volume, WrittenType } from "../volumes/volume";
import type { HostImage } from "./raster";

/** What decides how files are read and written. */
export interface FileSettings {
  readonly config: Pick<Config, "network" | "data">;
  /** Of a run with volumes; without it, a translation has its input's scale. */
  readonly intensity: Run["intensity"] | null;
  readonly direction: TranslationDirection;
  /** How volumes are written. */
  readonly as: WrittenType;
}

/** Reads a picture or a volume as a whole, on the network's grid. Errors as {@link DecoderClient.decode}. */
export async function readWhole(
  decoder: DecoderClient,
  file: string,
  { config, direction }: FileSettings,
): Promise<Picture | Volume> {
  const { network, data } = config;
  const channels = direction === "AtoB" ? network.inputChannels : network.outputChannels;
  if (network.dimensions === 2) {
    return (
      await decoder.decode({
        file,
        half: "whole",
        loadSize: null,
        crop: null,
        multiple: 1,
        flip: false,
        channels,
        alpha: true,
      })
    ).picture;
  }
  const { upsampling, ...others } = volumeSettings(data);
  const factors = upsampling?.[direction === "AtoB" ? "a" : "b"];
  const grid = factors === undefined ? null : { factors };
  return (await decoder.decodeVolume({ file, grid, ...others, crop: null, multiple: 1, flip: false, channels }))
    .picture;
}

/** Writes what became of a picture or volume, with everything else as its input has it. Errors as {@link DecoderClient.encode}. */
export async function writeWhole(
  decoder: DecoderClient,
  input: Picture | Volume,
  translated: HostImage,
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

/** Which values a translated volume's −1 and 1 are. */
export function windowAfter(
  own: IntensityWindow,
  { intensity, direction }: Pick<FileSettings, "intensity" | "direction">,
): IntensityWindow {
  if (intensity == null) return own;
  const { a, b } = intensity;
  return windowInOther(own, direction === "AtoB" ? { own: a, other: b } : { own: b, other: a });
}

/** What the written header says: it has room for 79 letters. */
function descriptionOf({ regridded }: Volume, direction: TranslationDirection): string {
  if (regridded === null) return `RevGAN ${direction}`;
  const factors = regridded.factors.map((factor) => Number(factor.toPrecision(4))).join(" x ");
  return `RevGAN ${direction}; input resampled, ${regridded.interpolation}, ${factors} times as fine`;
}
