import { askNvidia, gpuInUse } from "./nvidia";
import { runProcess } from "../../processes/runProcess";

/** Milliseconds between two queries: nvidia-smi takes a fraction of a second of CPU time. */
const queryIntervalMilliseconds = 5_000;

/** Tells how much of a GPU's memory this process holds. */
export interface GpuMemory {
  /** Null while the number is not known. */
  readonly bytes: number | null;
  /** Asks for the bytes, without waiting for the answer. */
  refresh(): void;
  read(): Promise<number | null>;
}

/** The GPU memory that the WebGPU engine holds: its buffers, also those that wait to be reused for a tensor of their size. */
export class PoolMeter implements GpuMemory {
  constructor(private readonly gpu: { readonly heldBytes: number }) {}

  get bytes(): number {
    return this.gpu.heldBytes;
  }

  refresh(): void {
    // `bytes` is always up to date.
  }

  read(): Promise<number> {
    return Promise.resolve(this.bytes);
  }
}

/**
 * Bytes of GPU memory that this process holds, as the driver counts them: tensors, TensorFlow's reserve and CUDA's own. Where the driver
 * does not know this process's id (in a container), the bytes of all processes.
 */
export class GpuMeter implements GpuMemory {
  /** The bytes by the latest answer of nvidia-smi; null before the first. */
  bytes: number | null = null;
  private askedAt = -Infinity;

  constructor(
    private readonly env: NodeJS.ProcessEnv = process.env,
    private readonly pid: number = process.pid,
  ) {}

  /** Starts a query in the background, unless one began within the interval. A failed query leaves {@link bytes} as it is. */
  refresh(): void {
    if (performance.now() - this.askedAt < queryIntervalMilliseconds) return;
    void this.read().catch(() => undefined);
  }

  /** Queries now. Where the driver gives no answer, the last value stays. */
  async read(): Promise<number | null> {
    this.askedAt = performance.now();
    const own = await this.ownBytes();
    const bytes = own > 0 ? own : gpuInUse(await askNvidia(this.env), this.env)?.usedBytes;
    return (this.bytes = bytes ?? this.bytes);
  }

  private async ownBytes(): Promise<number> {
    const args = ["--query-compute-apps=pid,used_memory", "--format=csv,noheader,nounits"];
    const end = await runProcess("nvidia-smi", args, { timeoutMs: 20_000, env: this.env }).catch(() => null);
    const rows = (end?.stdout ?? "")
      .trim()
      .split("\n")
      .map((line) => line.split(",").map(Number));
    return rows
      .filter(([pid]) => pid === this.pid)
      .reduce((sum, [, mebibytes = 0]) => sum + (Number.isFinite(mebibytes) ? mebibytes : 0) * 2 ** 20, 0);
  }
}
