import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import type { EventMessage } from "../../../extension/trainer/tensorboard/eventMessages";
import {
  expectDone,
  expectRefused,
  metricsOf,
  ofType,
  pairedData,
  resume,
  sharedFolder,
  train,
} from "../../support/commandLine";
import { revgan } from "../../support/programs";
import { expectedPictures, expectedScalars, pictureOf, sha256 } from "../../support/tensorboard/expected";
import { eventFileIn, eventsIn, scalarsIn } from "../../support/tensorboard/records";

const folder = sharedFolder();
const run = join(folder, "run");
const settings = {
  mode: "paired",
  "training.maxSteps": 4,
  "training.sampleEvery": 2,
  "training.validateEvery": 3,
  "training.checkpointEvery": 3,
  "training.tensorboard": true,
};

beforeAll(async () => {
  expectDone(await train(pairedData(join(folder, "data")), run, settings));
});

const written = (): string => eventFileIn(join(run, "tensorboard"));

async function exported(of: string, name: string): Promise<string> {
  const out = join(folder, name);
  expectDone(await revgan(["export", "--json", "--run", of, "--format", "tensorboard", "--out", out]));
  return eventFileIn(out);
}

/** Step and SHA-256 of every picture, by the name of its file. */
function picturesIn(events: readonly EventMessage[]): Record<string, [number, string][]> {
  const found: Record<string, [number, string][]> = {};
  for (const { step, summary } of events)
    for (const { tag, image } of summary?.value ?? [])
      if (image !== undefined) (found[pictureOf(tag)] ??= []).push([step, sha256(image.encodedImageString)]);
  return found;
}

it("the event file has every figure of metrics.jsonl and every sample picture", () => {
  const events = eventsIn(written());
  expect(ofType(metricsOf(run), "step")).toHaveLength(4);
  expect(scalarsIn(events)).toEqual(expectedScalars(run));
  expect(Object.keys(picturesIn(events))).toHaveLength(8);
  expect(picturesIn(events)).toEqual(expectedPictures(run));
  expect(events[0]).toMatchObject({ fileVersion: "brain.Event:2" });
});

it("what is exported of a run is what its training wrote, byte for byte, and replaces an earlier export", async () => {
  expect(readFileSync(await exported(run, "exported"))).toEqual(readFileSync(written()));
  expect(readFileSync(await exported(run, "exported"))).toEqual(readFileSync(written()));
});

it("a resumed run has no step twice, also after a torn record, and can begin to write the file", async () => {
  const before = written();
  const whole = readFileSync(before);
  writeFileSync(before, whole.subarray(0, whole.length - 5));
  expect(eventsIn(before).length).toBeGreaterThan(3);
  expectDone(await resume(run, { "training.maxSteps": 6 }));
  expect(existsSync(before)).toBe(false);
  expect(scalarsIn(eventsIn(written()))).toEqual(expectedScalars(run));
  expect(scalarsIn(eventsIn(written()))["loss/G_AB"]!.map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(picturesIn(eventsIn(written()))).toEqual(expectedPictures(run));
  expect(readFileSync(await exported(run, "resumed"))).toEqual(readFileSync(written()));
});

it("without the key there is no folder; a format, a run or a folder that is none is refused", async () => {
  const other = join(folder, "other");
  expectDone(await train(join(folder, "data"), other, { "training.maxSteps": 0, mode: "paired" }));
  expect(existsSync(join(other, "tensorboard"))).toBe(false);
  const refused = (from: string, out: string): ReturnType<typeof revgan> =>
    revgan(["export", "--json", "--run", from, "--format", "tensorboard", "--out", out]);
  expectRefused(await refused(folder, join(folder, "none")), { exit: 2, code: "run", says: ["is no run"] });
  expect(existsSync(join(folder, "none"))).toBe(false);
  writeFileSync(join(folder, "file"), "");
  expectRefused(await refused(run, join(folder, "file")), { exit: 1, code: "disk", says: [join(folder, "file")] });
  const foreign = join(folder, "foreign");
  mkdirSync(foreign);
  writeFileSync(join(foreign, "events.out.tfevents.1.other"), "of another program");
  expectDone(await refused(run, foreign));
  expect(existsSync(join(foreign, "events.out.tfevents.1.other"))).toBe(true);
});
