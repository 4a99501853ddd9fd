import { Worker } from "node:worker_threads";
import { bundlePath } from "../../processes/bundlePath";

/** What the beating thread is given: how long the trainer may outlive its host, in milliseconds, as shared memory. */
export interface HeartData {
  readonly grace: SharedArrayBuffer;
}

/** The least time that a trainer has to write its checkpoint once its host is gone, in milliseconds. */
const leastGrace = 8000;

/**
 * The trainer's sign of life. A step may hold the main thread for seconds, so it beats in a thread of its own; that thread also
 * notices a host that is gone while the main thread is deaf, and ends the process when its time is over.
 */
export class Heart {
  private readonly grace = new Int32Array(new SharedArrayBuffer(4));
  private readonly worker: Worker;

  constructor() {
    this.allow(0);
    const data: HeartData = { grace: this.grace.buffer };
    this.worker = new Worker(bundlePath("heartbeat.js"), { workerData: data, stdout: false, stderr: false });
    this.worker.unref();
  }

  /** How long stopping may take, in seconds: as long as the longest term and a checkpoint need. */
  allow(seconds: number): void {
    Atomics.store(this.grace, 0, Math.max(leastGrace, Math.round(seconds * 1000)));
  }

  stop(): void {
    void this.worker.terminate();
  }
}
