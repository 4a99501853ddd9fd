import { join } from "node:path";
import type { DecoderClient } from "../../extension/trainer/data/decoder/decoderClient";
import type { Volume } from "../../extension/trainer/volumes/volume";

/** The folder of the bundled MRI volumes of heads. */
export const brains = "media/samples/brain-mini";

/** The intensities of these files: 0 is mapped to −1, and 255 to 1. */
const window = { kind: "window", low: 0, high: 255 } as const;

/** Configuration of a training on these volumes, as values of `--set`. */
export const volumes = {
  mode: "paired",
  engine: "native",
  "network.dimensions": 3,
  "network.inputChannels": 1,
  "network.outputChannels": 1,
  "data.folders": '{"a":"lr","b":"hr"}',
  "data.loadSize": null,
  "data.intensity.kind": window.kind,
  "data.intensity.low": window.low,
  "data.intensity.high": window.high,
  "training.sampleEvery": 0,
};

/** Reads a volume in its own grid, scaled to [−1, 1]. */
export async function loadHead(decoder: DecoderClient, file: string): Promise<Volume> {
  return (
    await decoder.decodeVolume({
      file,
      grid: null,
      interpolation: "cubic",
      intensity: window,
      crop: null,
      multiple: 1,
      flip: false,
      channels: 1,
    })
  ).picture;
}

/** Writes a cube of `side` voxels along each axis that repeats the volume of one head. */
export async function writeLargeHead(decoder: DecoderClient, file: string, side: number): Promise<void> {
  const small = await loadHead(decoder, join(brains, "test", "hr", "IXI049.nii.gz"));
  const { depth, height, width } = small;
  const data = new Float32Array(side ** 3);
  for (let z = 0, i = 0; z < side; z++) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++)
        data[i++] = small.data[((z % depth) * height + (y % height)) * width + (x % width)]!;
    }
  }
  await decoder.encodeVolume({ ...small, data, depth: side, height: side, width: side }, file, {
    as: "input",
    description: "a head over and over",
  });
}
