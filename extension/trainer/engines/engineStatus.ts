import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { installRemedies } from "../../protocol/engines";
import { RevganError } from "../../protocol/errors";
import type { EngineLine } from "../../protocol/lines";
import { type Build, buildFor } from "./catalogue";
import { locateEngine } from "./installed";
import { installSource } from "./installSource";
import { askNvidia, gpuInUse, type GpuReport, type Lack, lackOf } from "./nvidia";
import { packageFolder, requireFromHere } from "./packages";
import { probeBinding, processor } from "./probe";

export type EngineName = EngineLine["name"];

/** All engines, the fastest first. */
export const engineOrder: readonly EngineName[] = ["native-gpu", "native", "wasm"];

/**
 * Tries every engine and says which work here, and why the others do not. An engine counts as available only after it computed
 * something: native in a child process, so that a crash of TensorFlow is an answer too.
 * @throws the AbortError of `signal`
 */
export async function engineStatus(env: NodeJS.ProcessEnv = process.env, signal?: AbortSignal): Promise<EngineLine[]> {
  return Promise.all(engineOrder.map((name) => statusOf(name, env, signal)));
}

/** Tries one engine. */
export async function statusOf(name: EngineName, env: NodeJS.ProcessEnv = process.env, signal?: AbortSignal): Promise<EngineLine> {
  switch (name) {
    case "native-gpu":
      return gpuStatus(env, signal);
    case "native":
      return nativeStatus(env, signal);
    case "wasm":
      return wasmStatus();
  }
}

async function gpuStatus(env: NodeJS.ProcessEnv, signal: AbortSignal | undefined): Promise<EngineLine> {
  const report = await askNvidia(env, signal);
  const located = locateEngine("native-gpu", env);
  if (located === null || lackOf(report) !== null) {
    const { reason, remedy } = (hasBuild("native-gpu") ? lackOf(report) : null) ?? whyNotInstalled("native-gpu");
    return { ...unavailable("native-gpu", reason, remedy), ...listed(report) };
  }
  const probe = await probeBinding("native-gpu", located.bindingPath, { signal });
  const given = listed(report);
  if (!probe.works) return { ...unavailable("native-gpu", probe.reason, probe.remedy), ...given };
  if (!probe.gpu) return { ...unavailable("native-gpu", "TensorFlow finds no GPU, though nvidia-smi does", "see CUDA_VISIBLE_DEVICES, and what TensorFlow says with TF_CPP_MIN_LOG_LEVEL=0"), ...given };
  return { ...available("native-gpu", `TensorFlow ${probe.version}`, gpuInUse(report, env)?.name ?? "GPU"), ...given };
}

function listed(report: GpuReport): Pick<EngineLine, "gpus"> {
  return "lack" in report ? {} : { gpus: report.gpus.map(({ index, name, totalBytes, usedBytes }) => ({ index, name, totalBytes, usedBytes })) };
}

async function nativeStatus(env: NodeJS.ProcessEnv, signal: AbortSignal | undefined): Promise<EngineLine> {
  const located = locateEngine("native", env);
  if (located === null) {
    const { reason, remedy } = whyNotInstalled("native");
    return unavailable("native", reason, remedy);
  }
  const probe = await probeBinding("native", located.bindingPath, { signal });
  if (!probe.works) return unavailable("native", probe.reason, probe.remedy);
  return available("native", `TensorFlow ${probe.version}`, processor());
}

function hasBuild(engine: Build["engine"]): boolean {
  return buildFor(engine, process.platform, process.arch) !== null;
}

/** On a machine for which there is none, that is the reason, and no install command will help. */
function whyNotInstalled(engine: Build["engine"]): Lack {
  try {
    installSource(engine, undefined);
  } catch (error) {
    if (error instanceof RevganError) return { reason: error.message, remedy: error.remedy };
    throw error;
  }
  return { reason: "it is not installed", remedy: installRemedies[engine] };
}

/** Lets V8 check the module with its SIMD instructions; kernels/ starts it. */
async function wasmStatus(): Promise<EngineLine> {
  const folder = packageFolder("@tensorflow/tfjs-backend-wasm");
  if (folder === null) return unavailable("wasm", "the npm package @tensorflow/tfjs-backend-wasm is missing", "install RevGAN again");
  const bytes = await readFile(join(folder, "dist", "tfjs-backend-wasm-simd.wasm")).catch(() => null);
  if (bytes === null) return unavailable("wasm", "its tfjs-backend-wasm-simd.wasm is missing", "install RevGAN again");
  const { WebAssembly } = globalThis as unknown as { WebAssembly?: { validate(bytes: Uint8Array): boolean } };
  if (WebAssembly?.validate(bytes) !== true) return unavailable("wasm", "this Node cannot run its WebAssembly", "use Node 20.19 or later");
  const { version } = requireFromHere(join(folder, "package.json")) as { version: string };
  return available("wasm", `TensorFlow.js ${version}`, "CPU (1 core)");
}

function available(name: EngineName, version: string, device: string): EngineLine {
  return { type: "engine", name, available: true, version, device, reason: null, remedy: null };
}

function unavailable(name: EngineName, reason: string, remedy: string): EngineLine {
  return { type: "engine", name, available: false, version: null, device: null, reason, remedy };
}
