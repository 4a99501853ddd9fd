import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineLine, EngineName } from "../../protocol/lines";
import { installRemedies, RevganError } from "../../protocol/errors";
import type { Build } from "./install/catalogue";
import { locateEngine } from "./installed";
import { locateMpi } from "./installedMpi";
import { installSource, wgpuWheel } from "./install/installSource";
import { askNvidia, gpuInUse, type GpuReport, lackOf, seeingOnly } from "./nvidia";
import { packageFolder, requireFromHere } from "./packages";
import { probeBinding, processorName } from "./probe";
import { probeMpi } from "./probeMpi";
import { locateWebGpu, wgpuText } from "./installedWebGpu";
import { probeWebGpu } from "./probeWebGpu";
import { type Lack, type WantedGpu, wantedGpu } from "./wantedGpu";

/** The names of all engines, the fastest first. */
export const engineOrder: readonly EngineName[] = ["native-gpu", "webgpu", "native", "wasm"];

/**
 * Tries every engine and tells which ones work here, and why the others do not. An engine is available only if it has computed something;
 * native engines are tried in a child process, so that a crash of TensorFlow does not end this one.
 * @throws the AbortError of `signal`
 */
export async function engineStatus(env: NodeJS.ProcessEnv = process.env, signal?: AbortSignal): Promise<EngineLine[]> {
  return Promise.all(engineOrder.map((name) => statusOf(name, env, signal)));
}

/** Tries one engine. @param gpu the GPU to try, for the engines that use one */
export async function statusOf(
  name: EngineName,
  env: NodeJS.ProcessEnv = process.env,
  signal?: AbortSignal,
  gpu: WantedGpu = wantedGpu(null, env),
): Promise<EngineLine> {
  switch (name) {
    case "native-gpu":
      return gpuStatus(env, signal, gpu);
    case "webgpu":
      return webGpuStatus(env, signal, gpu);
    case "native":
      return nativeStatus(env, signal);
    case "wasm":
      return wasmStatus();
  }
}

/** The error where nvidia-smi lists a GPU that TensorFlow does not find. */
const gpuNotFound: Lack = {
  reason: "TensorFlow finds no GPU, though nvidia-smi does",
  remedy: "see CUDA_VISIBLE_DEVICES, and what TensorFlow says with TF_CPP_MIN_LOG_LEVEL=0",
};

async function gpuStatus(env: NodeJS.ProcessEnv, signal: AbortSignal | undefined, gpu: WantedGpu): Promise<EngineLine> {
  const report = await askNvidia(env, signal);
  const located = locateEngine("native-gpu", env);
  const given = gpuList(report);
  const lack =
    refusalOf(() => installSource("native-gpu", undefined)) ??
    lackOf(report, gpu) ??
    (located === null ? notInstalled("native-gpu") : null);
  if (lack !== null) return { ...unavailableLine("native-gpu", lack), ...given };
  const probe = await probeBinding("native-gpu", located!.bindingPath, { signal });
  if (!probe.works) return { ...unavailableLine("native-gpu", probe), ...given };
  if (!probe.gpu) return { ...unavailableLine("native-gpu", gpuNotFound), ...given };
  return {
    ...availableLine(
      "native-gpu",
      `TensorFlow ${probe.version}`,
      gpuInUse(report, seeingOnly(report, gpu, env))?.name ?? "GPU",
    ),
    ...given,
  };
}

function gpuList(report: GpuReport): Pick<EngineLine, "gpus"> {
  return "lack" in report
    ? {}
    : { gpus: report.gpus.map(({ index, name, totalBytes, usedBytes }) => ({ index, name, totalBytes, usedBytes })) };
}

async function webGpuStatus(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
  gpu: WantedGpu,
): Promise<EngineLine> {
  const lack = refusalOf(() => wgpuWheel());
  if (lack !== null) return unavailableLine("webgpu", lack);
  const located = locateWebGpu(env);
  if (located === null)
    return unavailableLine("webgpu", { reason: "it is not installed", remedy: installRemedies.webgpu });
  const probe = await probeWebGpu(located, gpu, signal);
  const adapters = probe.adapters.map(({ name, backend, driver, kind, bindingBytes }, index) => ({
    index,
    name,
    backend,
    driver,
    kind,
    tensorBytes: bindingBytes,
  }));
  return {
    ...(probe.works
      ? availableLine("webgpu", wgpuText(located.version), probe.device)
      : unavailableLine("webgpu", probe)),
    adapters,
  };
}

async function nativeStatus(env: NodeJS.ProcessEnv, signal: AbortSignal | undefined): Promise<EngineLine> {
  const located = locateEngine("native", env);
  if (located === null)
    return unavailableLine("native", refusalOf(() => installSource("native", undefined)) ?? notInstalled("native"));
  const probe = await probeBinding("native", located.bindingPath, { signal });
  if (!probe.works) return unavailableLine("native", probe);
  return availableLine("native", `TensorFlow ${probe.version}`, processorName());
}

/** Why there is nothing to install on this machine, so that no install command can help; null where there is something to install. */
function refusalOf(findSource: () => unknown): Lack | null {
  try {
    findSource();
    return null;
  } catch (error) {
    if (error instanceof RevganError) return { reason: error.message, remedy: error.remedy };
    throw error;
  }
}

function notInstalled(engine: Build["engine"]): Lack {
  return { reason: "it is not installed", remedy: installRemedies[engine] };
}

/** Validates the WebAssembly module, with its SIMD instructions. It is not started here: openEngine.ts does that. */
async function wasmStatus(): Promise<EngineLine> {
  const folder = packageFolder("@tensorflow/tfjs-backend-wasm");
  if (folder === null)
    return unavailableLine("wasm", {
      reason: "the npm package @tensorflow/tfjs-backend-wasm is missing",
      remedy: "install RevGAN again",
    });
  const bytes = await readFile(join(folder, "dist", "tfjs-backend-wasm-simd.wasm")).catch(() => null);
  if (bytes === null)
    return unavailableLine("wasm", {
      reason: "its tfjs-backend-wasm-simd.wasm is missing",
      remedy: "install RevGAN again",
    });
  const { WebAssembly } = globalThis as unknown as { WebAssembly?: { validate(bytes: Uint8Array): boolean } };
  if (WebAssembly?.validate(bytes) !== true)
    return unavailableLine("wasm", {
      reason: "this Node cannot run its WebAssembly",
      remedy: "use Node 20.19 or later",
    });
  const { version } = requireFromHere(join(folder, "package.json")) as { version: string };
  return availableLine("wasm", `TensorFlow.js ${version}`, "CPU (1 core)");
}

/** Whether several processes can train together here. */
export async function mpiStatus(env: NodeJS.ProcessEnv = process.env, signal?: AbortSignal): Promise<EngineLine> {
  const located = locateMpi(env);
  if (located === null) return unavailableLine("mpi", { reason: "it is not installed", remedy: installRemedies.mpi });
  const probe = await probeMpi(located, signal);
  if (!probe.works) return unavailableLine("mpi", { reason: probe.reason, remedy: `${installRemedies.mpi} again` });
  return availableLine("mpi", located.name, located.mpiexec ?? "mpiexec of the system");
}

function availableLine(name: EngineLine["name"], version: string, device: string): EngineLine {
  return { type: "engine", name, available: true, version, device, reason: null, remedy: null };
}

function unavailableLine(name: EngineLine["name"], { reason, remedy }: Lack): EngineLine {
  return { type: "engine", name, available: false, version: null, device: null, reason, remedy };
}
