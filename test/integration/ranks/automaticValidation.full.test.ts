import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { pathIn } from "../../../extension/runFolder/paths";
import { longPatience, until } from "../../support/browser/until";
import {
  expectDone,
  metricsOf,
  ofType,
  readRunFile,
  sets,
  sharedFolder,
  tiny,
  unpairedData,
} from "../../support/commandLine";
import { noise } from "../../support/images";
import { onRanks, RunningRanks } from "../../support/ranks";

const folder = sharedFolder();

it(
  "a training on two ranks plans validations by their time, and goes on with its plan",
  { timeout: 240_000 },
  async () => {
    const pictures = (domain: string): object =>
      Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`test${domain}/${i}.png`, noise(i, 36, 40)]));
    const data = unpairedData(join(folder, "data"), { more: { ...pictures("A"), ...pictures("B") } });
    const run = join(folder, "run");
    const { "training.maxSteps": _, ...values } = tiny;
    const automatic = {
      engine: "native",
      "training.batchSize": 2,
      "training.epochs": 100_000,
      "training.sampleEvery": 0,
    };
    const args = ["train", "--json", "--data", data, "--run", run, ...sets({ ...values, ...automatic })];
    const running = new RunningRanks([[2, args]]);
    onTestFinished(() => running.kill());
    const validations = (): Promise<true | undefined> =>
      Promise.resolve(ofType(metricsOf(run), "validation").length > 0 || undefined);
    await until("a validation", validations, undefined, longPatience);
    running.interrupt();
    expect((await running.end).code).toBe(130);
    const { validation, step } = readRunFile(run);
    expect(validation!.images).toBeGreaterThanOrEqual(2);
    expect(readFileSync(pathIn(run, "log"), "utf8")).toContain(
      `after step ${validation!.first} and every ${validation!.every} steps`,
    );
    const last = Math.ceil((step + 1) / validation!.every) * validation!.every;
    expectDone(await onRanks(2, ["resume", run, "--json", ...sets({ "training.maxSteps": last })]));
    expect(ofType(metricsOf(run), "validation").at(-1)).toMatchObject({ step: last, automatic: true, split: "test" });
  },
);
