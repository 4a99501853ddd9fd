import { availableParallelism, cpus } from "node:os";
import type { Config } from "../../configuration/config";
import { RevganError } from "../../protocol/errors";
import type { EngineName } from "../../protocol/lines";
import type { Kernels } from "../kernels/kernels";
import { NativeKernels } from "../kernels/nativeKernels";
import { PortableKernels } from "../kernels/portableKernels";
import type { TensorFlowBinding } from "../kernels/tensorflow";
import type { Tfjs } from "../kernels/tfjs";
import { chooseEngine } from "./chooseEngine";
import { type GpuMemory, GpuMeter, PoolMeter } from "./gpuMeter";
import { loadNativeBinding } from "./loadNative";
import { askNvidia, seeingOnly } from "./nvidia";
import { openWebGpu } from "./openWebGpu";
import { requireFromHere } from "./packages";
import { type WantedGpu, wantedGpu } from "./wantedGpu";

/** An engine that runs in this process, and why it was chosen. */
export interface OpenEngine {
  readonly kernels: Kernels;
  readonly name: EngineName;
  /** For example `TensorFlow 2.21.0`. */
  readonly version: string;
  /** For example `CPU (2 cores)`. */
  readonly device: string;
  /** One line of text: the engine, and why it is not a faster one. */
  readonly why: string;
  /** Tells how much of the GPU's memory this process holds; null for an engine on the CPU. */
  readonly gpuMeter: GpuMemory | null;
  /** How convolutions are computed: `direct`, or by Winograd's algorithm with the named vector instructions, as `winograd avx2`. */
  readonly convolution: string;
}

/** The purpose that an engine is opened for. */
export interface EngineUse {
  /** Elements of the largest activation of a step, if it is known. */
  readonly activation?: number;
  /**
   * The {@link OpenEngine.convolution} of an earlier part of the training; convolutions are computed in the same way where the processor
   * can.
   */
  readonly convolution?: string | undefined;
  /** This process's number among the ranks of one training that run on this machine, and the number of these ranks. */
  readonly local?: { readonly rank: number; readonly size: number };
  readonly signal?: AbortSignal;
}

/**
 * Up to this size of activations, in elements, TensorFlow loses more time on its thread pool than a second thread saves. A paired step on
 * two cores took, with one thread and with two: 64², width 16: 103 and 171 ms; 128², width 16: 215 and 271 ms; 128², width 32: 676 and 615
 * ms.
 */
const oneThreadLimit = 128 * 128 * 16;

/** Whether TensorFlow computes on one thread, for an activation of this many elements. */
export function runsOnOneThread(activation: number): boolean {
  return activation <= oneThreadLimit;
}

const direct = "direct";
const winograd = "winograd ";

/**
 * Chooses an engine and starts it; it stays loaded until the process ends.
 *
 * @throws RevganError `engine` when the wanted one, or every one, does not work here; `interrupted` by the signal
 */
export async function openEngine(
  { engine, gpu, convolution }: Pick<Config, "engine" | "gpu" | "convolution">,
  { activation = Infinity, convolution: before, local = { rank: 0, size: 1 }, signal }: EngineUse = {},
): Promise<OpenEngine> {
  const wanted = wantedGpu(gpu, process.env);
  const chosen = await takeNvidiaGpu(engine, wanted, local, signal)
    .then(() => chooseEngine(engine, process.env, signal, wanted))
    .catch((error: unknown) => error as Error);
  // Ctrl-C also ends the processes that probe the engines, so that errors of these probes say nothing about the engines.
  if (signal?.aborted === true)
    throw new RevganError("interrupted", "stopped before the engine was started", "run the command again");
  if (chosen instanceof Error) throw chosen;
  const { name } = chosen;
  if (name === "wasm") return { ...chosen, ...(await openWasm()), gpuMeter: null, convolution: direct };
  if (name === "webgpu") {
    const { kernels, version } = openWebGpu(wanted);
    return { ...chosen, kernels, version, gpuMeter: new PoolMeter(kernels.gpu), convolution: direct };
  }
  // TensorFlow reads these variables once, when its first operations run. MEMUSE makes oneDNN plan each filter gradient anew to save
  // memory, which costs a twentieth of a step at 128² and does not lower the resident bytes measurably.
  process.env.TF_MKL_OPTIMIZE_PRIMITIVE_MEMUSE ??= "0";
  if (runsOnOneThread(activation)) process.env.TF_NUM_INTRAOP_THREADS ??= "1";
  else if (local.size > 1) process.env.TF_NUM_INTRAOP_THREADS ??= String(ownCores(local.size));
  if (before?.startsWith(winograd) === true) process.env["REVGAN_INSTRUCTIONS"] ??= before.slice(winograd.length);
  const { binding, instructions, version } = loadNativeBinding(name);
  const usesWinograd = instructions !== null && convolution === "auto";
  return {
    kernels: new NativeKernels(binding as TensorFlowBinding, instructions !== null, usesWinograd),
    ...chosen,
    version,
    gpuMeter: name === "native-gpu" ? new GpuMeter() : null,
    convolution: usesWinograd ? `${winograd}${instructions}` : direct,
  };
}

/**
 * Makes CUDA show this process only the wanted GPU. Where none is wanted, the ranks on a machine take its GPUs in turn, unless the launcher
 * has assigned a GPU to each.
 */
async function takeNvidiaGpu(
  engine: Config["engine"],
  wanted: WantedGpu,
  { rank, size }: NonNullable<EngineUse["local"]>,
  signal: AbortSignal | undefined,
): Promise<void> {
  if ((engine !== "auto" && engine !== "native-gpu") || (wanted === null && size === 1)) return;
  const report = await askNvidia(process.env, signal);
  if (wanted !== null) Object.assign(process.env, seeingOnly(report, wanted, process.env));
  else if (!("lack" in report) && report.gpus.length > 1)
    process.env["CUDA_VISIBLE_DEVICES"] ??= String(report.gpus[rank % report.gpus.length]!.index);
}

/** The number of cores for this rank: an equal part of the machine's, or all cores that the launcher has bound the process to. */
function ownCores(processes: number): number {
  const usable = availableParallelism();
  return usable < cpus().length ? usable : Math.max(1, Math.floor(usable / processes));
}

async function openWasm(): Promise<Pick<OpenEngine, "kernels" | "version">> {
  const tf = requireFromHere("@tensorflow/tfjs-core") as Tfjs & { version_core: string };
  requireFromHere("@tensorflow/tfjs-backend-wasm");
  if (!(await tf.setBackend("wasm"))) {
    throw new RevganError(
      "engine",
      "the WASM engine does not start",
      "run `npm install` again, or install the native engine with `revgan engine install`",
    );
  }
  return { kernels: new PortableKernels("wasm", tf), version: `TensorFlow.js ${tf.version_core}` };
}
