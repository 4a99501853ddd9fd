import { readdirSync, readFileSync } from "node:fs";
import { until } from "../browser/until";

export interface Process {
  pid: number;
  command: string;
}

/**
 * Every process whose environment carries NAME=VALUE: all that a program started, however deep, also when the ones between are gone.
 * Needs /proc; elsewhere none is found.
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
      // It ended while we looked, or it is another user's.
      return [];
    }
  });
}

/** Waits until none is left. After `seconds` it kills those that are, and fails with their command lines. */
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
