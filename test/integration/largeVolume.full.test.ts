import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DecoderClient } from "../../extension/trainer/data/decoder/decoderClient";
import { brains, volumes, writeLargeHead } from "../support/brains";
import { expectDone, sharedFolder, train } from "../support/commandLine";
import { childrenOf, peakOf } from "../support/memoryPeaks";
import { cliProgram, ended } from "../support/programs";

const folder = sharedFolder();
const decoder = new DecoderClient();
afterAll(() => decoder.close());

describe("a volume of 256³ voxels", () => {
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
      await writeLargeHead(decoder, large, 256);

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
