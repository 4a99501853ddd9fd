import { runProcess } from "../../processes/runProcess";
import { findGpu, type Lack, type WantedGpu } from "./wantedGpu";

export interface Gpu {
  /**
   * The GPU's number in nvidia-smi, and in CUDA too, since gpuEnvironment.ts sets CUDA_DEVICE_ORDER to PCI_BUS_ID unless the user sets it.
   */
  readonly index: number;
  readonly name: string;
  /** The GPU's compute capability: 9 and 0 for 9.0. */
  readonly capability: readonly [number, number];
  readonly totalBytes: number;
  /** Memory that all programs together use, in bytes. */
  readonly usedBytes: number;
}

/** The GPUs of this machine, or why there is none. */
export type GpuReport = { readonly driver: string; readonly gpus: readonly Gpu[] } | { readonly lack: Lack };

/**
 * The first driver for CUDA 12 (CUDA's release notes). `leastCapability` is that of Pascal, the oldest GPUs that TensorFlow 2.21 has
 * kernels for.
 */
const oldestDriver = "525.60.13";
const leastCapability = [6, 0] as const;
const driverRemedy = `install NVIDIA's driver ${oldestDriver} or a later one`;

const fields = ["index", "name", "compute_cap", "memory.total", "memory.used", "driver_version"];

/**
 * Asks nvidia-smi, which comes with NVIDIA's driver.
 * @throws the AbortError of `signal`
 */
export async function askNvidia(env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<GpuReport> {
  const args = [`--query-gpu=${fields.join()}`, "--format=csv,noheader,nounits"];
  const end = await runProcess("nvidia-smi", args, { timeoutMs: 20_000, env, signal }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    return null;
  });
  if (end === null)
    return {
      lack: {
        reason: "no GPU was found: there is no nvidia-smi, which comes with NVIDIA's driver",
        remedy: `${driverRemedy} if there is a GPU`,
      },
    };
  if (/not a valid field/.test(end.stdout + end.stderr)) return { lack: tooOld("here") };
  const words = `${end.stdout}\n${end.stderr}`.trim().split("\n").at(-1)!.trim();
  if (end.code !== 0)
    return {
      lack: {
        reason: `no GPU was found: nvidia-smi says: ${words}`,
        remedy: `${driverRemedy}, and start the machine again`,
      },
    };
  const rows = end.stdout
    .trim()
    .split("\n")
    .map((line) => line.split(",").map((field) => field.trim()));
  const gpus = rows
    .filter((row) => row.length === fields.length)
    .map(([index, name, capability, total, used]): Gpu => {
      const [major = 0, minor = 0] = capability!.split(".").map(Number);
      return {
        index: Number(index),
        name: name!,
        capability: [major, minor],
        totalBytes: mebibytes(total!),
        usedBytes: mebibytes(used!),
      };
    });
  if (gpus.length === 0)
    return { lack: { reason: "no GPU was found: nvidia-smi lists none", remedy: "see whether `nvidia-smi` lists it" } };
  return { driver: rows[0]!.at(-1)!, gpus };
}

/** Why TensorFlow can use none of the GPUs that nvidia-smi found or, where one is wanted, not that one; null where it can. */
export function lackOf(report: GpuReport, wanted: WantedGpu = null): Lack | null {
  if ("lack" in report) return report.lack;
  if (isBefore(versionNumbers(report.driver), versionNumbers(oldestDriver))) return tooOld(report.driver);
  const found = wanted === null ? null : findGpu(report.gpus, wanted);
  if (found !== null && "reason" in found) return found;
  const candidates = found === null ? report.gpus : [found];
  if (candidates.every(({ capability }) => isBefore(capability, leastCapability))) {
    const { name, capability } = candidates[0]!;
    return {
      reason: `${name} has compute capability ${capability.join(".")}, and TensorFlow needs ${leastCapability.join(".")} or higher`,
      remedy: "use the native engine on the CPU",
    };
  }
  return null;
}

/** The environment in which CUDA shows TensorFlow only the wanted GPU; `env` unchanged where no GPU is wanted or it is not listed. */
export function seeingOnly(report: GpuReport, wanted: WantedGpu, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const found = wanted === null || "lack" in report ? null : findGpu(report.gpus, wanted);
  return found === null || "reason" in found ? env : { ...env, CUDA_VISIBLE_DEVICES: String(found.index) };
}

/**
 * The GPU that TensorFlow computes on in this environment: the last one that CUDA shows it.
 * @returns undefined where there is none, or the environment names it in a way that only CUDA understands
 */
export function gpuInUse(report: GpuReport, env: NodeJS.ProcessEnv): Gpu | undefined {
  const gpus = "lack" in report ? [] : report.gpus;
  const visible = env["CUDA_VISIBLE_DEVICES"];
  if (visible === undefined) return gpus.at(-1);
  const last = visible.split(",").at(-1);
  return gpus.find(({ index }) => String(index) === last);
}

function tooOld(driver: string): Lack {
  return { reason: `NVIDIA's driver ${driver} is too old for CUDA 12`, remedy: driverRemedy };
}

function versionNumbers(version: string): number[] {
  return version.split(".").map(Number);
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const at = b.findIndex((each, index) => (a[index] ?? 0) !== each);
  return at >= 0 && (a[at] ?? 0) < b[at]!;
}

/** Bytes from nvidia-smi's number of MiB; 0 where it gives no number, as for some GPUs that share the system's memory. */
function mebibytes(text: string): number {
  const number = Number(text);
  return Number.isFinite(number) ? number * 1024 * 1024 : 0;
}
