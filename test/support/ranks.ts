import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { locateMpi } from "../../extension/trainer/engines/installedMpi";
import { cliProgram, type Ended } from "./programs";

/** A group of MPI ranks with the same arguments of `revgan`. */
export type RankGroup = readonly [ranks: number, args: readonly string[]];

/** A training on several MPI ranks that a test observes while it runs. */
export class RunningRanks {
  private readonly child;
  /** Resolves with exit code and output when the launcher has ended. */
  readonly end: Promise<Ended>;

  constructor(groups: readonly RankGroup[], env: NodeJS.ProcessEnv = {}) {
    const words = groups.flatMap(([ranks, args], i) => [
      ...(i === 0 ? [] : [":"]),
      ...["-n", String(ranks), process.execPath, cliProgram, ...args],
    ]);
    this.child = spawn(locateMpi()!.mpiexec!, words, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    this.child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    this.child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    this.end = new Promise((resolve, reject) => {
      this.child.on("error", reject);
      this.child.on("close", (code) => resolve({ code, stdout, stderr }));
    });
  }

  /** Kills MPI's launcher, whereupon the processes of all ranks end. */
  kill(): void {
    this.child.kill("SIGKILL");
  }

  /** Sends SIGINT to the launcher, as Ctrl-C does. */
  interrupt(): void {
    this.child.kill("SIGINT");
  }

  /** The process id of a rank of this training; undefined before it has started. */
  processOf(rank: number): number | undefined {
    return processes().find(
      ({ environment, parents }) => parents.includes(this.child.pid!) && environment.includes(`PMI_RANK=${rank}`),
    )?.pid;
  }
}

/** Runs a training on several ranks to its end. */
export function onRanks(ranks: number, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new RunningRanks([[ranks, args]], env).end;
}

interface Process {
  readonly pid: number;
  readonly parents: readonly number[];
  readonly environment: readonly string[];
}

/** All processes of this machine that run the built command line, from /proc. */
function processes(): Process[] {
  const parentOf = (pid: number): number => Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && read(`/proc/${pid}/cmdline`).split("\0").includes(cliProgram))
    .map((pid) => {
      const parents = [parentOf(pid)];
      while (parents.at(-1)! > 1) parents.push(parentOf(parents.at(-1)!));
      return { pid, parents, environment: read(`/proc/${pid}/environ`).split("\0") };
    });
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The process has ended since /proc was listed.
    return "";
  }
}
