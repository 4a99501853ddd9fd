import { readdirSync, readFileSync } from "node:fs";

/** The peak in bytes of a process's resident memory (`VmHWM`) or address space (`VmPeak`), from /proc; 0 if the process has ended. */
export function peakOf(pid: number | undefined, what: "VmHWM" | "VmPeak"): number {
  try {
    return 1024 * Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]);
  } catch {
    return 0;
  }
}

/** The ids of a process's child processes, from /proc; empty if the process has ended. */
export function childrenOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.flatMap((thread) =>
      (readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").match(/\d+/g) ?? []).map(Number),
    );
  } catch {
    return [];
  }
}
