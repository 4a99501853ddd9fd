import {
  measureInTurn,
  type Implementation,
  type RunningImplementation,
  startImplementation,
  ours,
  pytorch,
  type Workload,
} from "./implementations";
import type { Pictures } from "./pictures";
import type { Finding, Report } from "./report";
import { median, medianRatio } from "./statistics";

/** Implementations that are measured alternately on one workload, with the bounds that the results are compared to. */
interface PairedBenchmark {
  readonly title: string;
  readonly workload: Workload;
  readonly request: "step" | "translate";
  readonly warmUps: number;
  readonly rounds: number;
  readonly ours: readonly Implementation[];
  /** PyTorch's ways of backpropagation. Each is tried in both memory formats, and the faster format is measured. */
  readonly peers: readonly ("reversible" | "storing")[];
  readonly findings: (results: BenchmarkResults) => Finding[];
}

/** Results that findings compare. The arguments of these functions are beginnings of the implementations' names. */
interface BenchmarkResults {
  /** Seconds of one implementation divided by those of the other: the median over the rounds. */
  time(name: string, other: string): number;
  /** Quotient of the peak resident memory of both, each less the resident memory before the network was made. */
  memory(name: string, other: string): number;
  /** Bytes of activations at the peak of our tensors. */
  activations(name: string): number;
}

const paper = { side: 256, width: 64, depth: 9 } as const;
const recompute = ours("recompute");
const all = [recompute, ours("checkpoint", { backprop: "checkpoint" }), ours("store", { backprop: "store" })];
const reversible = "PyTorch, reversible";
const against = (results: BenchmarkResults, atMost: number): Finding => ({
  what: "step, ours / PyTorch reversible",
  value: results.time(recompute.name, reversible),
  atMost,
});
const small = (depth: number, atMost: number): PairedBenchmark => ({
  title: `unpaired, 128², width 32, ${depth} blocks`,
  workload: { mode: "unpaired", side: 128, width: 32, depth },
  request: "step",
  warmUps: 2,
  rounds: 11,
  ours: [recompute],
  peers: ["reversible"],
  findings: (results) => [against(results, atMost)],
});
const large = (mode: Workload["mode"], rounds: number): PairedBenchmark => ({
  title: `${mode}, 256², width 64, 9 blocks`,
  workload: { mode, ...paper },
  request: "step",
  warmUps: 2,
  rounds,
  ours: all,
  peers: ["reversible", "storing"],
  findings: (results) => [
    against(results, 0.65),
    {
      what: "step, ours / PyTorch, both storing",
      value: results.time("ours, store", "PyTorch, storing"),
      atMost: 0.6,
    },
    { what: "step, ours: recompute / store", value: results.time(recompute.name, "ours, store"), atMost: 1.2 },
    {
      what: "peak resident above idle, ours recompute / PyTorch reversible",
      value: results.memory(recompute.name, reversible),
      atMost: 0.5,
    },
  ],
});
const solid = (mode: Workload["mode"], depth: number): PairedBenchmark => ({
  title: `${mode}, volumes of 32³, width 16, ${depth} blocks`,
  workload: { mode, dimensions: 3, side: 32, width: 16, depth },
  request: "step",
  warmUps: 2,
  rounds: 11,
  ours: [recompute],
  peers: ["reversible"],
  findings: (results) => [against(results, 0.65)],
});

/** The benchmarks by the names that the command line uses. */
export const pairedBenchmarks: Readonly<Record<string, PairedBenchmark>> = {
  unpaired: large("unpaired", 5),
  paired: large("paired", 7),
  shallow: small(6, 0.8),
  deep: small(18, 0.7),
  volumes: solid("unpaired", 4),
  "volumes-paired": solid("paired", 8),
  wasm: {
    title: "paired, 64², width 16, 4 blocks",
    workload: { mode: "paired", side: 64, width: 16, depth: 4 },
    request: "step",
    warmUps: 2,
    rounds: 11,
    ours: [ours("native"), ours("WASM", { engine: "wasm" })],
    peers: ["reversible"],
    findings: (results) => [
      { what: "step, WASM / native", value: results.time("ours, WASM", "ours, native"), atMost: 8 },
    ],
  },
  gpu: {
    title: "unpaired, 256², width 64, 9 blocks, by webgpu on the GPU that PyTorch has too (REVGAN_BENCH_DEVICE=cuda)",
    workload: { mode: "unpaired", ...paper },
    request: "step",
    warmUps: 3,
    rounds: 7,
    ours: [ours("webgpu", { engine: "webgpu" })],
    peers: ["reversible", "storing"],
    findings: (results) => [
      { what: "step, ours / PyTorch reversible", value: results.time("ours, webgpu", reversible), atMost: 1.5 },
      { what: "step, ours / PyTorch storing", value: results.time("ours, webgpu", "PyTorch, storing") },
    ],
  },
  depths: {
    title: "unpaired, 256², width 64, 4 and 64 blocks",
    workload: { mode: "unpaired", ...paper, depth: 4 },
    request: "step",
    warmUps: 1,
    rounds: 1,
    ours: [ours("4 blocks"), ours("64 blocks", { depth: 64 })],
    peers: [],
    findings: (results) => [
      {
        what: "activations at the peak, 64 blocks less 4",
        value: results.activations("ours, 64 blocks") - results.activations("ours, 4 blocks"),
        unit: "bytes",
        atMost: 0,
        atLeast: 0,
      },
    ],
  },
  translate: {
    title: "translation of a 256² picture, width 64, 9 blocks",
    workload: { mode: "unpaired", ...paper },
    request: "translate",
    warmUps: 2,
    rounds: 15,
    ours: [ours("whole")],
    peers: ["storing"],
    findings: (results) => [
      {
        what: "translation, ours / PyTorch's forward pass",
        value: results.time("ours, whole", "PyTorch"),
        atMost: 0.6,
      },
    ],
  },
  tiles: {
    title: "translation of 256² and of 2048² in tiles, width 64, 9 blocks",
    workload: { mode: "unpaired", ...paper },
    request: "translate",
    warmUps: 1,
    rounds: 3,
    ours: [ours("256²"), ours("2048²", { repeat: 8 })],
    peers: [],
    findings: (results) => [
      {
        what: "time a pixel, 2048² in tiles / 256²",
        value: results.time("ours, 2048²", "ours, 256²") / 64,
        atMost: 1.1,
      },
    ],
  },
};

/** Runs a benchmark: in each round every implementation is measured once. @param python a Python with PyTorch */
export async function runPairedBenchmark(
  benchmark: PairedBenchmark,
  pictures: Pictures,
  python: string,
): Promise<Report> {
  const { title, workload, request, warmUps, rounds } = benchmark;
  const running: RunningImplementation[] = [];
  try {
    for (const implementation of benchmark.ours)
      running.push(await startImplementation(implementation, workload, pictures, request, warmUps));
    for (const backprop of benchmark.peers) running.push(await faster(python, backprop, benchmark, pictures));
    await measureInTurn(running, request, rounds);
  } finally {
    await Promise.all(running.map(({ worker }) => worker.end()));
  }
  const seen = running.map(({ name, version, idle, answers }) => ({
    name,
    version,
    seconds: answers.map(({ seconds }) => seconds),
    aboveIdle: Math.max(...answers.map(({ peak }) => peak)) - idle,
    tensors: answers.at(-1)?.tensors ?? null,
  }));
  const named = (begin: string): (typeof seen)[number] => seen.find(({ name }) => name.startsWith(begin))!;
  const results: BenchmarkResults = {
    time: (name, other) => medianRatio(named(name).seconds, named(other).seconds),
    memory: (name, other) => named(name).aboveIdle / named(other).aboveIdle,
    activations: (name) => {
      const { weights, moments, gradients, ...rest } = named(name).tensors!;
      return sum(rest);
    },
  };
  return {
    title,
    head: [
      "",
      "seconds (median)",
      `of ${rounds}`,
      "resident above idle",
      "tensors",
      "of them weights, moments, gradients",
    ],
    rows: seen.map(({ name, seconds, aboveIdle, tensors }) => [
      name,
      median(seconds).toPrecision(3),
      `${Math.min(...seconds).toPrecision(3)} to ${Math.max(...seconds).toPrecision(3)}`,
      megabytes(aboveIdle),
      ...(tensors === null
        ? ["", ""]
        : [megabytes(sum(tensors)), megabytes(tensors.weights + tensors.moments + tensors.gradients)]),
    ]),
    findings: benchmark.findings(results),
    charts: [
      { title: request, unit: "seconds", bars: seen.map(({ name, seconds }) => ({ name, value: median(seconds) })) },
      {
        title: "peak resident above idle",
        unit: "MB",
        bars: seen.map(({ name, aboveIdle }) => ({ name, value: aboveIdle / 1e6 })),
      },
    ],
    raw: { workload, running: seen },
  };
}

/** PyTorch in the memory format that is faster on this machine, started and warmed up. */
async function faster(
  python: string,
  backprop: "reversible" | "storing",
  { workload, request, warmUps }: PairedBenchmark,
  pictures: Pictures,
): Promise<RunningImplementation> {
  const formats = [];
  for (const format of ["contiguous_format", "channels_last"] as const)
    formats.push(await startImplementation(pytorch(python, backprop, format), workload, pictures, request, warmUps));
  await measureInTurn(formats, request, 2);
  const best = formats.map(({ answers }) => Math.min(...answers.map(({ seconds }) => seconds)));
  const [winner, loser] = best[0]! <= best[1]! ? formats : formats.toReversed();
  await loser!.worker.end();
  winner!.answers.length = 0;
  return winner!;
}

function sum(bytes: Readonly<Record<string, number>>): number {
  return Object.values(bytes).reduce((total, each) => total + each, 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
