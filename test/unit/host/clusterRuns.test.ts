import { mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { JobStatus } from "../../../extension/cluster/slurmJobs";
import { MeasuredMemory } from "../../../extension/runFolder/measuredMemory";
import { RunRegistry } from "../../../extension/host/runRegistry";
import { RunStore } from "../../../extension/host/runStore";
import type { RunSummary } from "../../../extension/protocol/panel";
import type { Run } from "../../../extension/runFolder/runFile";
import { runFile, writeRunFolder } from "../runFolder/runOnDisk";
import { temporaryFolder } from "../runFolder/support";

const waiting: JobStatus = { state: "waiting", word: "PENDING", reason: "Resources", partition: "gpu", place: 2 };
const running: JobStatus = { state: "running", word: "RUNNING", reason: null, partition: "gpu", place: null };
const ended = (word: string | null): JobStatus => ({ state: "over", word, reason: null, partition: null, place: null });

describe("a run of a cluster", () => {
  let parent: string;
  beforeEach(() => {
    parent = temporaryFolder();
  });

  async function summary(
    changes: Partial<Run>,
    status: JobStatus | null,
    { isLocked = false, hasCheckpoint = false, output = "" } = {},
  ): Promise<RunSummary> {
    const cluster = { kind: "slurm", job: "12" } as const;
    const folder = writeRunFolder(parent, "run", runFile({ cluster, state: "queued", step: 0, ...changes }));
    const startedAt = "2026-01-02T03:04:05Z";
    if (isLocked)
      writeFileSync(join(folder, "lock"), JSON.stringify({ pid: process.ppid, host: hostname(), startedAt }));
    if (hasCheckpoint) mkdirSync(join(folder, "checkpoints", "000010"), { recursive: true });
    if (output !== "") writeFileSync(join(folder, "slurm-12.out"), output);
    const store = new RunStore(
      () => [parent],
      () => null,
      () => Promise.resolve(status),
    );
    await store.refresh();
    const memory = new MeasuredMemory(() => parent);
    const none = (): void => undefined;
    return new RunRegistry(store, null, memory, () => true, none).get(folder)!;
  }

  it("says where and why it waits, and can be stopped", async () => {
    const run = await summary({}, waiting);
    expect(run).toMatchObject({ state: "queued", note: "place 2, job 12 in gpu: waits for free resources" });
    expect(run.actions).toContain("stop");
  });

  it("is queued also where Slurm does not answer", async () => {
    expect(await summary({}, null)).toMatchObject({ state: "queued", note: "job 12" });
  });

  it("says Slurm's own word for an unusual reason", async () => {
    expect((await summary({}, { ...waiting, reason: "QOSGrpCpuLimit" })).note).toContain("QOSGrpCpuLimit");
  });

  it("is starting until its training has begun, then trains", async () => {
    expect(await summary({}, running)).toMatchObject({ state: "starting", note: "job 12 in gpu" });
    const ranks = [1, 2].map(() => ({ host: "n1", engine: "wasm", device: null }));
    const run = await summary({ state: "running", ranks }, running, { isLocked: true });
    expect(run).toMatchObject({ state: "running", note: "job 12 in gpu, 2 processes" });
    expect(run.actions).toContain("stop");
  });

  it("waits again after its job was requeued", async () => {
    expect((await summary({ state: "stopped", step: 10 }, waiting, { hasCheckpoint: true })).state).toBe("queued");
  });

  it("says how its job ended before its training began, and can be submitted again", async () => {
    const output =
      "Loading python\nslurmstepd: error: *** STEP 12.0 ON n1 CANCELLED\nrevgan: no engine works here; see `revgan engine status`\nsrun: done\n";
    const run = await summary({}, ended("FAILED"), { output });
    expect(run.state).toBe("failed");
    expect(run.error?.message).toBe("job 12 ended before the training was done: no engine works here");
    expect(run.actions).toContain("resumeFromCheckpoint");
    expect(run.actions).not.toContain("stop");
  });

  it("says how its job ended in the middle", async () => {
    const run = await summary({ state: "running", step: 20 }, ended("OUT_OF_MEMORY"), { hasCheckpoint: true });
    expect(run).toMatchObject({
      state: "interrupted",
      error: {
        message: "job 12 ended before the training was done, because it took more memory than it had asked for",
        remedy: expect.stringContaining("raise --mem-per-cpu in the run's slurm.sh, then resume it") as string,
      },
    });
  });

  it("tells its own failure rather than its job's", async () => {
    const error = { code: "diverged", message: "the loss is not finite", remedy: "lower the rate" } as const;
    const run = await summary({ state: "failed", error }, ended("FAILED"), { output: "revgan: other\n" });
    expect(run.error).toEqual({ message: error.message, remedy: error.remedy });
  });

  it("of several processes says that the first one ended without a word", async () => {
    const ranks = [1, 2, 3].map(() => ({ host: "n1", engine: "wasm", device: null }));
    const run = await summary({ state: "running", cluster: undefined, ranks }, null);
    expect(run).toMatchObject({ state: "interrupted", note: "the first of its 3 processes ended without saying why" });
  });
});
