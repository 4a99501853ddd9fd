import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { JobStatus } from "../../../extension/cluster/slurmJobs";
import { largestSmallText } from "../../../extension/files/limitedRead";
import { acquireLock, lockHolder } from "../../../extension/runFolder/lock";
import { runFile, writeRunFolder } from "./runOnDisk";
import { killHard, messageOf, namesIn, startChild, temporaryFolder } from "./support";

const startedAt = "2026-01-02T03:04:05.678Z";

async function startReady(run: string) {
  const child = await startChild("takeLock", [run]);
  await messageOf(child);
  return child;
}

async function take(run: string) {
  const child = await startReady(run);
  child.send("take");
  expect(await messageOf(child)).toBe("taken");
  return child;
}

describe("the lock of a run", () => {
  it("says who trains, and is gone after release", async () => {
    const run = temporaryFolder();
    const lock = await acquireLock(run);
    expect(JSON.parse(readFileSync(join(run, "lock"), "utf8"))).toEqual({
      pid: process.pid,
      host: hostname(),
      startedAt: lock.content.startedAt,
    });
    expect(await lockHolder(run)).toEqual(lock.content);
    await lock.release();
    expect(namesIn(run)).toEqual([]);
    expect(await lockHolder(run)).toBeUndefined();
  });

  it("is refused while this process holds it, and can be taken again after release", async () => {
    const run = temporaryFolder();
    const first = await acquireLock(run);
    await expect(acquireLock(run)).rejects.toMatchObject({ code: "locked" });
    await first.release();
    const second = await acquireLock(run);
    await first.release();
    await expect(acquireLock(run)).rejects.toMatchObject({ code: "locked" });
    await second.release();
  });

  it("goes to one of two in the same process", async () => {
    const run = temporaryFolder();
    const both = await Promise.allSettled([acquireLock(run), acquireLock(run)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await lockHolder(run))?.pid).toBe(process.pid);
  });

  it("is refused while another process lives, which is named", async () => {
    const run = temporaryFolder();
    const child = await take(run);
    const content = (await lockHolder(run))!;
    await expect(acquireLock(run)).rejects.toMatchObject({
      code: "locked",
      message: `process ${child.pid} on ${hostname()} has been training ${run} since ${content.startedAt}`,
      remedy: "stop it first, or wait until it ends",
    });
  });

  it("is taken over from a process that was killed", async () => {
    const run = temporaryFolder();
    await killHard(await take(run));
    expect(namesIn(run)).toEqual(["lock"]);
    expect(await lockHolder(run)).toBeUndefined();
    const lock = await acquireLock(run);
    expect(lock.content.pid).toBe(process.pid);
    expect(namesIn(run)).toEqual(["lock"]);
    await lock.release();
  });

  it("of a killed process goes to exactly one of many that want it", async () => {
    const run = temporaryFolder();
    await killHard(await take(run));
    const children = await Promise.all(Array.from({ length: 6 }, () => startReady(run)));
    const answers = children.map(messageOf);
    for (const child of children) child.send("take");
    expect((await Promise.all(answers)).sort()).toEqual(["locked", "locked", "locked", "locked", "locked", "taken"]);
  });

  it("of another host is kept, and the message says how to remove it", async () => {
    const run = temporaryFolder();
    writeFileSync(join(run, "lock"), JSON.stringify({ pid: 1, host: "gpu-17", startedAt }));
    expect(await lockHolder(run)).toEqual({ pid: 1, host: "gpu-17", startedAt });
    await expect(acquireLock(run)).rejects.toMatchObject({
      code: "locked",
      message: `process 1 on gpu-17 has been training ${run} since ${startedAt}`,
      remedy: `stop it on gpu-17; if it is gone, delete ${join(run, "lock")}`,
    });
  });

  describe("of another host", () => {
    const foreign = { pid: 1, host: "gpu-17", startedAt };
    const put = (lock: object, updatedAt: string): string => {
      const run = writeRunFolder(temporaryFolder(), "run", runFile({ state: "running", updatedAt }));
      writeFileSync(join(run, "lock"), JSON.stringify(lock));
      return run;
    };
    const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
    const status = (state: JobStatus["state"]): JobStatus => ({
      ...{ state, word: null, reason: null, partition: null, place: null },
    });

    it("is taken over when its run has given no sign of life for ten minutes", async () => {
      const lively = put(foreign, minutesAgo(9));
      expect(await lockHolder(lively)).toEqual(foreign);
      await expect(acquireLock(lively)).rejects.toMatchObject({ code: "locked" });
      const silent = put(foreign, minutesAgo(11));
      expect(await lockHolder(silent)).toBeUndefined();
      await (await acquireLock(silent)).release();
    });

    it.each([
      ["running", true],
      ["over", false],
      ["waiting", false],
    ] as const)("is kept while Slurm runs its job, whatever the time: %s", async (state, isKept) => {
      const lock = { ...foreign, job: "12", restart: 0 };
      for (const minutes of [1, 1000]) {
        const holder = await lockHolder(put(lock, minutesAgo(minutes)), () => Promise.resolve(status(state)));
        expect(holder).toEqual(isKept ? lock : undefined);
      }
    });

    it("is judged by the time where Slurm does not answer", async () => {
      const lock = { ...foreign, job: "12", restart: 0 };
      const none = (): Promise<null> => Promise.resolve(null);
      expect(await lockHolder(put(lock, minutesAgo(1)), none)).toEqual(lock);
      expect(await lockHolder(put(lock, minutesAgo(11)), none)).toBeUndefined();
    });

    it("is taken over by its own job when that was requeued since", async () => {
      const run = put({ ...foreign, job: "12", restart: 0 }, minutesAgo(1));
      vi.stubEnv("SLURM_JOB_ID", "12");
      await expect(acquireLock(run)).rejects.toMatchObject({ code: "locked" });
      vi.stubEnv("SLURM_RESTART_COUNT", "1");
      const lock = await acquireLock(run);
      expect(lock.content).toMatchObject({ pid: process.pid, job: "12", restart: 1 });
      await lock.release();
      vi.unstubAllEnvs();
    });
  });

  it("left by an earlier process with our own id, as in containers, is nobody's and is taken over", async () => {
    const run = temporaryFolder();
    writeFileSync(join(run, "lock"), JSON.stringify({ pid: process.pid, host: hostname(), startedAt }));
    expect(await lockHolder(run)).toBeUndefined();
    await (await acquireLock(run)).release();
  });

  it.each(["", "{", '{"pid":"x"}', `{"pid":0,"host":"here","startedAt":"${startedAt}"}`])(
    "that holds only %j is nobody's and is taken over",
    async (text) => {
      const run = temporaryFolder();
      writeFileSync(join(run, "lock"), text);
      expect(await lockHolder(run)).toBeUndefined();
      await (await acquireLock(run)).release();
    },
  );

  it.each([
    ["is huge", (file: string) => writeFileSync(file, " ".repeat(largestSmallText + 1)), "has 1048577 bytes"],
    ["is a folder", (file: string) => mkdirSync(file), "is a folder"],
  ])("that %s is nobody's, and whoever wants it is told to delete it", async (_, put, why) => {
    const run = temporaryFolder();
    put(join(run, "lock"));
    expect(await lockHolder(run)).toBeUndefined();
    const refused = acquireLock(run);
    await expect(refused).rejects.toMatchObject({ code: "locked", remedy: "delete it if nothing trains this run" });
    await expect(refused).rejects.toThrow(`${join(run, "lock")} ${why}`);
  });

  it("is not removed by a release when somebody else has it by now", async () => {
    const run = temporaryFolder();
    const lock = await acquireLock(run);
    const theirs = JSON.stringify({ pid: 1, host: "gpu-17", startedAt });
    writeFileSync(join(run, "lock"), theirs);
    await lock.release();
    expect(readFileSync(join(run, "lock"), "utf8")).toBe(theirs);
  });
});
