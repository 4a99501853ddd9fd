import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, onTestFinished } from "vitest";
import { type ErrorLine, type Line, parseLine } from "../../extension/protocol/lines";
import type { Run } from "../../extension/runFolder/runFile";
import { noise, type TestImage, writeTree } from "./images";
import { cliProgram, type Ended, revgan } from "./programs";

/** Converts overrides such as `{ "training.maxSteps": 3 }` to arguments of the command line. */
export function sets(values: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(values).flatMap(([key, value]) => [
    "--set",
    `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  ]);
}

/** Overrides for a network that has every part and yet takes a step in a tenth of a second. */
export const tiny = {
  engine: "wasm",
  "data.loadSize": null,
  "data.cropSize": 32,
  "network.width": 4,
  "network.depth": 1,
  "network.discriminator.width": 4,
  "network.discriminator.layers": 1,
  "training.maxSteps": 2,
} as const;

/** A folder for all tests of a file, deleted after the last one. */
export function sharedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "revgan-command-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes two domains of noise pictures, larger than the crop and not square. @param more further files. @returns the folder */
export function unpairedData(
  folder: string,
  { a = 3, b = 2, more = {} }: { a?: number; b?: number; more?: Parameters<typeof writeTree>[1] } = {},
): string {
  const pictures = (domain: string, count: number): [string, TestImage][] =>
    Array.from({ length: count }, (_, i) => [
      `train${domain}/${domain}${i}.png`,
      noise(i + 10 * domain.charCodeAt(0), 36, 40),
    ]);
  return writeTree(folder, { ...Object.fromEntries([...pictures("A", a), ...pictures("B", b)]), ...more });
}

/** Writes pairs whose two halves are side by side in one picture, one of them for validation. @returns the folder */
export function pairedData(folder: string): string {
  return writeTree(folder, {
    "train/1.png": noise(1, 36, 80),
    "train/2.png": noise(2, 36, 80),
    "val/3.png": noise(3, 36, 80),
  });
}

/** Runs `revgan train --json` with the network {@link tiny} to its end. @param values further overrides. @param more further arguments */
export function train(
  data: string,
  run: string,
  values: Readonly<Record<string, unknown>> = {},
  more: readonly string[] = [],
): Promise<Ended> {
  return revgan(["train", "--json", "--data", data, "--run", run, ...sets({ ...tiny, ...values }), ...more]);
}

/** Runs `revgan resume --json` to its end. @param values overrides of the configuration */
export function resume(run: string, values: Readonly<Record<string, unknown>> = {}): Promise<Ended> {
  return revgan(["resume", run, "--json", ...sets(values)]);
}

/** Checks that a program ended with exit code 0; if not, the assertion shows its error messages. Returns the lines of its output. */
export function expectDone({ code, stdout, stderr }: Ended): Line[] {
  expect(
    stderr +
      stdout
        .split("\n")
        .filter((line) => line.includes('"error"'))
        .join("\n") +
      `exit code ${code}`,
  ).toMatch(/exit code 0$/);
  return linesOf(stdout);
}

/** Parses the output of a program run with `--json`. Fails if a line has another format or the last line is not ended. */
export function linesOf(stdout: string): Line[] {
  expect(stdout === "" || stdout.endsWith("\n")).toBe(true);
  return stdout.split("\n").slice(0, -1).map(parseLine);
}

/** Those of the lines that have one type. */
export function ofType<T extends Line["type"]>(lines: readonly Line[], type: T): Extract<Line, { type: T }>[] {
  return lines.filter((line): line is Extract<Line, { type: T }> => line.type === type);
}

/**
 * Checks that a program run with `--json` refused in the documented way: with the exit code, one line on stderr with message and remedy,
 * no stack trace, and the same error as the last line of stdout. Returns that line.
 */
export function expectRefused(
  { code, stdout, stderr }: Ended,
  expected: { exit: number; code: ErrorLine["code"]; says: readonly (string | RegExp)[] },
): ErrorLine {
  const errors = stderr.split("\n").filter((line) => line.startsWith("revgan: "));
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(errors, stderr).toHaveLength(1);
  const error = linesOf(stdout).at(-1) as ErrorLine;
  expect(error).toMatchObject({ type: "error", code: expected.code });
  expect(errors[0]).toBe(`revgan: ${error.message}; ${error.remedy}`);
  expect(stderr.endsWith(`${errors[0]!}\n`)).toBe(true);
  for (const words of expected.says)
    expect(errors[0]).toMatch(
      typeof words === "string" ? new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")) : words,
    );
  expect(code).toBe(expected.exit);
  return error;
}

/** A process of `revgan` that a test observes while it runs. */
export class Running {
  private stdout = "";
  private stderr = "";
  private readonly child: ChildProcess;
  /** Resolves with exit code and output when the process has ended. */
  readonly end: Promise<Ended>;
  private readonly waiting = new Set<() => void>();

  /** Starts `revgan` as the leader of a new process group, as a terminal does. The process is killed after the test. */
  constructor(args: readonly string[], cwd?: string) {
    this.child = spawn(process.execPath, [cliProgram, ...args], {
      cwd,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stdout?.on("data", (chunk: Buffer) => {
      this.stdout += chunk.toString();
      for (const look of this.waiting) look();
    });
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString();
      for (const look of this.waiting) look();
    });
    this.end = new Promise((resolve, reject) => {
      this.child.on("error", reject);
      this.child.on("close", (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr }));
    });
    onTestFinished(() => void this.child.kill("SIGKILL"));
  }

  /** Waits until the output contains these words. Fails if the program ends before. */
  async says(words: string | RegExp): Promise<void> {
    const said = new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.heard(words)) resolve();
      };
      this.waiting.add(look);
      look();
    });
    const early = this.end.then(({ code, stderr }) => {
      if (!this.heard(words)) throw new Error(`ended with ${String(code)} before it said ${String(words)}: ${stderr}`);
    });
    await Promise.race([said, early]);
  }

  private heard(words: string | RegExp): boolean {
    return [this.stdout, this.stderr].some((text) => text.search(words) >= 0);
  }

  /** Sends SIGINT to the whole process group, as a terminal does for Ctrl-C. */
  interrupt(): Promise<Ended> {
    process.kill(-this.child.pid!, "SIGINT");
    return this.end;
  }

  /** Sends SIGKILL, which a process cannot handle. */
  kill(): Promise<Ended> {
    this.child.kill("SIGKILL");
    return this.end;
  }
}

/** SHA-256 of every file below a folder, by path: equal folders give equal objects. */
export function folderHashes(folder: string): Record<string, string> {
  return Object.fromEntries(
    filesBelow(folder).map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex"),
    ]),
  );
}

/** Paths of all files below a folder, relative to it and sorted, with hidden files. */
export function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  return entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
}

export function readRunFile(run: string): Run {
  return JSON.parse(readFileSync(join(run, "run.json"), "utf8")) as Run;
}

/** SHA-256 of each file of a step's checkpoint. The checkpoint's folder is named by the step with six digits. */
export function checkpoint(run: string, step: number): Record<string, string> {
  return folderHashes(join(run, "checkpoints", String(step).padStart(6, "0")));
}

/** The parsed lines of a run's `metrics.jsonl`. */
export function metricsOf(run: string): Line[] {
  return linesOf(readFileSync(join(run, "metrics.jsonl"), "utf8"));
}
