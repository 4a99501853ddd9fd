import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds after which a disk that says nothing counts as gone: a server that is down may not answer for hours. */
const patience = 5000;

/** Questions that are not answered yet, by their folder: each holds one of the few threads that Node asks the system with. */
const asked = new Map<string, Promise<boolean>>();
const silent = new Set<string>();

/** Whether a folder is there, and its disk answers; links are followed. */
export async function isReachable(folder: string): Promise<boolean> {
  const answer = asked.get(folder) ?? ask(folder);
  asked.set(folder, answer);
  const said = await Promise.race([answer, sleep(patience, null, { ref: false })]);
  if (said === null && asked.get(folder) === answer) silent.add(folder);
  return said ?? false;
}

/** Whether a folder's disk has not answered when it was asked: whoever reads from it now would wait, too. */
export function isSilent(folder: string): boolean {
  return silent.has(folder);
}

async function ask(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch {
    return false;
  } finally {
    asked.delete(folder);
    silent.delete(folder);
  }
}
