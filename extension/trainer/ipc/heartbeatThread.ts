import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { heartbeatDescriptor, heartbeatInterval } from "../../protocol/pipes";
import type { HeartbeatData } from "./heartbeat";

/** The heartbeat's thread: writes a byte to a pipe to the host at each interval. */
const grace = new Int32Array((workerData as HeartbeatData).grace);
let hostGoneAt: number | null = null;

setInterval(() => {
  try {
    if (hostGoneAt === null) writeSync(heartbeatDescriptor, ".");
  } catch (error) {
    // EAGAIN: the pipe is full because a busy host does not read. Every other error means that the host has ended.
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") hostGoneAt = Date.now();
  }
  if (hostGoneAt !== null && Date.now() - hostGoneAt > Atomics.load(grace, 0)) process.kill(process.pid, "SIGKILL");
}, heartbeatInterval);
