import type { DecoderLimits } from "../data/decoder/decoderLimits";
import type { ImageInfo } from "../data/decoder/imageInfo";
import type { IntensitySettings } from "./intensity";
import type { OpenVolumes } from "./openVolume";

/** Reads all of a volume and tells what it is. @throws FileFault naming the file */
export async function inspectVolume(
  file: string,
  intensity: IntensitySettings,
  open: OpenVolumes,
  limits: DecoderLimits,
): Promise<ImageInfo> {
  const volume = await open.open(file, limits);
  const { size, channels, type, affine, fields } = volume.nifti.header;
  return {
    format: `nifti-${fields.version}`,
    ...size,
    channels,
    bits: 8 * type.bytes,
    alpha: false,
    affine,
    window: volume.intensitiesFor(intensity).window,
  };
}
