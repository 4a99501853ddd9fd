import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  checkpoint,
  expectDone,
  expectRefused,
  folderHashes,
  metricsOf,
  ofType,
  readRunFile,
  resume,
  Running,
  sets,
  sharedFolder,
  tiny,
  train,
  unpairedData,
} from "../../support/commandLine";
import { writeTree } from "../../support/images";
import { revgan } from "../../support/programs";
import { extent } from "../../support/full";

const folder = sharedFolder();
const data = unpairedData(join(folder, "data"));
const trained = join(folder, "trained");
const checkpointFiles = [
  "SHA256SUMS",
  "optimizer.safetensors",
  "pool.safetensors",
  "state.json",
  "weights.safetensors",
];

beforeAll(async () => {
  expectDone(await train(data, trained, { "training.maxSteps": 3, "training.checkpointEvery": 1 }));
});

/** A copy of a run with checkpoints 1 to 3. */
function copyOfRun(name: string): string {
  const copy = join(folder, name);
  cpSync(trained, copy, { recursive: true });
  return copy;
}

/** Changes one byte in the middle. */
function flipByte(file: string): void {
  const bytes = readFileSync(file);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = bytes[middle]! ^ 1;
  writeFileSync(file, bytes);
}

const damages: readonly (readonly [string, (file: string) => void])[] = [
  ["cut short", (file) => truncateSync(file, readFileSync(file).length - 5)],
  ["altered by one bit", flipByte],
  ["missing", (file) => rmSync(file)],
];

describe("a damaged checkpoint", () => {
  const all = checkpointFiles.flatMap((file) => damages.map(([how, damage]) => [file, how, damage] as const));
  // Each file once, and each damage.
  const some = checkpointFiles.map((file, i) => [file, ...damages[i % damages.length]!] as const);
  it.each(extent(some, all))("whose %s is %s is named, and the one before is used", async (file, how, damage) => {
    const run = copyOfRun(`${file}-${how}`);
    damage(join(run, "checkpoints", "000003", file));
    const ended = await resume(run, { "training.maxSteps": 3 });
    const lines = expectDone(ended);
    expect(ended.stderr).toMatch(
      new RegExp(`^checkpoint 000003 is damaged \\(.*${file.replace(".", "\\.")}.*\\); using 000002$`, "m"),
    );
    expect(ofType(lines, "step").map(({ step }) => step)).toEqual([3]);
    // Equal training: what was damaged is replaced by what it was.
    expect(checkpoint(run, 3)).toEqual(checkpoint(trained, 3));
    expect(metricsOf(run).map((line) => "step" in line && line.step)).toEqual([1, 2, 3]);
    expect(readFileSync(join(run, "log.txt"), "utf8")).toContain("checkpoint 000003 is damaged");
  });

  it("is passed over with as many others as are damaged", async () => {
    const run = copyOfRun("two-damaged");
    flipByte(join(run, "checkpoints", "000003", "weights.safetensors"));
    rmSync(join(run, "checkpoints", "000002", "SHA256SUMS"));
    const ended = await resume(run, { "training.maxSteps": 2 });
    expect(expectDone(ended).at(-1)).toMatchObject({ type: "finished", step: 2 });
    expect(ended.stderr).toMatch(/000003 is damaged.*using 000001\n.*000002 is damaged.*using 000001/);
    expect(checkpoint(run, 2)).toEqual(checkpoint(trained, 2));
  });

  it("is no reason to begin again: with none that is whole nothing is touched", async () => {
    const run = copyOfRun("all-damaged");
    for (const step of readdirSync(join(run, "checkpoints"))) flipByte(join(run, "checkpoints", step, "state.json"));
    const [before, metrics] = [
      folderHashes(join(run, "checkpoints")),
      readFileSync(join(run, "metrics.jsonl"), "utf8"),
    ];
    expectRefused(await resume(run), { exit: 2, code: "checkpoint", says: [run, "no whole checkpoint"] });
    expect(folderHashes(join(run, "checkpoints"))).toEqual(before);
    expect(readFileSync(join(run, "metrics.jsonl"), "utf8")).toBe(metrics);
    expect(existsSync(join(run, "lock"))).toBe(false);
  });
});

describe("damaged metrics", () => {
  it("are cut, told of once, and kept otherwise", async () => {
    const run = copyOfRun("damaged-metrics");
    const file = join(run, "metrics.jsonl");
    const [first, ...others] = readFileSync(file, "utf8").split("\n");
    writeFileSync(file, [first, "nonsense", ...others].join("\n"));
    const says = `line 2 of ${file} is damaged and left out`;
    const ended = await resume(run, { "training.maxSteps": 4 });
    expectDone(ended);
    expect(ended.stderr).toContain(`${says}\n`);
    expect(readFileSync(join(run, "log.txt"), "utf8")).toContain(says);
    expect(metricsOf(run).map((line) => "step" in line && line.step)).toEqual([1, 2, 3, 4]);
    expect((await resume(run, { "training.maxSteps": 5 })).stderr).not.toContain("damaged");
  });
});

describe("resume refuses", () => {
  it("a run that is not there", async () => {
    expectRefused(await resume(join(folder, "nowhere")), {
      exit: 2,
      code: "run",
      says: [join(folder, "nowhere"), "no run.json", ".revgan/runs"],
    });
    expect(existsSync(join(folder, "nowhere"))).toBe(false);
  });

  it("a folder that is no run, and a file", async () => {
    expectRefused(await resume(data), { exit: 2, code: "run", says: [data, "is no run"] });
    expectRefused(await resume(join(data, "trainA", "A0.png")), {
      exit: 2,
      code: "run",
      says: ["A0.png", "is no run"],
    });
  });

  it.each([
    ["not JSON", "{", ["run.json is damaged"]],
    ["of a newer program", '{"format": 2}', ["run.json was written by a newer RevGAN", "update RevGAN"]],
    ["without a configuration", '{"format": 1}', ["run.json is damaged at name"]],
  ])("a run.json that is %s", async (name, content, says) => {
    const run = writeTree(join(folder, `broken ${name}`), { "run.json": content });
    expectRefused(await resume(run), { exit: 2, code: "run", says });
  });

  it("a run that another process is training, and leaves that training alone", async () => {
    const run = join(folder, "locked");
    const running = new Running([
      "train",
      "--json",
      "--data",
      data,
      "--run",
      run,
      ...sets({ ...tiny, "training.maxSteps": 1000 }),
    ]);
    await running.says('"step":1');
    expectRefused(await resume(run), {
      exit: 2,
      code: "locked",
      says: [run, /process \d+ on \S+ has been training/, "stop it first"],
    });
    const lock = JSON.parse(readFileSync(join(run, "lock"), "utf8")) as { pid: number };
    expect(Object.keys(lock)).toEqual(["pid", "host", "startedAt"]);
    expect((await running.interrupt()).code).toBe(130);
    expect(metricsOf(run).map((line) => "step" in line && line.step)).toEqual(
      Array.from({ length: readRunFile(run).step }, (_, i) => i + 1),
    );
  });

  it.each([
    ["training.seed=1", "random numbers"],
    ["training.batchSize=2", "steps and epochs"],
    ["network.width=8", "weights were made for this network"],
    ["data.loadSize=64", "in the middle of this data"],
    ["mode=paired", "started with it"],
  ])("to change %s", async (set, why) => {
    const [key] = set.split("=");
    expectRefused(await revgan(["resume", trained, "--json", "--set", set]), {
      exit: 2,
      code: "config",
      says: [`${key!} cannot change`, why, "revgan train"],
    });
  });

  it("a value of the wrong type, and leaves the run as it was", async () => {
    const before = folderHashes(trained);
    expectRefused(await resume(trained, { "training.learningRate": "fast" }), {
      exit: 2,
      code: "config",
      says: ["training.learningRate", '"fast"'],
    });
    expect(folderHashes(trained)).toEqual(before);
  });

  it("data that are gone, and leaves every checkpoint as it was", async () => {
    const moved = unpairedData(join(folder, "moved"));
    const run = join(folder, "without-data");
    expectDone(await train(moved, run));
    rmSync(moved, { recursive: true });
    const before = checkpoint(run, 2);
    expectRefused(await resume(run, { "training.maxSteps": 3 }), { exit: 2, code: "data", says: [moved] });
    expect(checkpoint(run, 2)).toEqual(before);
    expect(existsSync(join(run, "lock"))).toBe(false);
  });
});
