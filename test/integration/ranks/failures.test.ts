import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  checkpoint,
  expectDone,
  expectRefused,
  metricsOf,
  readRunFile,
  sets,
  sharedFolder,
  tiny,
  unpairedData,
} from "../../support/commandLine";
import { isAlive } from "../../../extension/runFolder/lock";
import { until } from "../../support/browser/until";
import { extent, isFull } from "../../support/full";
import { noise, pngBytes } from "../../support/images";
import { onRanks, type RankGroup, RunningRanks } from "../../support/ranks";
import { cliProgram, ended } from "../../support/programs";

const folder = sharedFolder();
const data = unpairedData(join(folder, "data"), { a: 5, b: 4 });

const settings = {
  ...tiny,
  engine: "native",
  "training.batchSize": 2,
  "training.sampleEvery": 0,
  "training.checkpointEvery": 2,
  "training.maxSteps": 100_000,
};

type Values = Readonly<Record<string, unknown>>;

function words(run: string, values: Values = {}): string[] {
  return ["train", "--json", "--data", data, "--run", run, ...sets({ ...settings, ...values })];
}

/** Starts a training on two ranks that goes on until it is ended. */
function started(groups: readonly RankGroup[]): RunningRanks {
  const running = new RunningRanks(groups);
  onTestFinished(() => running.kill());
  return running;
}

async function reaches(run: string, step: number): Promise<void> {
  await until(`checkpoint ${step}`, () =>
    Promise.resolve(existsSync(join(run, "checkpoints", String(step).padStart(6, "0"))) || undefined),
  );
}

describe("ranks that cannot train together end with one line and leave no run:", () => {
  const cases: readonly [string, number, Values, "config", readonly string[]][] = [
    [
      "a batch that they cannot share",
      3,
      { "training.batchSize": 4 },
      "config",
      ["3 ranks cannot share training.batchSize 4", "a multiple of 3, or start 1, 2 or 4 processes"],
    ],
    [
      "a norm over the whole batch",
      2,
      { "network.kind": "pix2pix", "network.norm": "batch", mode: "paired" },
      "config",
      ['network.norm "batch"', "one process"],
    ],
  ];
  it.each(cases)("%s", async (_, ranks, values, code, says) => {
    const run = join(folder, "refused");
    expectRefused(await onRanks(ranks, words(run, values)), { exit: 2, code, says });
    expect(existsSync(run)).toBe(false);
  });

  it("words that the command does not know", async () => {
    const ended = await onRanks(3, ["train", "--json", "--bogus"]);
    expectRefused(ended, { exit: 2, code: "usage", says: ["--bogus"] });
  });

  it("another configuration on one of them", async () => {
    const run = join(folder, "refused");
    const { end } = started([
      [1, words(run)],
      [1, words(run, { "training.learningRate": 1e-3 })],
    ]);
    expectRefused(await end, {
      exit: 2,
      code: "run",
      says: ["rank 1 on ", "differs from rank 0", "in the configuration"],
    });
    expect(existsSync(run)).toBe(false);
  });

  it(
    "a file that one of them cannot read, after which all go on from the last step",
    { timeout: 240_000 },
    async () => {
      const spoilt = unpairedData(join(folder, "spoilt"), { a: 5, b: 4 });
      const run = join(folder, "spoilt-run");
      const args = (more: Values): string[] => [
        ...["train", "--json", "--data", spoilt, "--run", run],
        ...sets({ ...settings, "data.shuffle": false, ...more }),
      ];
      const { end } = started([[2, args({})]]);
      await reaches(run, 2);
      rmSync(join(spoilt, "trainA", "A3.png"));
      const { code, stderr } = await end;
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/^revgan: (rank 1 on .*: )?.*A3\.png .*revgan resume /m),
      ]);
      const { state, step, error } = readRunFile(run);
      expect([state, error?.code]).toEqual(["failed", "data"]);
      expect(Object.keys(checkpoint(run, step))).toContain("SHA256SUMS");
    },
  );
});

describe("a file that another rank than the first cannot read", () => {
  it("is recorded by the first, where such files are left out", async () => {
    const good = unpairedData(join(folder, "leaving-out"), { a: 4, b: 4 });
    const run = join(folder, "leaving-out-run");
    const values = { ...settings, "data.shuffle": false, "data.skipUnreadable": true };
    const running = started([[2, ["train", "--json", "--data", good, "--run", run, ...sets(values)]]]);
    await reaches(run, 2);
    // The second rank takes the second half of every batch of two.
    const file = join(good, "trainA", "A3.png");
    writeFileSync(file, "?");
    await until("the record", () => Promise.resolve(existsSync(join(run, "left-out.jsonl")) || undefined));
    running.interrupt();
    const { code, stderr } = await running.end;
    expect([code, stderr]).toEqual([130, expect.stringContaining(`without ${file}: it is not an image`)]);
    expect(readFileSync(join(run, "left-out.jsonl"), "utf8")).toContain(file);
  });
});

describe("a training on two ranks", () => {
  it("is stopped by Ctrl-C with everything saved", async () => {
    const run = join(folder, "interrupted");
    const running = started([[2, words(run)]]);
    await reaches(run, 2);
    running.interrupt();
    const { code, stderr } = await running.end;
    expect([code, stderr]).toEqual([130, expect.stringMatching(/revgan: stopped after step \d+, which is saved; /)]);
    const { state, step } = readRunFile(run);
    expect(state).toBe("stopped");
    expect(Object.keys(checkpoint(run, step))).toContain("SHA256SUMS");
  });

  it("of which one hangs ends within ten seconds, and says which", { timeout: 240_000 }, async () => {
    for (const rank of extent([1], [1, 0])) {
      const run = join(folder, `hanging-${rank}`);
      const running = started([[2, words(run)]]);
      await reaches(run, 2);
      const pid = running.processOf(rank)!;
      const since = Date.now();
      process.kill(pid, "SIGSTOP");
      const { code, stderr } = await running.end;
      expect(Date.now() - since).toBeLessThan(10_000);
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(new RegExp(`^revgan: rank ${rank} on .* does not answer`, "m")),
      ]);
      if (rank === 1) expect(readRunFile(run)).toMatchObject({ state: "failed", error: { code: "ranks" } });
      await until("the end of the stopped process", () => Promise.resolve(!isAlive(pid) || undefined));
      await goesOn(run, rank);
    }
  });

  it("of which one is killed ends at once, and goes on from a whole checkpoint", { timeout: 600_000 }, async () => {
    for (let i = 0; i < extent(2, 20); i++) {
      const run = join(folder, `killed-${i}`);
      const running = started([[2, words(run)]]);
      await reaches(run, 2);
      // Moments of a step, of a checkpoint and between them, from one training to the next.
      await new Promise((resolve) => setTimeout(resolve, (i * 137) % 600));
      const since = Date.now();
      process.kill(running.processOf(i % 2)!, "SIGKILL");
      const { code } = await running.end;
      expect(Date.now() - since).toBeLessThan(10_000);
      expect(code).not.toBe(0);
      await goesOn(run, i);
    }
  });
});

describe("a validation on two ranks", () => {
  const picture = pngBytes(noise(5, 64, 64));
  const many = unpairedData(join(folder, "many"), {
    more: Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [`val${i % 2 === 0 ? "A" : "B"}/${i}.png`, picture]),
    ),
  });

  /** Starts a training whose first step is done, and whose first validation takes seconds. */
  async function validating(run: string): Promise<RunningRanks> {
    const values = { ...settings, "training.checkpointEvery": 0, "training.validateEvery": 1 };
    const running = started([[2, ["train", "--json", "--data", many, "--run", run, ...sets(values)]]]);
    await until("the first step", () => Promise.resolve(typesOf(run).includes("step") || undefined));
    await new Promise((resolve) => setTimeout(resolve, 200));
    return running;
  }

  const typesOf = (run: string): string[] =>
    existsSync(join(run, "metrics.jsonl")) ? metricsOf(run).map(({ type }) => type) : [];

  it("is dropped when one of them is asked to stop, and all end with the step saved", async () => {
    const run = join(folder, "stopped-validation");
    const running = await validating(run);
    process.kill(running.processOf(1)!, "SIGTERM");
    const { code, stderr } = await running.end;
    expect([code, stderr]).toEqual([130, expect.stringMatching(/^revgan: stopped after step 1, which is saved; /m)]);
    expect(typesOf(run)).toEqual(["step"]);
    expect(readRunFile(run).state).toBe("stopped");
    expect(Object.keys(checkpoint(run, 1))).toContain("SHA256SUMS");
  });

  it.runIf(isFull)("waits while its pictures are gone, and goes on when they are back", async () => {
    const run = join(folder, "gone");
    const running = await validating(run);
    renameSync(many, `${many}-away`);
    await new Promise((resolve) => setTimeout(resolve, 5000));
    expect(typesOf(run)).toEqual(["step"]);
    renameSync(`${many}-away`, many);
    await until("the validation", () => Promise.resolve(typesOf(run).includes("validation") || undefined));
    running.interrupt();
    const { code, stderr } = await running.end;
    expect(stderr).toContain("is gone; the training waits until it is back");
    expect(code).toBe(130);
  });

  it.each([
    ["SIGSTOP", 1],
    ...extent<["SIGSTOP" | "SIGKILL", number][]>(
      [],
      [
        ["SIGSTOP", 0],
        ["SIGKILL", 0],
        ["SIGKILL", 1],
      ],
    ),
  ] as const)("ends within ten seconds after %s of rank %i", async (signal, rank) => {
    const run = join(folder, `validation-${signal}-${rank}`);
    const running = await validating(run);
    const since = Date.now();
    process.kill(running.processOf(rank)!, signal);
    const { code, stderr } = await running.end;
    expect(Date.now() - since).toBeLessThan(10_000);
    expect(typesOf(run)).toEqual(["step"]);
    expect(code).not.toBe(0);
    if (signal === "SIGSTOP") expect(stderr).toMatch(new RegExp(`^revgan: rank ${rank} on .* does not answer`, "m"));
  });
});

/** Resumes a run for a few steps: on two ranks, or, for every other one, alone. */
async function goesOn(run: string, i: number): Promise<void> {
  const last = Math.max(
    ...readFileSync(join(run, "metrics.jsonl"), "utf8")
      .match(/"step":(\d+)/g)!
      .map((word) => Number(word.slice(7))),
  );
  const args = ["resume", run, "--json", ...sets({ "training.maxSteps": last + 3 })];
  expectDone(await onRanks(i % 2 === 0 ? 2 : 1, args));
  expect(readRunFile(run)).toMatchObject({ state: "finished", step: last + 3 });
}

describe("a training that no launcher started", () => {
  it("does not load MPI, nor does a batch script that Slurm runs", async () => {
    const run = join(folder, "alone");
    let maps = "";
    const look = (pid: number): void => {
      maps = existsSync(`/proc/${pid}/maps`) ? maps + readFileSync(`/proc/${pid}/maps`, "utf8") : maps;
    };
    const env = { SLURM_NTASKS: "4", SLURM_PROCID: "0" };
    const args = words(run, { "training.maxSteps": 20 });
    expectDone(await ended(process.execPath, [cliProgram, ...args], { env, watch: look }));
    expect(maps).toContain("tfjs_binding.node");
    expect(maps).not.toMatch(/mpi/i);
    expect(readRunFile(run).ranks).toBeUndefined();
  });
});
