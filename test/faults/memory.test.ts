import { join } from "node:path";
import { expect, it } from "vitest";
import {
  checkpoint,
  expectDone,
  expectRefused,
  metricsOf,
  readRunFile,
  sets,
  sharedFolder,
  unpairedData,
} from "../support/commandLine";
import { peakOf } from "../support/memoryPeaks";
import { cliProgram, type Ended, ended } from "../support/programs";

const folder = sharedFolder();
const data = unpairedData(join(folder, "data"));

/** Runs `revgan` with at most so many kilobytes of addresses. Returns how it ended, and the most kilobytes of them that it had. */
async function limited(
  words: readonly string[],
  kilobytes: number | "unlimited",
): Promise<Ended & { readonly peak: number }> {
  let peak = 0;
  const end = await ended(
    "sh",
    ["-c", `ulimit -v ${kilobytes} && exec "$@"`, "sh", process.execPath, cliProgram, ...words, "--json"],
    {
      watch: (pid) => (peak = Math.max(peak, peakOf(pid, "VmPeak") / 1024)),
    },
  );
  return { ...end, peak };
}

it.skipIf(process.platform !== "linux")(
  "a step that finds no memory is told of in one line, loses nothing, and the run goes on with smaller pictures",
  async () => {
    const run = join(folder, "run");
    const settings = {
      "network.width": 64,
      "network.depth": 0,
      "data.loadSize": 1024,
      "data.cropSize": 64,
      "training.batchSize": 4,
      "training.sampleEvery": 0,
      "training.maxSteps": 1,
      engine: "native",
    };
    const began = await limited(["train", "--data", data, "--run", run, ...sets(settings)], "unlimited");
    expectDone(began);
    const before = checkpoint(run, 1);

    // Room for the pictures, and not for what the first convolution makes of them: 1.1 GB.
    const limit = began.peak + 0.7e6;
    const refused = await limited(["resume", run, ...sets({ "training.maxSteps": 2, "data.cropSize": 1024 })], limit);
    expectRefused(refused, {
      exit: 1,
      code: "memory",
      says: [
        /memory ran out in step 2: there was no room for a tensor of 1\.1 GB beside [\d.]+ [MG]B of others/,
        `go on from step 1 with what fits: \`revgan resume ${run} --set data.cropSize=`,
      ],
    });
    expect(readRunFile(run)).toMatchObject({ state: "failed", step: 1, error: { code: "memory" } });
    expect([checkpoint(run, 1), metricsOf(run).length]).toEqual([before, 1]);

    const size = Number(/data\.cropSize=(\d+)/.exec(refused.stderr)![1]);
    expectDone(await limited(["resume", run, ...sets({ "training.maxSteps": 2, "data.cropSize": size })], limit));
    expect(readRunFile(run)).toMatchObject({ state: "finished", step: 2, config: { data: { cropSize: size } } });
  },
  120_000,
);
