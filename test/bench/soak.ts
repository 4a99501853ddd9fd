import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StepLine } from "../../extension/protocol/lines";
import { readConfiguration } from "../../extension/configuration/readConfiguration";
import { trainNew } from "../../extension/trainer/training/train";

import { markdownTable, slope } from "./statistics";

/** Resources of the process after a step. None may be larger at the end of a long training than near its start. */
interface Belongings {
  readonly step: number;
  /** Bytes of live tensors. */
  readonly tensors: number;
  /** The number of timers, pipes, files and processes that keep Node's event loop alive. */
  readonly handles: number;
  readonly files: number;
  readonly listeners: number;
  /** Resident bytes of the process. They vary by themselves with allocator and garbage collector, so they are printed but not judged. */
  readonly resident: number;
}

/** Steps until all resources have reached their size, and steps between two checks. */
const settled = 1000;
const every = 500;

/** `npm run soak [-- STEPS]`: trains many steps at 32², with samples and checkpoints, and checks that no resource grows. */
async function main(): Promise<number> {
  const steps = Number(process.argv[2] ?? 10_000);
  const folder = mkdtempSync(join(tmpdir(), "revgan-soak-"));
  const resident: [number, number][] = [];
  const looks: Belongings[] = [];
  const note = (text: string): void => void process.stderr.write(`${text}\n`);
  const line = ({ step, bytes, residentBytes }: StepLine): void => {
    resident.push([step, residentBytes]);
    if (step % every === 0)
      looks.push({
        step,
        tensors: bytes.live,
        handles: process.getActiveResourcesInfo().length,
        files: openFiles(),
        listeners: listeners(),
        resident: residentBytes,
      });
  };
  try {
    const sets = [
      `training.maxSteps=${steps}`,
      "data.loadSize=36",
      "data.cropSize=32",
      "network.width=8",
      "network.depth=2",
      "network.discriminator.width=8",
      "training.sampleEvery=250",
      "training.checkpointEvery=250",
    ];
    const config = await readConfiguration({
      data: join("media", "samples", "nuclei-labels"),
      sets: ["mode=unpaired", ...sets],
    });
    await trainNew(
      { config, folder: join(folder, "run") },
      { line: (each) => each.type === "step" && line(each), note, warn: note, signal: new AbortController().signal },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const rows = looks.map((each) =>
    [each.step, each.tensors, each.handles, each.files, each.listeners, (each.resident / 1e6).toFixed(1)].map(String),
  );
  process.stdout.write(
    `${markdownTable(["step", "tensors, bytes", "handles", "open files", "listeners", "resident, MB"], rows)}\n\n`,
  );
  process.stdout.write(
    `resident: ${Math.round(slope(resident.slice(settled)))} bytes a step after the first ${settled}\n`,
  );
  const grown = growth(looks.filter(({ step }) => step >= settled));
  process.stdout.write(grown.length === 0 ? "nothing has grown\n" : `grown: ${grown.join(", ")}\n`);
  return grown.length === 0 ? 0 : 1;
}

/** The names of the resources that are larger in every check of the second half than in any check of the first. */
function growth(looks: readonly Belongings[]): string[] {
  const half = looks.length >> 1;
  const [early, late] = [looks.slice(0, half), looks.slice(half)];
  return (["tensors", "handles", "files", "listeners"] as const).filter(
    (what) => Math.min(...late.map((each) => each[what])) > Math.max(...early.map((each) => each[what])),
  );
}

function openFiles(): number {
  return readdirSync("/proc/self/fd").length;
}

function listeners(): number {
  return process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
}

void main().then((code) => process.exit(code));
