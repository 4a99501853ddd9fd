import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { heartbeatDescriptor, heartbeatInterval } from "../../protocol/pipes";
import type { HeartData } from "./heartbeat";

/** The thread in which the trainer's heart beats: a byte a beat on a pipe to the host. */
const grace = new Int32Array((workerData as HeartData).grace);
let hostGoneAt: number | null = null;

setInterval(() => {
  try {
    if (hostGoneAt === null) writeSync(heartbeatDescriptor, ".");
  } catch (error) {
    // A full pipe is a host that does not look now; every other failure is a host that is gone.
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") hostGoneAt = Date.now();
  }
  if (hostGoneAt !== null && Date.now() - hostGoneAt > Atomics.load(grace, 0)) process.kill(process.pid, "SIGKILL");
}, heartbeatInterval);
