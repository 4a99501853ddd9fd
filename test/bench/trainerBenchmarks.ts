import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { parseConfig } from "../../extension/configuration/config";
import { type MemoryLine, type MetricsLine, parseLine } from "../../extension/protocol/lines";
import { MemoryTheory } from "../../extension/trainer/memoryTheory/memoryTheory";
import { budget } from "./budget";
import { ranks } from "./ranks";
import { estimates } from "./estimates";
import { onnx } from "./onnx";
import type { Report } from "./report";
import { webgpu, type WebGpuSize } from "./webgpu";
import { median, slope } from "./statistics";

/** Benchmarks without PyTorch, by the names that the command line uses. Most run our command line as a user does. */
export const trainerBenchmarks: Readonly<Record<string, (folder: string, size: WebGpuSize) => Promise<Report>>> = {
  theory,
  estimates,
  budget,
  ranks,
  onnx,
  poster,
  deepest,
  data,
  soak,
  webgpu: (_, size) => webgpu(size),
};

const program = join(import.meta.dirname, "cli.js");
const backprops = ["recompute", "checkpoint", "store"] as const;
const paper = { mode: "unpaired", data: { loadSize: 256, cropSize: 256 }, network: { width: 64 } };
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** Compares the memory that theory predicts with that of a real step, by depth, mode and backprop mode. */
function theory(): Promise<Report> {
  const lines = (["unpaired", "paired"] as const).flatMap((mode) =>
    memoryOf([
      "--depths",
      "4,9,16",
      "--set",
      `mode=${mode}`,
      "--set",
      "data.cropSize=128",
      "--set",
      "data.loadSize=128",
      "--set",
      "network.width=32",
    ]).map((line) => ({ mode, ...line })),
  );
  const exact = (line: MemoryLine): boolean =>
    (["weights", "moments", "gradients"] as const).every((part) => line.measured[part] === line.theory[part]);
  return Promise.resolve({
    title: "memory, theory beside measurement, 128², width 32",
    head: ["", "blocks", "backprop", "peak, MB", "theory, MB", "weights, moments, gradients"],
    rows: lines.map(({ mode, ...line }) => [
      mode,
      String(line.depth),
      line.backprop,
      megabytes(line.measured.peak),
      megabytes(line.theory.peak),
      exact(line) ? "equal to the byte" : "differ",
    ]),
    findings: [
      {
        what: "cases whose weights, moments or gradients differ from the theory",
        value: lines.filter((line) => !exact(line)).length,
        atMost: 0,
      },
      {
        what: "largest difference of the peak, of the measured one",
        value:
          Math.max(...lines.map(({ measured, theory: said }) => Math.abs(measured.peak - said.peak) / measured.peak)) *
          100,
        unit: "%",
        atMost: 1,
      },
    ],
    charts: [],
    raw: lines,
  });
}

/**
 * Memory of volumes at the depths of the poster in the authors' repository. The poster gives MiB of activations: 2312.4 recomputing,
 * 2316.6 to 5519.5 storing.
 */
function poster(): Promise<Report> {
  const config = {
    mode: "unpaired",
    network: { dimensions: 3, width: 16, inputChannels: 1, outputChannels: 1, discriminator: { width: 16 } },
  };
  const lines = memoryOf([...sets(config), "--depths", "0,1,2,4,8", "--backprop", "recompute,store"]);
  const of = (backprop: string): MemoryLine[] => lines.filter((line) => line.backprop === backprop);
  const activations = of("recompute")
    .filter(({ depth }) => depth > 0)
    .map(({ measured }) => measured.activations);
  const theirs = [2316.6, 2719.2, 3919.3, 4319.2, 5519.5];
  const [recompute, store] = [of("recompute"), of("store")];
  return Promise.resolve({
    title: "memory of volumes of 32³, width 16, unpaired, by depth, beside the authors' poster",
    head: [
      "blocks",
      "activations recomputing, MB",
      "storing, MB",
      "peak recomputing, MB",
      "storing, MB",
      "poster: recomputing, MiB",
      "storing, MiB",
    ],
    rows: recompute.map(({ depth, measured }, i) => [
      String(depth),
      megabytes(measured.activations),
      megabytes(store[i]!.measured.activations),
      megabytes(measured.peak),
      megabytes(store[i]!.measured.peak),
      "2312.4",
      String(theirs[i]),
    ]),
    findings: [
      {
        what: "activations recomputing, most less least at depths 1 to 8",
        value: Math.max(...activations) - Math.min(...activations),
        unit: "bytes",
        atMost: 0,
      },
      {
        what: "largest difference of the peak from the theory",
        value: Math.max(...lines.map(({ measured, theory: said }) => Math.abs(measured.peak - said.peak))),
        unit: "bytes",
        atMost: 0,
      },
    ],
    charts: [],
    raw: lines,
  });
}

/** Finds by memory theory the deepest network whose step needs at most 2 GiB of tensors, and measures a step of it. */
function deepest(): Promise<Report> {
  const limit = 2 ** 31;
  const config = parseConfig(paper, "the bench's configuration");
  const theory = new MemoryTheory(config);
  const found = backprops.map((backprop) => {
    let depth = 1;
    while (theory.at({ depth: depth + 1, backprop }).peak <= limit) depth++;
    const [line] = memoryOf([...sets(paper), "--depths", String(depth), "--backprop", backprop]);
    return line!;
  });
  return Promise.resolve({
    title: "the deepest network that trains below 2 GiB of tensors, unpaired, 256², width 64",
    head: ["backprop", "blocks", "peak, MB", "activations, MB", "resident, MB", "seconds a step"],
    rows: found.map(({ backprop, depth, measured, residentBytes, seconds }) => [
      backprop,
      String(depth),
      megabytes(measured.peak),
      megabytes(measured.activations),
      megabytes(residentBytes),
      seconds.toPrecision(3),
    ]),
    findings: [
      { what: "blocks with recompute", value: found[0]!.depth, atLeast: 150 },
      {
        what: "largest peak",
        value: Math.max(...found.map(({ measured }) => measured.peak)) / limit,
        unit: "of 2 GiB",
        atMost: 1,
      },
    ],
    charts: [
      {
        title: "blocks",
        unit: "reversible blocks",
        bars: found.map(({ backprop, depth }) => ({ name: `ours, ${backprop}`, value: depth })),
      },
    ],
    raw: found,
  });
}

/** Measures how long a step waits for JPEGs that have to be decoded and resized. */
async function data(folder: string): Promise<Report> {
  const photographs = join(folder, "photographs");
  const samples = join("media", "samples", "nuclei-labels", "train");
  for (const domain of ["trainA", "trainB"]) mkdirSync(join(photographs, domain), { recursive: true });
  for (const [i, name] of readdirSync(samples).slice(0, 16).entries()) {
    await sharp(join(samples, name))
      .resize(2048, 1024)
      .jpeg()
      .toFile(join(photographs, i % 2 === 0 ? "trainA" : "trainB", `${i}.jpg`));
  }
  const trace = join(folder, "trace.json");
  const run = join(folder, "photographs-run");
  await revgan([
    "train",
    "--data",
    photographs,
    "--run",
    run,
    ...sets(paper),
    "--set",
    "data.loadSize=286",
    "--set",
    "training.maxSteps=5",
    "--set",
    "training.sampleEvery=0",
    "--profile",
    trace,
  ]);
  const { traceEvents } = JSON.parse(readFileSync(trace, "utf8")) as {
    traceEvents: { ph: string; name: string; dur: number }[];
  };
  const seconds = (begin: string): number[] =>
    traceEvents.filter(({ ph, name }) => ph === "X" && name.startsWith(begin)).map(({ dur }) => dur / 1e6);
  // The first step is left out, because it waits for the decoder to start.
  const [waits, steps] = [seconds("waiting for data").slice(1), seconds("step ").slice(1)];
  const share = (100 * waits.reduce((sum, each) => sum + each, 0)) / steps.reduce((sum, each) => sum + each, 0);
  return {
    title: "waiting for data: JPEGs of 2048 × 1024, unpaired, 256², width 64, 9 blocks",
    head: ["", "median", "largest"],
    rows: [
      ["waiting, ms", (1000 * median(waits)).toFixed(2), (1000 * Math.max(...waits)).toFixed(2)],
      ["step, ms", (1000 * median(steps)).toFixed(0), (1000 * Math.max(...steps)).toFixed(0)],
    ],
    findings: [{ what: "waiting for data, of a step", value: share, unit: "%", atMost: 2 }],
    charts: [],
    raw: { waits, steps },
  };
}

/** Measures whether the resident memory of a long training grows. */
async function soak(folder: string): Promise<Report> {
  const [steps, settled] = [2000, 200];
  const run = join(folder, "soak");
  const settings = {
    mode: "unpaired",
    data: { loadSize: 64, cropSize: 64 },
    network: { width: 16, depth: 4 },
    training: { maxSteps: steps, sampleEvery: 0, checkpointEvery: 0 },
  };
  await revgan(["train", "--data", join("media", "samples", "nuclei-labels"), "--run", run, ...sets(settings)]);
  const lines = readFileSync(join(run, "metrics.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as MetricsLine);
  const resident = lines.flatMap((line) => (line.type === "step" ? [[line.step, line.residentBytes] as const] : []));
  const growth = slope(resident.slice(settled));
  const at = (step: number): string => megabytes(resident[step - 1]![1]);
  return {
    title: `resident bytes over ${steps} steps, unpaired, 64², width 16, 4 blocks`,
    head: ["step", "resident, MB"],
    rows: [1, settled, steps / 2, steps].map((step) => [String(step), at(step)]),
    findings: [{ what: `slope after the first ${settled} steps`, value: growth, unit: "bytes a step", atMost: 1024 }],
    charts: [],
    raw: resident,
  };
}

/** A nested configuration as `--set` arguments of the command line. */
function sets(config: Readonly<Record<string, unknown>>, prefix = ""): string[] {
  return Object.entries(config).flatMap(([key, value]) =>
    typeof value === "object" && value !== null
      ? sets(value as Record<string, unknown>, `${prefix}${key}.`)
      : ["--set", `${prefix}${key}=${String(value)}`],
  );
}

/** Runs `revgan memory` on the native engine, and returns its measurements. */
function memoryOf(args: readonly string[]): MemoryLine[] {
  const output = execFileSync(process.execPath, [program, "memory", "--json", "--set", "engine=native", ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return output
    .trim()
    .split("\n")
    .map((line) => parseLine(line))
    .filter((line): line is MemoryLine => line.type === "memory");
}

/** Runs `revgan` to its end. */
function revgan(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args, "--set", "engine=native"], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`revgan ${args[0]!} ended with exit code ${String(code)}; its message is above`)),
    );
  });
}
