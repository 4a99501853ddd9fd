import { cpus } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import { parseConfig } from "../../configuration/config";
import { RevganError } from "../../protocol/errors";
import type { EngineLine, EngineName } from "../../protocol/lines";
import { measureStepInProcess } from "../memoryMeasurement/probeProcess";
import { cacheFolders } from "./cacheFolder";
import { MeasurementStore } from "./measurementStore";
import type { WantedGpu } from "./wantedGpu";

/** The step that both take: long enough to say something, at most some seconds on a slow processor. */
const step = {
  mode: "paired",
  network: { width: 32, depth: 2, discriminator: { width: 32 } },
  data: { cropSize: 128 },
};

const seconds = z.object({ webgpu: z.number(), native: z.number() });

/** Whether the GPU that is taken where none is named has no memory of its own: it may then be slower than the processor. */
export function sharesMemory({ adapters = [] }: EngineLine): boolean {
  return !adapters.some(({ kind }) => kind === "discrete");
}

/**
 * Why the processor is to be taken and not a GPU that shares its memory: a step of each is measured once, in processes of their own, and
 * remembered.
 * @param webgpu and `native`: the lines of both engines, which work here
 * @returns null where the GPU is as fast or faster
 * @throws RevganError `interrupted` by the signal
 */
export async function whyNotGpu(
  webgpu: EngineLine,
  native: EngineLine,
  gpu: WantedGpu,
  env: NodeJS.ProcessEnv,
  signal = new AbortController().signal,
): Promise<string | null> {
  const measured = (engine: EngineName): Promise<number> =>
    measureStepInProcess(parseConfig({ ...step, engine, gpu }, "a reference network"), {
      engine: () => undefined,
      signal,
    }).then((found) => found.seconds);
  const store = new MeasurementStore(join(cacheFolders(env).root, "gpuOrProcessor.json"), seconds);
  const key = [webgpu.device, webgpu.version, native.device, native.version, cpus()[0]?.model].join(" | ");
  try {
    const took = await store.remembered(key, async () => ({
      webgpu: await measured("webgpu"),
      native: await measured("native"),
    }));
    if (took.webgpu <= took.native) return null;
    return `it takes ${took.webgpu.toFixed(2)} s for a step on ${webgpu.device ?? "its GPU"}, and the processor ${took.native.toFixed(2)} s`;
  } catch (error) {
    if (!(error instanceof RevganError) || error.code === "interrupted") throw error;
    return `it does not take a step here: ${error.message}`;
  }
}
