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

/** The step that is measured on both engines: long enough for a comparison, at most some seconds on a slow CPU. */
const step = {
  mode: "paired",
  network: { width: 32, depth: 2, discriminator: { width: 32 } },
  data: { cropSize: 128 },
};

const seconds = z.object({ webgpu: z.number(), native: z.number() });

/** Whether no GPU of the machine has memory of its own. The GPU that is then used may be slower than the CPU. */
export function sharesMemory({ adapters = [] }: EngineLine): boolean {
  return !adapters.some(({ kind }) => kind === "discrete");
}

/**
 * Why the CPU is to be preferred to a GPU that shares its memory. A step of each is measured once, in processes of their own, and the times
 * are cached.
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
