import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../extension/configuration/config";
import { parseTrainerMessage } from "../../../extension/protocol/trainer";
import { engineFailure } from "../../../extension/trainer/engines/engineFailure";
import { loadNativeBinding } from "../../../extension/trainer/engines/loadNative";
import { failureOf } from "../../../extension/trainer/ipc/training";
import { OutOfMemory } from "../../../extension/trainer/kernels/outOfMemory";
import { TensorFlow, type TensorFlowBinding } from "../../../extension/trainer/kernels/tensorflow";
import { Divergence, divergenceError } from "../../../extension/trainer/training/divergence";
import { memoryRanOut } from "../../../extension/trainer/training/memoryRanOut";

/** An allocation that no machine grants: 4 TiB. */
function tooLarge(): OutOfMemory {
  const tf = new TensorFlow(loadNativeBinding().binding as TensorFlowBinding, false, false);
  const one = tf.floats(Float32Array.of(1), []);
  try {
    tf.run("Fill", [tf.float, tf.type("index_type", "int")], [tf.ints([1 << 20, 1 << 20]), one]);
  } catch (error) {
    if (error instanceof OutOfMemory) return error;
    throw error;
  } finally {
    tf.free(one);
  }
  throw new Error("there was memory");
}

describe("an operation for whose result there is no memory", () => {
  const error = tooLarge();

  it("is told of by the shape", () => {
    const message = "memory ran out: there was none for a tensor of 1048576 × 1048576";
    expect(engineFailure(error)).toMatchObject({
      code: "memory",
      message,
      remedy: "close other programs, or use smaller pictures or a smaller network",
    });
    expect(engineFailure(new Error(message))).toBeNull();
  });

  const config = parseConfig(
    {
      mode: "unpaired",
      network: { width: 16, depth: 12, backprop: "store", discriminator: { width: 8 } },
      data: { path: ".", cropSize: 128, loadSize: 128 },
    },
    "test",
  );
  const place = { config, engine: "native-gpu", step: 7, peak: 33e6, run: "runs/x" };

  it("says with which sizes a run goes on, and with which it would have to begin anew", () => {
    const { code, message, remedy } = memoryRanOut(error, { ...place, checkpoint: { step: 5 } });
    expect([code, message]).toEqual([
      "memory",
      "the GPU's memory ran out in step 7: there was no room for a tensor of 4.4 TB beside 33.0 MB of others",
    ]);
    expect(remedy).toMatch(
      /^go on from step 5 with what fits: `revgan resume runs\/x --set network\.backprop=recompute` or `--set data\.cropSize=\d+`; train anew with network\.depth=\d or network\.width=\d+, which fit$/,
    );
  });

  it("names recomputing without the memory budget first", () => {
    const network = { ...config.network, backprop: "recompute", memoryBudget: 60_000_000 } as const;
    const told = memoryRanOut(error, { ...place, config: { ...config, network }, checkpoint: { step: 5 } });
    expect(told.remedy).toMatch(
      /`revgan resume runs\/x --set network\.memoryBudget=null` or `--set data\.cropSize=\d+`/,
    );
    expect(failureOf(told).resumeWith).toBe("network.memoryBudget=null");
  });

  it("tells the host with which setting the run goes on", () => {
    const told = failureOf(memoryRanOut(error, { ...place, checkpoint: { step: 5 } }));
    expect(told).toMatchObject({ code: "memory", resumeWith: "network.backprop=recompute" });
    expect(parseTrainerMessage({ type: "ended", failure: told })).toEqual({ type: "ended", failure: told });
    expect(failureOf(memoryRanOut(error, { ...place, checkpoint: null }))).not.toHaveProperty("resumeWith");
    const diverged = divergenceError(new Divergence("G_A", NaN, null), {
      step: 3,
      rate: 0.0002,
      run: "runs/x",
      checkpoint: { step: 2 },
    });
    expect(failureOf(diverged).resumeWith).toBe("training.learningRate=0.0001");
  });

  it("before the first checkpoint, and where nothing is known to fit, has other words", () => {
    expect(memoryRanOut(error, { ...place, engine: "native", checkpoint: null })).toMatchObject({
      message: expect.stringMatching(/^memory ran out in step 7/) as string,
      remedy: expect.stringMatching(
        /^train anew with network\.backprop=recompute or data\.cropSize=\d+ or network\.depth=\d or network\.width=\d+, which fit$/,
      ) as string,
    });
    expect(memoryRanOut(error, { ...place, peak: 1000, checkpoint: null }).remedy).toBe(
      "close other programs, or use smaller pictures or a smaller network",
    );
  });
});
