import type { Config } from "../../configuration/config";
import { requiredCase } from "../memoryTheory/memoryBudget";
import { MemoryTheory } from "../memoryTheory/memoryTheory";
import { engineOf } from "../planning/beforeTraining";
import { residentPerPeak } from "../planning/rates";

/**
 * Bytes that a training's job needs beside its tensors: for the command, its training with an idle engine, and the process that decodes the
 * pictures. These took 420 MiB with TensorFlow on two cores and small pictures; the rest is for large pictures and more threads. Whether
 * CUDA's libraries fit into the larger allowance for GPUs was not measured.
 */
const allowance = { cpu: 2 * 2 ** 30, gpu: 6 * 2 ** 30 };

/**
 * The bytes of memory that the largest of these trainings takes: the exact peak of its step's tensors by {@link MemoryTheory}, times the
 * engine's ratio of resident bytes to that peak, plus an allowance for the processes.
 * @throws RevganError `config` for pictures of no fixed size, whose memory cannot be known
 */
export function jobBytes(configs: readonly Config[], onGpu: boolean): number {
  // Configurations that differ only in their seeds, or in settings of the data other than the crop, share one computed peak.
  const known = new Map<string, number>();
  const bytesOf = (config: Config): number => {
    const engine = engineOf(config);
    const key = JSON.stringify({ ...config, data: config.data.cropSize, training: { ...config.training, seed: 0 } });
    const bytes = known.get(key) ?? peakOf(config, engine) * residentPerPeak[engine === "wasm" ? "wasm" : "native"];
    known.set(key, bytes);
    return bytes;
  };
  return Math.ceil(Math.max(...configs.map(bytesOf))) + (onGpu ? allowance.gpu : allowance.cpu);
}

function peakOf(config: Config, engine: string): number {
  const theory = new MemoryTheory(config, engine);
  return theory.at(requiredCase(theory, config.network)).peak;
}
