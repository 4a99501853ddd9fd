import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Line } from "../../extension/protocol/lines";
import { TrainerSession } from "../../extension/host/trainerSession";
import { sets, tiny, unpairedData } from "./commandLine";
import { temporaryFolder } from "./images";

/** The path of the built trainer. */
export const trainerProgram = join(import.meta.dirname, "..", "..", "dist", "trainer.js");

/** A temporary workspace with data and `revgan.json`. `sets` has the overrides of the tiny network, changed by `values`, as "key=value". */
export function workspace(values: Readonly<Record<string, unknown>> = {}): {
  folder: string;
  config: string;
  sets: string[];
} {
  const folder = temporaryFolder();
  unpairedData(join(folder, "data"));
  const config = join(folder, "revgan.json");
  writeFileSync(config, JSON.stringify({ data: { path: "data" } }));
  return {
    folder,
    config,
    sets: sets({ ...tiny, "training.maxSteps": 100_000, ...values }).filter((word) => word !== "--set"),
  };
}

/** Starts a session with a real trainer, and collects its lines, states and log. The trainer is killed after the test. */
export function startSession(
  cwd: string,
  order: ConstructorParameters<typeof TrainerSession>[0]["command"],
): { session: TrainerSession; lines: Line[]; states: string[]; log: string[] } {
  const [lines, states, log]: [Line[], string[], string[]] = [[], [], []];
  const session = new TrainerSession({
    program: trainerProgram,
    cwd,
    command: order,
    log: (level, text) => log.push(`${level}: ${text}`),
  });
  session.onLines((told) => lines.push(...told));
  session.onState(({ name }) => {
    if (states.at(-1) !== name) states.push(name);
  });
  onTestFinished(async () => {
    session.kill();
    await session.over;
  });
  return { session, lines, states, log };
}

/** Waits until `isSo` returns true. After `seconds` fails with a message that names `what`. */
export async function until(what: string, isSo: () => boolean, seconds = 30): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The ids of all descendants of a process, from /proc. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // The process has ended since the folder was listed.
    }
  }
  const below = (parent: number): number[] =>
    [...parents].filter(([, each]) => each === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

/** Whether a process is still there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
