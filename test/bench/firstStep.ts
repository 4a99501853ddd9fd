import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Line } from "../../extension/protocol/lines";
import { markdownTable } from "./statistics";

/** Numbers of files per domain that are measured. */
const counts = [1000, 40_000, 500_000];

/** The most hard links that are made to one file; ext4 allows 65,000. */
const linksOfOne = 30_000;

const samples = "media/samples/nuclei-labels/train";

/** `npm run bench:data`: measures the time to the first step with few and with many files. The files are hard links to a few pictures. */
async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "revgan-first-step-"));
  try {
    const rows: string[][] = [];
    for (const count of counts) {
      const data = join(folder, String(count));
      for (const domain of ["trainA", "trainB"]) writeLinks(join(data, domain), count);
      // The first run is not measured: it fills the system's file cache.
      await firstStep(data, join(folder, "run"));
      const { seconds, bytes } = await firstStep(data, join(folder, "run"));
      rows.push([count.toLocaleString("en"), seconds.toFixed(1), `${(bytes / 1e6).toFixed(0)} MB`]);
      // `rm` removes a million files faster than Node does.
      execFileSync("rm", ["-rf", data]);
    }
    process.stdout.write(`${markdownTable(["files a domain", "seconds to the first step", "resident"], rows)}\n`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeLinks(folder: string, count: number): void {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(samples).slice(0, 40);
  for (let i = 0; i < count; i++) {
    const part = Math.floor(i / (linksOfOne * names.length));
    const source = join(folder, `source-${part}-${names[i % names.length]!}`);
    if (i % (linksOfOne * names.length) < names.length) copyFileSync(join(samples, names[i % names.length]!), source);
    else linkSync(source, join(folder, `picture-${String(i).padStart(7, "0")}.png`));
  }
}

/** Seconds from the start of `revgan train` to the line of its first step, and the process's resident bytes at that step. */
async function firstStep(data: string, run: string): Promise<{ readonly seconds: number; readonly bytes: number }> {
  const sets = {
    "network.width": 4,
    "network.depth": 1,
    "data.loadSize": 36,
    "data.cropSize": 32,
    "training.maxSteps": 1,
  };
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [
      ...["dist/cli.js", "train", "--json", "--data", data, "--run", run],
      ...Object.entries(sets).flatMap(([key, value]) => ["--set", `${key}=${value}`]),
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let first: { seconds: number; bytes: number } | null = null;
  for await (const text of createInterface(child.stdout)) {
    const line = JSON.parse(text) as Line;
    if (line.type === "step") first ??= { seconds: (performance.now() - started) / 1000, bytes: line.residentBytes };
  }
  rmSync(run, { recursive: true, force: true });
  if (first === null) throw new Error(`there was no step with ${data}`);
  return first;
}

void main().then((code) => process.exit(code));
