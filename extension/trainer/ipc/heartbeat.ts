import { Worker } from "node:worker_threads";
import { bundlePath } from "../../processes/bundlePath";

/** `workerData` of heartbeatThread.ts: the milliseconds that the trainer may outlive its host, in shared memory. */
export interface HeartbeatData {
  readonly grace: SharedArrayBuffer;
}

/** The least time, in milliseconds, that a trainer has for a checkpoint after its host has ended. */
const leastGrace = 8000;

/**
 * Shows the host that the trainer's process is alive. A step may block the main thread for seconds, so the heartbeat runs in a thread of
 * its own. That thread also detects that the host has ended, and kills the process if it does not end within the grace period.
 */
export class Heartbeat {
  private readonly grace = new Int32Array(new SharedArrayBuffer(4));
  private readonly worker: Worker;

  constructor() {
    this.allow(0);
    const data: HeartbeatData = { grace: this.grace.buffer };
    this.worker = new Worker(bundlePath("heartbeat.js"), { workerData: data, stdout: false, stderr: false });
    this.worker.unref();
  }

  /** Sets the grace period, in seconds; see StopTimeout. */
  allow(seconds: number): void {
    Atomics.store(this.grace, 0, Math.max(leastGrace, Math.round(seconds * 1000)));
  }

  stop(): void {
    void this.worker.terminate();
  }
}
