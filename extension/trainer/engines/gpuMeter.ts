import { askNvidia, gpuInUse } from "./nvidia";
import { runProcess } from "./runProcess";

/** Milliseconds between two questions: nvidia-smi takes a part of a second of a processor. */
const interval = 5_000;

/**
 * Bytes of the GPU's memory that this process holds, as the driver counts them: tensors, what TensorFlow keeps for more, and CUDA's
 * own. Where the driver does not know our number (in a container), those of all programs.
 */
export class GpuMeter {
  /** Null until nvidia-smi has answered. */
  bytes: number | null = null;
  private askedAt = -Infinity;

  constructor(
    private readonly env: NodeJS.ProcessEnv = process.env,
    private readonly pid: number = process.pid,
  ) {}

  /** Asks in the background, where the last answer is old. */
  refresh(): void {
    if (performance.now() - this.askedAt < interval) return;
    void this.read().catch(() => undefined);
  }

  /** Asks now. A driver that does not answer leaves what was known. */
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
