import { join } from "node:path";
import { expect, it } from "vitest";
import { assignmentsOf } from "../../../extension/configuration/assignments";
import {
  expectDone,
  pairedData,
  readRunFile,
  resume,
  Running,
  sets,
  sharedFolder,
  tiny,
  train,
} from "../../support/commandLine";
import { revgan } from "../../support/programs";
import { brains, volumes } from "../../support/brains";
import { expectedPictures, expectedScalars, pictureOf } from "../../support/tensorboard/expected";
import { type ReadEvents, readWithTensorBoard } from "../../support/tensorboard/tensorboard";

const folder = sharedFolder();
const data = pairedData(join(folder, "data"));
const settings = {
  mode: "paired",
  "training.sampleEvery": 3,
  "training.validateEvery": 5,
  "training.checkpointEvery": 4,
  "training.tensorboard": true,
};

function expectAll(read: ReadEvents, run: string): void {
  const scalars = Object.entries(read.scalars).map(([tag, events]) => [
    tag,
    events.map(([step, value]) => [step, value]),
  ]);
  expect(Object.fromEntries(scalars)).toEqual(expectedScalars(run));
  const pictures = Object.entries(read.images).map(([tag, events]) => [
    pictureOf(tag),
    events.map(([step, , , hash]) => [step, hash]),
  ]);
  expect(Object.fromEntries(pictures)).toEqual(expectedPictures(run));
}

it("TensorBoard reads what a killed training left, and once it is resumed every figure and picture once", async () => {
  const run = join(folder, "killed");
  const values = { ...tiny, ...settings, "training.maxSteps": 1000 };
  const training = new Running(["train", "--json", "--data", data, "--run", run, ...sets(values)]);
  await training.says(/"step":22,/);
  await training.kill();
  const left = (await readWithTensorBoard(join(run, "tensorboard"))).scalars["loss/G_AB"]!.map(([step]) => step);
  expect(left.length).toBeGreaterThanOrEqual(21);
  expect(left).toEqual(left.map((_, i) => i + 1));
  expectDone(await resume(run, { "training.maxSteps": 30 }));
  const read = await readWithTensorBoard(join(run, "tensorboard"));
  expectAll(read, run);
  expect(read.scalars["loss/G_AB"]).toHaveLength(30);
  const { config, createdAt } = readRunFile(run);
  const start = read.hparams["_hparams_/session_start_info"];
  const hparams = Object.fromEntries(
    assignmentsOf(config).map(({ key, value }) => [
      key,
      typeof value === "object" || value === undefined ? JSON.stringify(value) : value,
    ]),
  );
  expect(start).toEqual({ sessionStartInfo: { hparams, startTimeSecs: Date.parse(createdAt) / 1000 } });
  expect(read.hparams["_hparams_/session_end_info"]).toMatchObject({ sessionEndInfo: { status: "STATUS_SUCCESS" } });
  expectDone(await revgan(["export", "--json", "--run", run, "--format", "tensorboard", "--out", join(folder, "out")]));
  expect(await readWithTensorBoard(join(folder, "out"))).toEqual(read);
});

it("TensorBoard reads every slice of volumes", async () => {
  const run = join(folder, "volumes");
  const small = {
    ...volumes,
    engine: "wasm",
    "network.downsampling": 1,
    "data.cropSize": [16, 16, 16],
    "training.sampleEvery": 1,
    "training.maxSteps": 1,
    "training.tensorboard": true,
  };
  expectDone(await train(brains, run, small));
  const read = await readWithTensorBoard(join(run, "tensorboard"));
  expectAll(read, run);
  expect(Object.keys(read.images)).toContain("BtoA/0/translated.20");
});
