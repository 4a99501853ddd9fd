import { readdirSync, readFileSync } from "node:fs";
import { until } from "../browser/until";

export interface Process {
  pid: number;
  command: string;
}

/**
 * All processes whose environment has NAME=VALUE. A program started with the variable passes it on, so these are all its descendants,
 * even if their parents have ended. Reads /proc; on systems other than Linux the list is empty.
 */
export function processesWith(name: string, value: string): Process[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const variables = readFileSync(`/proc/${entry}/environ`, "utf8").split("\0");
      if (!variables.includes(`${name}=${value}`)) return [];
      return [
        { pid: Number(entry), command: readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " ").trim() },
      ];
    } catch {
      // The process has ended in the meantime, or belongs to another user.
      return [];
    }
  });
}

/** Waits until `find` returns no process. After `seconds`, kills the processes that are left and fails with their command lines. */
export async function waitUntilGone(find: () => Process[], seconds: number): Promise<void> {
  const gone = (): Promise<true | undefined> => Promise.resolve(find().length === 0 ? true : undefined);
  try {
    await until(
      "every process to end",
      gone,
      () => Promise.resolve(find().map(({ pid, command }) => `${pid} ${command}`)),
      seconds,
    );
  } catch (error) {
    for (const { pid } of find()) process.kill(pid, "SIGKILL");
    await until("killed processes to end", gone);
    throw error;
  }
}
