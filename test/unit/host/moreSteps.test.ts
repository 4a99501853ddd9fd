import { expect, it } from "vitest";
import { parseConfig } from "../../../extension/configuration/config";
import { setsForMoreSteps, suggestedSteps } from "../../../extension/host/moreSteps";
import { mergeResume } from "../../../extension/configuration/assignments";
import { lastStepOfTraining } from "../../../extension/trainer/data/sampler";

it.each([
  [0, 1],
  [1, 1],
  [7, 4],
  [600, 300],
  [1600, 800],
  [1234, 620],
  [267_800, 140_000],
])("after %d steps %d more are suggested", (done, more) => {
  expect(suggestedSteps(done)).toBe(more);
});

it.each([
  ["its epochs", { epochs: 2, decayEpochs: 3 }, 7, 2],
  ["maxSteps, in the middle of an epoch", { epochs: 100, decayEpochs: 100, maxSteps: 30 }, 7, 1],
  ["maxSteps, just before its epochs end", { epochs: 5, decayEpochs: 0, maxSteps: 33 }, 7, 1],
  ["maxSteps, before the first step", { epochs: 5, decayEpochs: 5, maxSteps: 0 }, 7, 1],
  ["its epochs, of one batch each", { epochs: 4, decayEpochs: 4 }, 2, 4],
])("a run that ended by %s ends after so many more steps, to the step", (_, training, pictures, batchSize) => {
  const config = parseConfig({ training: { ...training, batchSize } }, "");
  const sizes = { a: pictures, b: pictures };
  const step = lastStepOfTraining(config.training, sizes);
  const epoch = step === 0 ? 0 : Math.ceil(step / Math.ceil(pictures / batchSize));
  for (const more of [1, 10, 1000]) {
    const resumed = mergeResume(config, setsForMoreSteps(config.training, { step, epoch }, more));
    expect(lastStepOfTraining(resumed.training, sizes)).toBe(step + more);
  }
});

it("epochs that suffice stay, and with them the plan of the learning rate", () => {
  const { training } = parseConfig({ training: { epochs: 100, decayEpochs: 100, maxSteps: 30 } }, "");
  expect(setsForMoreSteps(training, { step: 30, epoch: 5 }, 30)).toEqual(["training.maxSteps=60"]);
});
