import { readdirSync, readFileSync } from "node:fs";

/** The most that a process has had, in bytes, by Linux's own count: resident (`VmHWM`) or of addresses (`VmPeak`). 0 when it is gone. */
export function peakOf(pid: number | undefined, what: "VmHWM" | "VmPeak"): number {
  try {
    return 1024 * Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]);
  } catch {
    return 0;
  }
}

/** The processes that a process has started, by Linux's own list; none when it is gone. */
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
