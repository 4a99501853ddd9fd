import { beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../extension/configuration/config";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { dispose } from "../../../extension/trainer/kernels/tensor";
import type { Model } from "../../../extension/trainer/models/model";
import { disposeNetwork, openNetwork } from "../../../extension/trainer/training/network";
import { SharedStatistics } from "../../../extension/trainer/translate/sharedStatistics";
import { translateTensor } from "../../../extension/trainer/translate/translator";
import { gaussian, relativeDifference } from "../../support/arrays";
import { expectNoLeaks, kernelsOf, logicEngines } from "../../support/engines";

// Small operations: TensorFlow's threads would only wait for each other.
process.env.TF_NUM_INTRAOP_THREADS = "1";

const config = parseConfig(
  { mode: "paired", network: { width: 4, depth: 2, discriminator: { width: 4 } } },
  "the test's configuration",
);

describe.each(logicEngines)("norms that share their statistics on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });
  expectNoLeaks(() => k);

  /** What a network makes of some pictures of 16×12, one after the other in one array. */
  function translated(
    kernels: Kernels,
    model: Model,
    direction: "AtoB" | "BtoA",
    pictures: Float32Array,
    count = 1,
  ): Float32Array {
    const x = k.tensor(pictures, [count, 16, 12, 3]);
    const y = translateTensor(kernels, model, direction, x);
    const values = k.read(y);
    dispose(x, y);
    return values;
  }

  it.each(["AtoB", "BtoA"] as const)(
    "translate a picture by its own statistics as an ordinary pass does (%s)",
    (direction) => {
      const model = openNetwork(k, config, { seed: 1 });
      const picture = gaussian([16, 12, 3], 1);
      const expected = translated(k, model, direction, picture);
      const statistics = new SharedStatistics(k);
      expect(relativeDifference(translated(statistics.gathering(), model, direction, picture), expected)).toBeLessThan(
        1e-5,
      );
      const shared = translated(statistics.sharing(), model, direction, picture);
      expect(relativeDifference(shared, expected)).toBeLessThan(1e-5);
      // As often as there are tiles.
      expect(translated(statistics.sharing(), model, direction, picture)).toEqual(shared);
      disposeNetwork(model);
    },
  );

  it("are those of all patches together, and not each patch's own", () => {
    const model = openNetwork(k, config, { seed: 1 });
    const [dark, bright] = [
      gaussian([16, 12, 3], 1).map((v) => 0.1 * v - 0.8),
      gaussian([16, 12, 3], 2).map((v) => 0.1 * v + 0.8),
    ];
    const both = Float32Array.of(...dark, ...bright);
    const statistics = new SharedStatistics(k);
    const gathered = translated(statistics.gathering(), model, "AtoB", both, 2);
    const shared = [dark, bright].flatMap((picture) => [...translated(statistics.sharing(), model, "AtoB", picture)]);
    expect(relativeDifference(Float32Array.from(shared), gathered)).toBeLessThan(1e-5);
    expect(relativeDifference(translated(k, model, "AtoB", both, 2), gathered)).toBeGreaterThan(0.1);
    disposeNetwork(model);
  });

  it("leave the engine's own norms as they were", () => {
    const picture = k.tensor(gaussian([1, 4, 4, 2], 1), [1, 4, 4, 2]);
    const before = k.normalize(picture, "image");
    const gathering = new SharedStatistics(k).gathering();
    const other = gathering.normalize(picture, "image");
    const after = k.normalize(picture, "image");
    expect(k.read(after.y)).toEqual(k.read(before.y));
    dispose(picture, before.y, before.rstd, other.y, other.rstd, after.y, after.rstd);
  });
});
