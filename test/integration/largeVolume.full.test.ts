import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DecoderClient } from "../../extension/trainer/data/decoder/decoderClient";
import { brains, loadHead, volumes } from "../support/brains";
import { expectDone, sharedFolder, train } from "../support/commandLine";
import { childrenOf, peakOf } from "../support/memoryPeaks";
import { cliProgram, ended } from "../support/programs";

const folder = sharedFolder();
const decoder = new DecoderClient();
afterAll(() => decoder.close());

describe("a volume of 256³ voxels", () => {
  /** Writes a file with a head over and over. */
  async function writeLarge(file: string): Promise<void> {
    const small = await loadHead(decoder, join(brains, "test", "hr", "IXI049.nii.gz"));
    const { depth, height, width } = small;
    const side = 256;
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

  it.skipIf(process.platform !== "linux")(
    "is translated in bounded memory",
    async () => {
      const run = join(folder, "one-step");
      expectDone(
        await train(brains, run, {
          ...volumes,
          "data.cropSize": 16,
          "network.width": 16,
          "network.depth": 2,
          "network.discriminator.layers": 1,
          "training.maxSteps": 1,
        }),
      );
      const large = join(folder, "large.nii");
      await writeLarge(large);

      const peaks = new Map<number, number>();
      const watch = (pid: number): void =>
        [pid, ...childrenOf(pid)].forEach((each) =>
          peaks.set(each, Math.max(peaks.get(each) ?? 0, peakOf(each, "VmHWM"))),
        );
      expectDone(
        await ended(
          process.execPath,
          [
            cliProgram,
            "translate",
            "--json",
            "--run",
            run,
            "--direction",
            "BtoA",
            "--out",
            join(folder, "large"),
            large,
          ],
          { watch },
        ),
      );
      const [translating, ...helpers] = [...peaks.values()];
      const words = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
      console.info(
        `256³ at width 16: at most ${words(translating!)} resident, and ${helpers.map(words).join(", ")} in the processes that read and write files`,
      );
      // As a whole, the widest activation alone would be 1.07 GB.
      expect(translating).toBeLessThan(1.5e9);
      expect(helpers.length).toBeGreaterThan(0);
      for (const bytes of helpers) expect(bytes).toBeLessThan(0.5e9);
    },
    300_000,
  );
});
