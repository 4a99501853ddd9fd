import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { checkpoint, expectDone, expectRefused, folderHashes, metricsOf, readRunFile, resume, sharedFolder, train, unpairedData } from "../../support/commandLine";
import { cliProgram } from "../../support/programs";

const folder = sharedFolder();
const data = unpairedData(join(folder, "data"));

/** A file system of 1 MB, or null where mounting is not permitted. */
function smallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), "revgan-disk-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1000k", "none", folder], { stdio: "ignore" });
  } catch {
    return null;
  }
  onTestFinished(() => void execFileSync("umount", ["-l", folder]));
  return folder;
}

it("a checkpoint that cannot be written stops the training with one line, and nothing of it is left", async () => {
  const run = join(folder, "limited");
  expectDone(await train(data, run, { "training.maxSteps": 1, "training.sampleEvery": 0, "training.poolSize": 0 }));
  const before = folderHashes(join(run, "checkpoints"));
  // Files of at most 30 KiB: less than the weights, more than everything else that a step writes. Needs no rights.
  const words = [process.execPath, cliProgram, "resume", run, "--json", "--set", "training.maxSteps=2"];
  const { status, stdout, stderr } = spawnSync("sh", ["-c", 'ulimit -f 60 && exec "$@"', "sh", ...words], { encoding: "utf8" });
  expectRefused({ code: status, stdout, stderr }, { exit: 1, code: "disk", says: [join(run, "checkpoints", "000002"), "cannot be written", `revgan resume ${run}`] });
  expect(folderHashes(join(run, "checkpoints"))).toEqual(before);
  expect(readRunFile(run)).toMatchObject({ state: "failed", error: { code: "disk" } });
  expect(existsSync(join(run, "lock"))).toBe(false);

  expectDone(await resume(run, { "training.maxSteps": 2 }));
  expect(readRunFile(run)).toMatchObject({ state: "finished", step: 2, error: null });
  const whole = join(folder, "unlimited");
  expectDone(await train(data, whole, { "training.poolSize": 0 }));
  expect(checkpoint(run, 2)).toEqual(checkpoint(whole, 2));
});

it("a disk that fills up stops the training with one line, leaves every checkpoint whole, and training goes on when there is room", async (context) => {
  const disk = smallDisk();
  if (disk === null) return context.skip("mounting is not permitted here");
  const run = join(disk, "run");
  const settings = { "training.maxSteps": 60, "training.checkpointEvery": 1, "training.keepCheckpoints": 100, "training.sampleEvery": 0, "training.poolSize": 0 };
  const ended = await train(data, run, settings);
  expectRefused(ended, { exit: 1, code: "disk", says: ["the disk is full", run, `revgan resume ${run}`] });
  const saved = readdirSync(join(run, "checkpoints")).filter((name) => !name.startsWith("."));
  expect(saved.length).toBeGreaterThan(1);
  // Each has its sums, and they hold.
  for (const name of saved) execFileSync("sha256sum", ["--check", "--strict", "--quiet", "SHA256SUMS"], { cwd: join(run, "checkpoints", name) });
  expect(existsSync(join(run, "lock"))).toBe(false);

  execFileSync("mount", ["-o", "remount,size=64m", disk]);
  const last = saved.length + 2;
  expectDone(await resume(run, { "training.maxSteps": last }));
  expect(readRunFile(run)).toMatchObject({ state: "finished", step: last, error: null });
  expect(metricsOf(run)).toHaveLength(last);
  const whole = join(disk, "whole");
  expectDone(await train(data, whole, { ...settings, "training.maxSteps": last }));
  expect(checkpoint(run, last)).toEqual(checkpoint(whole, last));
});
