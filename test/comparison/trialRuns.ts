import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type EvaluationLine, type Line, parseLine } from "../../extension/protocol/lines";
import { configurationOf, keyOf, steps, type Trial } from "./plan";

const cli = join(import.meta.dirname, "cli.js");

/** A trial's training, on disk: begun, gone on with, or finished; so that the comparison can be broken off at any time. */
export class TrialRun {
  private readonly folder: string;

  /** @param cache where the runs are kept */
  constructor(
    private readonly trial: Trial,
    cache: string,
  ) {
    this.folder = join(cache, keyOf(trial));
  }

  /** Trains to the last step; at once where that was done before. */
  async train(): Promise<void> {
    if (this.isFinished) return;
    if (this.hasCheckpoint) {
      await revgan(["resume", this.folder, "--json"], oneThread);
      return;
    }
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(join(this.folder, ".."), { recursive: true });
    const config = `${this.folder}.json`;
    writeFileSync(config, JSON.stringify(configurationOf(this.trial)));
    await revgan(
      ["train", "--config", config, "--data", this.trial.data.path, "--run", this.folder, "--json"],
      oneThread,
    );
  }

  /** Judges the finished run on the test split: a line for each direction. */
  async evaluate(): Promise<EvaluationLine[]> {
    const lines = await revgan(["evaluate", "--run", this.folder, "--data", this.trial.data.path, "--json"], oneThread);
    return lines.filter((line): line is EvaluationLine => line.type === "evaluation");
  }

  get isFinished(): boolean {
    return this.state === "finished";
  }

  /** A picture that the last step left. */
  sample(name: string): string {
    return join(this.folder, "samples", String(steps).padStart(6, "0"), name);
  }

  private get state(): string | null {
    const file = join(this.folder, "run.json");
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { state: string }).state : null;
  }

  private get hasCheckpoint(): boolean {
    return this.state !== null && existsSync(join(this.folder, "checkpoints"));
  }
}

/** On one core, so that two trainings run side by side. */
const oneThread = { TF_NUM_INTRAOP_THREADS: "1" };

/** Runs `revgan`. Returns its lines. @throws Error with what it said */
export function revgan(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Line[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0)
        resolve(
          stdout
            .split("\n")
            .filter((line) => line !== "")
            .map(parseLine),
        );
      else reject(new Error(`revgan ${args.join(" ")} ended with ${String(code)}: ${stderr}`));
    });
  });
}
