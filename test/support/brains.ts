import { join } from "node:path";
import type { DecoderClient } from "../../extension/trainer/data/decoder/decoderClient";
import type { Volume } from "../../extension/trainer/volumes/volume";

/** The bundled heads. */
export const brains = "media/samples/brain-mini";

/** What their files hold, from one end of [−1, 1] to the other. */
const window = { kind: "window", low: 0, high: 255 } as const;

/** What a training on them is told, as `--set` has it. */
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

/** Reads a head. */
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

/** Writes a head over and over, as many voxels along each axis. */
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
