import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StepLine } from "../../../extension/protocol/lines";
import { describe, expect, it } from "vitest";
import {
  checkpoint,
  expectDone,
  expectRefused,
  metricsOf,
  resume,
  sharedFolder,
  train,
} from "../../support/commandLine";
import { noise, pngBytes, writeTree } from "../../support/images";

const folder = sharedFolder();

/** Of 3 MB: the check before the first step looks at one file of each domain only. */
const large = (seed: number): Buffer => Buffer.concat([pngBytes(noise(seed, 36, 40)), Buffer.alloc(3e6)]);
const settings = { "data.shuffle": false, "training.sampleEvery": 0, "training.poolSize": 2 };
const skip = { "data.skipUnreadable": true };

/** The third file of A cannot be read. */
function dataIn(name: string): { readonly data: string; readonly bad: string } {
  const data = writeTree(join(folder, name), {
    ...Object.fromEntries([0, 1, 2, 3].map((i) => [`trainA/${i}.png`, i === 2 ? "?" : large(i)])),
    ...Object.fromEntries([0, 1].map((i) => [`trainB/${i}.png`, large(10 + i)])),
  });
  return { data, bad: join(data, "trainA", "2.png") };
}

const stepsOf = (run: string): number[] => metricsOf(run).map((line) => (line as StepLine).step);
const leftOut = (run: string): string[] =>
  readFileSync(join(run, "left-out.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { file: string }).file);

describe("a file that cannot be used, found after the first step", () => {
  it("ends the training with its last step saved, and the run goes on without it when told to", async () => {
    const { data, bad } = dataIn("data");
    const [stopped, skipping] = [join(folder, "stopped"), join(folder, "skipping")];
    expectRefused(await train(data, stopped, { ...settings, "training.maxSteps": 7 }), {
      exit: 2,
      code: "data",
      says: [bad, "is not an image", `revgan resume ${stopped}`, "--set data.skipUnreadable=true"],
    });
    expect(stepsOf(stopped)).toEqual([1, 2]);
    expectDone(await resume(stopped, skip));
    expect(stepsOf(stopped)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(leftOut(stopped)).toEqual([bad]);

    expectDone(await train(data, skipping, { ...settings, ...skip, "training.maxSteps": 5 }));
    expect(readFileSync(join(skipping, "log.txt"), "utf8")).toContain(`without ${bad}: it is not an image`);
    // Its turn comes again at step 7: what was left out stays so, or the resumed run would be another one.
    writeFileSync(bad, large(2));
    expectDone(await resume(skipping, { "training.maxSteps": 7 }));
    expect(checkpoint(skipping, 7)).toEqual(checkpoint(stopped, 7));
    expect(leftOut(skipping)).toEqual([bad]);
  });
});
