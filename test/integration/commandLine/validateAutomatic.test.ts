import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkpoint, expectDone, metricsOf, ofType, readRunFile, resume, train } from "../../support/commandLine";
import { noise, type TestImage, writeTree } from "../../support/images";
import { startSession, until, workspace } from "../../support/trainer";

it("a training validates by itself on unpaired pictures: after planned steps, also when it is resumed, and to the same weights", async () => {
  // So many steps that validations can be afforded, whatever they take on a busy machine.
  const values = { "training.sampleEvery": 0, "training.checkpointEvery": 0, "training.epochs": 100_000 };
  const { folder, config, sets } = workspace(values);
  const data = writeTree(join(folder, "data"), {
    ...Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`testA/a${i}.png`, noise(50 + i, 36, 40)])),
    ...Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`testB/b${i}.png`, noise(70 + i, 36, 40)])),
  });
  const { session, lines } = startSession(folder, { type: "train", config, sets });
  await until("a validation", () => ofType(lines, "validation").length > 0, 100);
  await session.stop();
  const { run } = session.started!;
  const stopped = readRunFile(run);
  expect(stopped).toMatchObject({ validation: { split: "test" }, best: null });
  const { images, first, every } = stopped.validation!;
  const which = images === 6 ? "6" : `${images} of the 6`;
  expect(readFileSync(join(run, "log.txt"), "utf8")).toContain(
    `validates automatically on ${which} pictures of each domain of test, after step ${first} and every ${every} steps`,
  );

  // A resumed run follows the plan that it finds: here one that takes less time to see.
  const plan = { ...stopped.validation!, every: 4 };
  writeFileSync(join(run, "run.json"), JSON.stringify({ ...stopped, validation: plan }));
  const last = stopped.step + 9;
  expectDone({ ...(await resume(run, { "training.maxSteps": last })), stderr: "" });
  const validations = ofType(metricsOf(run), "validation");
  const planned = Array.from({ length: last }, (_, i) => i + 1).filter(
    (step) => step === first || (step > stopped.step && (step % 4 === 0 || step === last)),
  );
  expect(validations.map(({ step }) => step)).toEqual(planned);
  for (const line of validations) {
    expect(line).toMatchObject({ split: "test", images, automatic: true });
    for (const metrics of [line.metrics.AtoB!, line.metrics.BtoA!]) {
      expect(Object.keys(metrics)).toEqual([
        "slicedWasserstein",
        "slicedWassersteinUntranslated",
        "spread",
        "realSpread",
      ]);
      expect(metrics.slicedWasserstein).toBeGreaterThan(0);
      expect(metrics.slicedWassersteinUntranslated).toBe(validations[0]!.metrics.AtoB!.slicedWassersteinUntranslated);
    }
  }
  expect(readRunFile(run)).toMatchObject({ state: "finished", validation: plan, best: null });

  const plain = join(folder, "plain");
  expectDone(await train(data, plain, { ...values, "training.maxSteps": last, "training.validateEvery": 0 }));
  expect(ofType(metricsOf(plain), "validation")).toEqual([]);
  expect(checkpoint(run, last)).toEqual(checkpoint(plain, last));
});

it("a training that is too short to afford it does not, and says nothing", async () => {
  const { folder } = workspace();
  const data = writeTree(join(folder, "data"), { "testA/a.png": noise(1, 36, 40), "testB/b.png": noise(2, 36, 40) });
  const run = join(folder, "short");
  const { stderr } = await train(data, run, { "training.maxSteps": 3 });
  expect(stderr).toBe("");
  expect(ofType(metricsOf(run), "validation")).toEqual([]);
  expect(readRunFile(run).validation).toBeUndefined();
});

it("the distance between translations and real pictures falls as a training learns", async () => {
  const { folder } = workspace();
  // The domains differ by their brightness alone, which so few weights learn.
  const shades = (domain: "A" | "B", darkest: number) =>
    ["train", "val"].flatMap((split) =>
      Array.from({ length: 4 }, (_, i): [string, TestImage] => {
        const picture = noise(i + 10 * (domain.charCodeAt(0) + split.length), 36, 40);
        const samples = picture.samples.map((sample) => sample / 3 + darkest);
        return [`${split}${domain}/${domain}${i}.png`, { ...picture, samples }];
      }),
    );
  const data = writeTree(join(folder, "shades"), Object.fromEntries([...shades("A", 0), ...shades("B", 170)]));
  const run = join(folder, "learning");
  const values = { "training.sampleEvery": 0, "training.checkpointEvery": 0, "training.epochs": 1000 };
  const learning = { "training.validateEvery": 2, "training.maxSteps": 12, "training.learningRate": 0.001 };
  expectDone(await train(data, run, { ...values, ...learning }));
  const metrics = ofType(metricsOf(run), "validation").map((line) => line.metrics);
  for (const direction of ["AtoB", "BtoA"] as const) {
    const distances = metrics.map((each) => each[direction]!.slicedWasserstein!);
    expect(distances).toEqual(distances.toSorted((a, b) => b - a));
    expect(distances.at(-1)).toBeLessThan(distances[0]! / 2);
    expect(distances[0]).toBeLessThan(metrics[0]![direction]!.slicedWassersteinUntranslated!);
  }
});
