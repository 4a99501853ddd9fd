import { linkSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StepLine } from "../../../extension/protocol/lines";
import { describe, expect, it } from "vitest";
import {
  checkpoint,
  expectDone,
  expectRefused,
  metricsOf,
  readRunFile,
  resume,
  sharedFolder,
  train,
} from "../../support/commandLine";
import { noise, pngBytes, writeTree } from "../../support/images";
import { startSession, until, workspace } from "../../support/trainer";

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

  it("is named before its turn comes", async () => {
    const { folder: parent, config, sets } = workspace({ "data.shuffle": false, "training.sampleEvery": 0 });
    const inA = (name: string): string => join(parent, "data", "trainA", name);
    for (let i = 0; i < 100; i++) linkSync(inA("A0.png"), inA(`B${i}.png`));
    writeFileSync(inA("last.png"), "?");
    const { session, lines, log } = startSession(parent, { type: "train", config, sets });
    await until("a step", () => lines.some(({ type }) => type === "step"), 100);
    // The check has the lowest priority: it goes on while steps do not.
    await session.pause();
    await until("the end of the check", () => log.some((text) => text.includes("All 106 files were looked at")), 100);
    const { run } = session.started!;
    const warning = log.find((text) => text.includes(inA("last.png")));
    expect(warning).toContain("the training will stop at it");
    expect(warning).toContain(`revgan resume ${run} --set data.skipUnreadable=true`);
    expect(log.join("\n")).toContain("All 106 files were looked at; 1 cannot be used");
    await session.stop();
    expect(stepsOf(run).length).toBeLessThan(103);
    expect(readRunFile(run)).toMatchObject({ state: "stopped" });
  });
});
