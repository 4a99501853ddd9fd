import { beforeAll, describe, expect, it } from "vitest";
import { type NamedTensors, statisticsToPyTorch, toPyTorch } from "../../extension/trainer/interop/pytorch";
import type { Kernels } from "../../extension/trainer/kernels/kernels";
import { dispose, type HostTensor, type Tensor } from "../../extension/trainer/kernels/tensor";
import type { Model } from "../../extension/trainer/models/model";
import { Parameter } from "../../extension/trainer/nn/parameter";
import { disposeNetwork, openNetwork } from "../../extension/trainer/training/network";
import { type HostBatch, StepRunner } from "../../extension/trainer/training/trainingStep";
import { translateTensor } from "../../extension/trainer/translate/translator";
import { relativeDifference } from "../support/arrays";
import { engineNames, expectNoLeaks, kernelsOf } from "../support/engines";
import { isFull } from "../support/full";
import { type Distances, gradientDistance, idleBiases, lossDistance, tolerancesOf, updateDistance } from "./distances";
import {
  batchesOf,
  type Fixture,
  type FixtureName,
  fixtureNames,
  picturesOf,
  readFixture,
  tensorsOf,
} from "./fixtures";

declare module "vitest" {
  interface TaskMeta {
    /** For whoever runs these tests by every path of the machine. */
    distances?: Distances;
  }
}

const backprops = ["recompute", "checkpoint", "store"] as const;

/**
 * Each fixture recomputing, one of pictures and one of volumes in every way, and storing, the quickest way, on WASM. That all ways lead to
 * the same bits is shown in test/unit/training/backprop.test.ts.
 */
function backpropsOf({ name, config }: Fixture, engine: string): readonly (typeof backprops)[number][] {
  if (config.network.kind !== "revgan") return ["store"];
  if (isFull) return backprops;
  if (engine === "wasm") return ["store"];
  return name === "paired" || name === "volumes-paired" ? backprops : ["recompute"];
}

/** Those of a machine that has only some. */
const someFixtures = process.env["REVGAN_TEST_FIXTURES"]?.split(",") as FixtureName[] | undefined;

/** On a processor that acts as a GPU, one in short. */
function fixturesOn(engine: string): readonly FixtureName[] {
  if (isFull && someFixtures !== undefined) return someFixtures;
  return engine === "webgpu" && !isFull ? ["paired"] : fixtureNames;
}

describe.each(engineNames)("on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });
  expectNoLeaks(() => k);

  describe.each(fixturesOn(engine))("%s", (name) => {
    const fixture = readFixture(name);
    const { config, losses, file } = fixture;
    let batches: HostBatch[];
    beforeAll(async () => {
      batches = await batchesOf(fixture);
    });

    it.for(backpropsOf(fixture, engine))(
      "is trained as PyTorch trains it, with backprop %s",
      async (backprop, { task }) => {
        const [before, after, gradients] = [
          tensorsOf(file("init")),
          tensorsOf(file("final")),
          tensorsOf(file("gradients")),
        ];
        const ours = await trained(k, { ...config, network: { ...config.network, backprop } }, before, batches);
        expect(shapesOf(ours.gradients)).toEqual(shapesOf(gradients));
        expect(shapesOf(ours.weights)).toEqual(shapesOf(after));
        expect(ours.losses.map(namesOf)).toEqual(losses.map(namesOf));

        const idle = idleBiases(gradients);
        const distances: Distances = {
          fixture: name,
          backprop,
          gradients: gradientDistance(ours.gradients, gradients, idle),
          losses: ours.losses.map((each, i) => lossDistance(each, losses[i]!)),
          updates: updateDistance(ours.weights, { before, after }, idle),
        };
        task.meta.distances = distances;
        const tolerances = tolerancesOf(fixture);
        expect(distances.gradients.error, distances.gradients.of).toBeLessThan(tolerances.gradients);
        for (const [i, { error, of }] of distances.losses.entries())
          expect(error, `${of} of step ${i + 1}`).toBeLessThan(tolerances.losses[i]!);
        expect(distances.updates.error, distances.updates.of).toBeLessThan(tolerances.updates);
        for (const name of idle)
          expect(
            ours.weights.get(name)!.data.every((value) => value === 0),
            name,
          ).toBe(true);
      },
    );

    it("translates as PyTorch translates, with its weights, there and back", () => {
      const model = openNetwork(k, config, { tensors: tensorsOf(file("final")), file: "final" }, { exact: false });
      const made = translated(k, model, batches[0]!);
      disposeNetwork(model);
      const truth = picturesOf(fixture);
      expect(truth.size).toBeGreaterThan(0);
      for (const [name, { shape, data }] of truth) {
        const ours = made.get(name)!;
        expect(ours.shape, name).toEqual(shape);
        expect(relativeDifference(ours.data, data), name).toBeLessThan(1e-4);
      }
    });
  });
});

/** What a training from given weights comes to, by PyTorch's names. */
async function trained(
  k: Kernels,
  config: Fixture["config"],
  init: NamedTensors,
  batches: readonly HostBatch[],
): Promise<{ gradients: NamedTensors; losses: Record<string, number>[]; weights: NamedTensors }> {
  const model = openNetwork(k, config, { tensors: init, file: "init" });
  const trainer = new StepRunner(k, model, { mode: config.mode, ...config.training });
  const losses: Record<string, number>[] = [];
  let gradients: NamedTensors = new Map();
  try {
    for (const [i, batch] of batches.entries()) {
      losses.push(await trainer.step(i + 1, 1, batch, () => Promise.resolve()));
      if (i === 0) gradients = firstGradients(k, trainer, config.training.beta1);
    }
    const weights = toPyTorch(k, [...model.generatorParameters, ...model.discriminatorParameters]);
    return { gradients, losses, weights: new Map([...weights, ...statisticsToPyTorch(model.statistics)]) };
  } finally {
    trainer.dispose();
    disposeNetwork(model);
  }
}

/** As the optimisers got them, after the first step: Adam's first moment is then (1 − beta1) of each. */
function firstGradients(k: Kernels, { model, optimizers }: StepRunner, beta1: number): NamedTensors {
  const moments = new Map([...optimizers.generator.moments, ...optimizers.discriminators.moments]);
  const named = toPyTorch(
    k,
    [...model.generatorParameters, ...model.discriminatorParameters].map(
      ({ plan }) => new Parameter(plan, moments.get(plan.name)!.m),
    ),
  );
  return new Map(
    [...named].map(([name, { shape, data }]) => [name, { shape, data: data.map((value) => value / (1 - beta1)) }]),
  );
}

/** The first pair there and back, as far as the network goes. */
function translated(k: Kernels, model: Model, { a, b }: HostBatch): NamedTensors {
  const made = new Map<string, HostTensor>();
  const translate = (x: Tensor, direction: "AtoB" | "BtoA", name: string): Tensor => {
    const y = translateTensor(k, model, direction, x);
    made.set(name, { shape: y.shape, data: k.read(y) });
    return y;
  };
  const ways = [
    [a, "AtoB", "fake_B", "BtoA", "rec_A"],
    [b, "BtoA", "fake_A", "AtoB", "rec_B"],
  ] as const;
  const twoWay = model.bToA !== null;
  for (const [{ data, shape }, there, fakeName, back, cycledName] of twoWay ? ways : ways.slice(0, 1)) {
    const x = k.tensor(data, shape);
    const fake = translate(x, there, fakeName);
    dispose(x, twoWay ? translate(fake, back, cycledName) : null, fake);
  }
  return made;
}

function shapesOf(tensors: NamedTensors): Record<string, readonly number[]> {
  return Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]));
}

function namesOf(values: Readonly<Record<string, number>>): string[] {
  return Object.keys(values).sort();
}
