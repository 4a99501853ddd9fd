import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { availableParallelism, hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./browser/until";
import { ended, type Ended } from "./programs";

/** The programs of Slurm and of its authentication service, Munge, that the tests need. */
const programs = ["munged", "slurmctld", "slurmd", "srun", "sbatch", "squeue", "scancel"];

/** Whether Slurm is installed; as root on Debian, installs it if missing. False without root, which its daemons require. */
export function hasSlurm(): boolean {
  if (process.getuid?.() !== 0) return false;
  if (isThere()) return true;
  if (!existsSync("/etc/debian_version")) return false;
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "slurm-wlm", "munge"]])
    spawnSync("apt-get", args, { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  return isThere();
}

function isThere(): boolean {
  return programs.every((program) => spawnSync("sh", ["-c", 'command -v "$0"', program]).status === 0);
}

/** A Slurm cluster of only this machine, with one partition `main`, in a temporary folder and on free ports. */
export class Slurm {
  private readonly folder = mkdtempSync(join(tmpdir(), "revgan-slurm-"));
  private readonly daemons: ChildProcess[] = [];

  private constructor() {
    // These folders are created here, writable only by their owner, because the daemons refuse folders that others may write to.
    for (const name of ["state", "spool"]) mkdirSync(join(this.folder, name));
  }

  /** The environment variables with which Slurm's programs find this cluster. */
  get env(): NodeJS.ProcessEnv {
    return { SLURM_CONF: join(this.folder, "slurm.conf") };
  }

  static async start(): Promise<Slurm> {
    const slurm = new Slurm();
    const { folder } = slurm;
    const [controller, node] = [await freePort(), await freePort()];
    const at = (name: string): string => join(folder, name);
    execFileSync("chmod", ["755", folder]);
    writeFileSync(at("munge.key"), randomBytes(1024), { mode: 0o600 });
    const host = hostname();
    const lines = {
      ClusterName: "test",
      SlurmctldHost: `${host}(127.0.0.1)`,
      SlurmUser: "root",
      AuthType: "auth/munge",
      CredType: "cred/munge",
      AuthInfo: `socket=${at("munge.sock")}`,
      MpiDefault: "pmi2",
      ProctrackType: "proctrack/linuxproc",
      TaskPlugin: "task/none",
      SelectType: "select/cons_tres",
      SelectTypeParameters: "CR_Core",
      ReturnToService: "2",
      SlurmctldPort: String(controller),
      SlurmdPort: String(node),
      StateSaveLocation: at("state"),
      SlurmdSpoolDir: at("spool"),
      SlurmctldPidFile: at("slurmctld.pid"),
      SlurmdPidFile: at("slurmd.pid"),
      NodeName: `${host} NodeAddr=127.0.0.1 CPUs=${availableParallelism()} RealMemory=4000 State=UNKNOWN`,
      PartitionName: `main Nodes=${host} Default=YES MaxTime=INFINITE State=UP`,
    };
    const text = Object.entries(lines).map(([key, value]) => `${key}=${value}\n`);
    writeFileSync(at("slurm.conf"), text.join(""));
    slurm.run("munged", [
      ...["--foreground", "--force", `--key-file=${at("munge.key")}`, `--socket=${at("munge.sock")}`],
      ...[`--pid-file=${at("munged.pid")}`, `--log-file=${at("munged.log")}`, `--seed-file=${at("munged.seed")}`],
    ]);
    await until("munge", () => Promise.resolve(existsSync(at("munge.sock")) || undefined));
    slurm.run("slurmctld", ["-D"]);
    slurm.run("slurmd", ["-D"]);
    await until("an idle node", async () => {
      const { stdout } = await slurm.call("sinfo", ["--noheader", "--format=%T"]);
      return stdout.trim() === "idle" || undefined;
    });
    return slurm;
  }

  /** Runs one of Slurm's programs to its end. */
  call(program: string, args: readonly string[]): Promise<Ended> {
    return ended(program, args, { env: this.env });
  }

  /** Ends the daemons in reverse order: Munge, which the others need, last. */
  async stop(): Promise<void> {
    for (const daemon of this.daemons.toReversed()) {
      const gone = new Promise((resolve) => daemon.once("close", resolve));
      daemon.kill();
      if (daemon.exitCode === null) await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(program: string, args: readonly string[]): void {
    this.daemons.push(spawn(program, args, { env: { ...process.env, ...this.env }, stdio: "ignore" }));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
