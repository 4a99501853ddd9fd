import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Config } from "../../extension/configuration/config";
import type { Pictures } from "./pictures";
import { type Measurement, type WorkerReady, WorkerProcess } from "./workerProcess";

/** The network and the input size that are measured. */
export interface Workload {
  readonly mode: Config["mode"];
  /** Number of spatial dimensions: 3 for volumes of one channel; by default 2, for pictures in colour. */
  readonly dimensions?: 2 | 3;
  readonly side: number;
  readonly width: number;
  readonly depth: number;
}

/** The argument of a worker process of our trainer, as JSON. */
export interface WorkerPlan {
  readonly config: object;
  readonly pictures: Pictures;
  /** For translations, how many times a picture is repeated along each side. */
  readonly repeat: number;
}

/** An implementation of the training step, ours or PyTorch's, that a worker process can run. */
export interface Implementation {
  readonly name: string;
  start(workload: Workload, pictures: Pictures): Promise<{ worker: WorkerProcess; greeting: WorkerReady }>;
}

/** A started implementation, with its measurements so far. */
export interface RunningImplementation {
  readonly name: string;
  readonly version: string;
  readonly idle: number;
  readonly worker: WorkerProcess;
  readonly answers: Measurement[];
}

/** Our trainer on a workload. @param change settings that differ from the workload or from the defaults */
export function ours(
  name: string,
  change: {
    engine?: "native" | "wasm" | "webgpu";
    backprop?: Config["network"]["backprop"];
    memoryBudget?: number;
    discriminatorWidth?: number;
    depth?: number;
    repeat?: number;
  } = {},
): Implementation {
  const {
    engine = "native",
    backprop = "recompute",
    memoryBudget = null,
    discriminatorWidth: filters = 64,
    repeat = 1,
  } = change;
  return {
    name: `ours, ${name}`,
    start: ({ mode, dimensions = 2, side, width, depth }, pictures) => {
      const channels = pictures.shape.at(-1);
      const network = {
        dimensions,
        width,
        depth: change.depth ?? depth,
        backprop,
        memoryBudget,
        discriminator: { width: filters },
        inputChannels: channels,
        outputChannels: channels,
      };
      const gpu = engine === "webgpu" ? (process.env["REVGAN_BENCH_GPU"] ?? null) : null;
      const config = { mode, engine, gpu, network, data: { loadSize: side, cropSize: side } };
      const plan: WorkerPlan = { config, pictures, repeat };
      return WorkerProcess.start(process.execPath, [join(import.meta.dirname, "benchWorker.js"), JSON.stringify(plan)]);
    },
  };
}

/** The same network in PyTorch. */
export function pytorch(
  python: string,
  backprop: "reversible" | "storing",
  memoryFormat: "contiguous_format" | "channels_last",
): Implementation {
  return {
    name: `PyTorch, ${backprop}, ${memoryFormat === "channels_last" ? "channels last" : "channels first"}`,
    start: (workload, pictures) => {
      const { dimensions = 2 } = workload;
      const [downsampling, discriminatorLayers] = dimensions === 3 ? [1, 2] : [2, 3];
      const format = memoryFormat === "channels_last" && dimensions === 3 ? "channels_last_3d" : memoryFormat;
      const plan = {
        ...workload,
        dimensions,
        pictures,
        downsampling,
        discriminatorWidth: 64,
        discriminatorLayers,
        threads: availableParallelism(),
        device: process.env["REVGAN_BENCH_DEVICE"] ?? "cpu",
        backprop,
        memoryFormat: format,
      };
      return WorkerProcess.start(python, [join("test", "bench", "pytorch", "worker.py"), JSON.stringify(plan)]);
    },
  };
}

/** Starts an implementation and warms it up: the first steps create constants, plans and pools. */
export async function startImplementation(
  implementation: Implementation,
  workload: Workload,
  pictures: Pictures,
  request: string,
  warmUps: number,
): Promise<RunningImplementation> {
  const { worker, greeting } = await implementation.start(workload, pictures);
  for (let i = 0; i < warmUps; i++) await worker.ask(request);
  return { name: implementation.name, version: greeting.version, idle: greeting.idle, worker, answers: [] };
}

/** In each of several rounds measures every implementation once, so that a drift of the machine's speed affects all alike. */
export async function measureInTurn(
  running: readonly RunningImplementation[],
  request: string,
  rounds: number,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const { worker, answers } of running) answers.push(await worker.ask(request));
  }
}
