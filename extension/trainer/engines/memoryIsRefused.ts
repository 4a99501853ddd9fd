import { readFileSync } from "node:fs";

/**
 * Whether the system can refuse memory to this process (a limit on its addresses, as `ulimit -v` and batch systems set it, or
 * Linux's strict accounting), rather than grant it and end some process later.
 * @param proc where Linux tells about processes; elsewhere there is no such folder, and the answer is no
 */
export function memoryIsRefused(proc = "/proc"): boolean {
  try {
    const limit = /^Max address space\s+(\S+)/m.exec(readFileSync(`${proc}/self/limits`, "utf8"))?.[1];
    return limit !== "unlimited" || readFileSync(`${proc}/sys/vm/overcommit_memory`, "utf8").trim() === "2";
  } catch {
    return false;
  }
}
