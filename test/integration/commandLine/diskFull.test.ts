import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { checkpoint, expectDone, expectRefused, metricsOf, readRunFile, resume, sharedFolder, train, unpairedData } from "../../support/commandLine";

const data = unpairedData(join(sharedFolder(), "data"));

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
