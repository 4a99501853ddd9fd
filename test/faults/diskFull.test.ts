import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { StepLine } from "../../extension/protocol/lines";
import {
  checkpoint,
  expectDone,
  expectRefused,
  filesBelow,
  folderHashes,
  metricsOf,
  readRunFile,
  resume,
  Running,
  sets,
  sharedFolder,
  tiny,
  train,
  unpairedData,
} from "../support/commandLine";
import { extent, isFull } from "../support/full";
import { startSession, until, workspace } from "../support/trainer";
import { cliProgram } from "../support/programs";

const folder = sharedFolder();
const data = unpairedData(join(folder, "data"));

/** A small file system in memory. */
class SmallDisk {
  readonly path = mkdtempSync(join(tmpdir(), "revgan-disk-"));
  private readonly filler = join(this.path, "filler");

  constructor() {
    onTestFinished(() => rmSync(this.path, { recursive: true, force: true }));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=16m", "none", this.path]);
    onTestFinished(() => void execFileSync("umount", ["-l", this.path]));
  }

  /** Takes the last free byte. */
  fill(): void {
    expect(spawnSync("dd", ["if=/dev/zero", `of=${this.filler}`, "bs=64k"]).status).toBe(1);
  }

  makeRoom(): void {
    rmSync(this.filler);
  }

  /** Moves a part of a run here, under its old path. */
  takeOver(part: string): void {
    const here = join(this.path, "part");
    execFileSync("cp", ["-r", part, here]);
    execFileSync("mount", ["--bind", here, part]);
    onTestFinished(() => void execFileSync("umount", ["-l", part]));
  }
}

const canMount = spawnSync("unshare", ["--mount", "mount", "-t", "tmpfs", "none", tmpdir()]).status === 0;

it("a checkpoint that cannot be written stops the training with one line, and nothing of it is left", async () => {
  const run = join(folder, "limited");
  expectDone(await train(data, run, { "training.maxSteps": 1, "training.sampleEvery": 0, "training.poolSize": 0 }));
  const before = folderHashes(join(run, "checkpoints"));
  // Files of at most 30 KiB: less than the weights, more than everything else that a step writes. Needs no rights.
  const words = [process.execPath, cliProgram, "resume", run, "--json", "--set", "training.maxSteps=2"];
  const { status, stdout, stderr } = spawnSync("sh", ["-c", 'ulimit -f 60 && exec "$@"', "sh", ...words], {
    encoding: "utf8",
  });
  expectRefused(
    { code: status, stdout, stderr },
    { exit: 1, code: "disk", says: [join(run, "checkpoints", "000002"), "cannot be written", `revgan resume ${run}`] },
  );
  expect(folderHashes(join(run, "checkpoints"))).toEqual(before);
  expect(readRunFile(run)).toMatchObject({ state: "failed", error: { code: "disk" } });
  expect(existsSync(join(run, "lock"))).toBe(false);

  expectDone(await resume(run, { "training.maxSteps": 2 }));
  expect(readRunFile(run)).toMatchObject({ state: "finished", step: 2, error: null });
  const whole = join(folder, "unlimited");
  expectDone(await train(data, whole, { "training.poolSize": 0 }));
  expect(checkpoint(run, 2)).toEqual(checkpoint(whole, 2));
});

const settings = {
  "training.sampleEvery": 3,
  "training.checkpointEvery": 3,
  "training.keepCheckpoints": 2,
  "training.poolSize": 2,
};
const last = 24;

/** The names of all files, and that none of them is what a write left half way. */
function wholeFiles(run: string): string[] {
  const names = filesBelow(run);
  expect(names.filter((name) => /tmp|\.old-/.test(name))).toEqual([]);
  for (const name of readdirSync(join(run, "checkpoints")))
    execFileSync("sha256sum", ["--check", "--strict", "--quiet", "SHA256SUMS"], {
      cwd: join(run, "checkpoints", name),
    });
  return names;
}

// Where CI cannot mount, that is a fault to see: nothing else shows this.
describe.skipIf(!canMount && process.env["CI"] === undefined)("a training whose disk is full", () => {
  const undisturbed = join(folder, "undisturbed");
  beforeAll(async () => {
    expectDone(await train(data, undisturbed, { ...settings, "training.maxSteps": last }));
  });

  it.each(extent(["checkpoints"], ["metrics.jsonl", "log.txt", "samples", "checkpoints"]))(
    "waits with %s until there is room, and is then as if nothing had been",
    async (part) => {
      const run = join(folder, `full-${part}`);
      expectDone(await train(data, run, { ...settings, "training.maxSteps": 3 }));
      // What fits into the page that a file has begun needs no room.
      if (part === "log.txt") writeFileSync(join(run, part), `${"-".repeat(3700)}\n`);
      const disk = new SmallDisk();
      disk.takeOver(join(run, part));
      const resumed = new Running(["resume", run, "--json", "--set", `training.maxSteps=${last}`]);
      await resumed.says('"step":5,');
      disk.fill();
      await resumed.says(/the disk is full while writing .*; the training waits until there is room/);
      await until("the pause", () => readRunFile(run).state === "paused");
      const [files, state] = [wholeFiles(run), readRunFile(run)];
      // Two tries later it still waits, and has left nothing of them.
      await new Promise((resolve) => setTimeout(resolve, 4500));
      expect([wholeFiles(run), readRunFile(run)]).toEqual([files, state]);
      disk.makeRoom();
      expectDone(await resumed.end);
      expect(readRunFile(run)).toMatchObject({ state: "finished", step: last });
      expect(metricsOf(run).map((line) => (line as StepLine).step)).toEqual(
        Array.from({ length: last }, (_, i) => i + 1),
      );
      expect(checkpoint(run, last)).toEqual(checkpoint(undisturbed, last));
      expect(folderHashes(join(run, "samples"))).toEqual(folderHashes(join(undisturbed, "samples")));
    },
  );

  it("that holds the whole run, is shown as paused, and goes on by itself", async () => {
    const disk = new SmallDisk();
    const { config, sets: words } = workspace({ ...settings, "training.maxSteps": last });
    const { session, lines, states, log } = startSession(disk.path, { type: "train", config, sets: words });
    await until("some steps", () => lines.length > 4);
    disk.fill();
    await until("the pause", () => session.state.name === "paused");
    expect(log.filter((line) => line.startsWith("warning"))).toEqual([
      expect.stringMatching(/^warning: the disk is full while writing .*; the training waits until there is room$/),
    ]);
    disk.makeRoom();
    expect(await session.over).toEqual({ name: "finished" });
    expect(states).toEqual(["starting", "running", "paused", "running", "finished"]);
    expect(checkpoint(session.started!.run, last)).toEqual(checkpoint(undisturbed, last));
  });

  if (isFull)
    it("ends on Ctrl-C with one line, and is resumed", async () => {
      const disk = new SmallDisk();
      const run = join(disk.path, "run");
      const training = new Running([
        "train",
        "--json",
        "--data",
        data,
        "--run",
        run,
        ...sets({ ...tiny, ...settings, "training.maxSteps": last }),
      ]);
      await training.says('"step":5,');
      disk.fill();
      await training.says("the training waits until there is room");
      expectRefused(await training.interrupt(), {
        exit: 1,
        code: "disk",
        says: ["the disk is full while writing", run, `revgan resume ${run}`],
      });
      expect(existsSync(join(run, "lock"))).toBe(false);
      disk.makeRoom();
      expectDone(await resume(run));
      expect(checkpoint(run, last)).toEqual(checkpoint(undisturbed, last));
    });
});
