import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { BytesByPart } from "../../extension/trainer/kernels/ledger";

/** A worker's first message, sent when its engine is loaded and before the network is made. */
export interface WorkerReady {
  /** Resident bytes of the process. */
  readonly idle: number;
  readonly version: string;
}

/** A worker's answer to one request. */
export interface Measurement {
  readonly seconds: number;
  /** Resident bytes after the request. */
  readonly resident: number;
  /** Largest resident set so far, in bytes. */
  readonly peak: number;
  /** Bytes of tensors by part at a step's peak; only our own worker reports them. */
  readonly tensors?: BytesByPart | null;
}

/** A process that takes one training step, or translates one picture, for each request. */
export class WorkerProcess {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  private constructor(program: string, args: readonly string[]) {
    this.child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  /** Starts a worker. @throws Error if it ends before its first message */
  static async start(
    program: string,
    args: readonly string[],
  ): Promise<{ worker: WorkerProcess; greeting: WorkerReady }> {
    const worker = new WorkerProcess(program, args);
    return { worker, greeting: await worker.next<WorkerReady>() };
  }

  /** Sends a request and waits for the answer. @param request `step` or `translate`. @throws Error if the process has ended */
  async ask(request: string): Promise<Measurement> {
    this.child.stdin!.write(`${request}\n`);
    return this.next<Measurement>();
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = new Promise((resolve) => this.child.once("close", resolve));
    this.child.stdin!.end();
    await gone;
  }

  private async next<T>(): Promise<T> {
    const line = await this.lines.next();
    if (line.done === true)
      throw new Error(`${this.child.spawnargs.slice(0, 2).join(" ")} ended; its message is above`);
    return JSON.parse(line.value) as T;
  }
}
