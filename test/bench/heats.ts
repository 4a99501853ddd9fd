import { compete, type Contestant, type Entrant, enter, ours, pytorch, type Scene } from "./contestants";
import type { Pictures } from "./pictures";
import type { Finding, Report } from "./report";
import { median, medianRatio } from "./statistics";

/** A contest: who does what on which scene, and what it is to show. */
interface Heat {
  readonly title: string;
  readonly scene: Scene;
  readonly request: "step" | "translate";
  readonly warmUps: number;
  readonly rounds: number;
  readonly ours: readonly Contestant[];
  /** Each in both memory formats; the faster one competes. */
  readonly peers: readonly ("reversible" | "storing")[];
  readonly findings: (judge: Judge) => Finding[];
}

/** What findings are made of: contestants by the beginning of their names. */
interface Judge {
  /** Median of the quotients of seconds. */
  time(name: string, other: string): number;
  /** Quotient of the largest resident sets less those before there was a network. */
  memory(name: string, other: string): number;
  /** Activations at our tensors' peak, in bytes. */
  activations(name: string): number;
}

const paper = { side: 256, width: 64, depth: 9 } as const;
const recompute = ours("recompute");
const all = [recompute, ours("checkpoint", { backprop: "checkpoint" }), ours("store", { backprop: "store" })];
const reversible = "PyTorch, reversible";
const against = (judge: Judge, atMost: number): Finding => ({
  what: "step, ours / PyTorch reversible",
  value: judge.time(recompute.name, reversible),
  atMost,
});
const small = (depth: number): Heat => ({
  title: `unpaired, 128², width 32, ${depth} blocks`,
  scene: { mode: "unpaired", side: 128, width: 32, depth },
  request: "step",
  warmUps: 2,
  rounds: 11,
  ours: [recompute],
  peers: ["reversible"],
  findings: (judge) => [against(judge, 1.1)],
});
const large = (mode: Scene["mode"], rounds: number): Heat => ({
  title: `${mode}, 256², width 64, 9 blocks`,
  scene: { mode, ...paper },
  request: "step",
  warmUps: 2,
  rounds,
  ours: all,
  peers: ["reversible", "storing"],
  findings: (judge) => [
    against(judge, 1),
    { what: "step, ours: recompute / store", value: judge.time(recompute.name, "ours, store"), atMost: 1.2 },
    {
      what: "peak resident above idle, ours recompute / PyTorch reversible",
      value: judge.memory(recompute.name, reversible),
      atMost: 0.65,
    },
  ],
});
const solid = (mode: Scene["mode"], depth: number): Heat => ({
  title: `${mode}, volumes of 32³, width 16, ${depth} blocks`,
  scene: { mode, dimensions: 3, side: 32, width: 16, depth },
  request: "step",
  warmUps: 2,
  rounds: 11,
  ours: [recompute],
  peers: ["reversible"],
  findings: (judge) => [against(judge, 1.05)],
});

/** The contests by name. */
export const heats: Readonly<Record<string, Heat>> = {
  unpaired: large("unpaired", 5),
  paired: large("paired", 7),
  shallow: small(6),
  deep: small(18),
  volumes: solid("unpaired", 4),
  "volumes-paired": solid("paired", 8),
  wasm: {
    title: "paired, 64², width 16, 4 blocks",
    scene: { mode: "paired", side: 64, width: 16, depth: 4 },
    request: "step",
    warmUps: 2,
    rounds: 11,
    ours: [ours("native"), ours("WASM", { engine: "wasm" })],
    peers: ["reversible"],
    findings: (judge) => [{ what: "step, WASM / native", value: judge.time("ours, WASM", "ours, native"), atMost: 8 }],
  },
  depths: {
    title: "unpaired, 256², width 64, 4 and 64 blocks",
    scene: { mode: "unpaired", ...paper, depth: 4 },
    request: "step",
    warmUps: 1,
    rounds: 1,
    ours: [ours("4 blocks"), ours("64 blocks", { depth: 64 })],
    peers: [],
    findings: (judge) => [
      {
        what: "activations at the peak, 64 blocks less 4",
        value: judge.activations("ours, 64 blocks") - judge.activations("ours, 4 blocks"),
        unit: "bytes",
        atMost: 0,
        atLeast: 0,
      },
    ],
  },
  translate: {
    title: "translation of a 256² picture, width 64, 9 blocks",
    scene: { mode: "unpaired", ...paper },
    request: "translate",
    warmUps: 2,
    rounds: 15,
    ours: [ours("whole")],
    peers: ["storing"],
    findings: (judge) => [
      { what: "translation, ours / PyTorch's forward pass", value: judge.time("ours, whole", "PyTorch"), atMost: 1.3 },
    ],
  },
  tiles: {
    title: "translation of 256² and of 2048² in tiles, width 64, 9 blocks",
    scene: { mode: "unpaired", ...paper },
    request: "translate",
    warmUps: 1,
    rounds: 3,
    ours: [ours("256²"), ours("2048²", { repeat: 8 })],
    peers: [],
    findings: (judge) => [
      { what: "time a pixel, 2048² in tiles / 256²", value: judge.time("ours, 2048²", "ours, 256²") / 64, atMost: 1.3 },
    ],
  },
};

/** Runs a contest, everyone in turn. */
export async function runHeat(heat: Heat, pictures: Pictures, python: string): Promise<Report> {
  const { title, scene, request, warmUps, rounds } = heat;
  const entrants: Entrant[] = [];
  try {
    for (const contestant of heat.ours) entrants.push(await enter(contestant, scene, pictures, request, warmUps));
    for (const backprop of heat.peers) entrants.push(await faster(python, backprop, heat, pictures));
    await compete(entrants, request, rounds);
  } finally {
    await Promise.all(entrants.map(({ worker }) => worker.end()));
  }
  const seen = entrants.map(({ name, version, idle, answers }) => ({
    name,
    version,
    seconds: answers.map(({ seconds }) => seconds),
    aboveIdle: Math.max(...answers.map(({ peak }) => peak)) - idle,
    tensors: answers.at(-1)?.tensors ?? null,
  }));
  const named = (begin: string): (typeof seen)[number] => seen.find(({ name }) => name.startsWith(begin))!;
  const judge: Judge = {
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
    findings: heat.findings(judge),
    charts: [
      { title: request, unit: "seconds", bars: seen.map(({ name, seconds }) => ({ name, value: median(seconds) })) },
      {
        title: "peak resident above idle",
        unit: "MB",
        bars: seen.map(({ name, aboveIdle }) => ({ name, value: aboveIdle / 1e6 })),
      },
    ],
    raw: { scene, entrants: seen },
  };
}

/** PyTorch in the memory format that suits this machine better. */
async function faster(
  python: string,
  backprop: "reversible" | "storing",
  { scene, request, warmUps }: Heat,
  pictures: Pictures,
): Promise<Entrant> {
  const formats = [];
  for (const format of ["contiguous_format", "channels_last"] as const)
    formats.push(await enter(pytorch(python, backprop, format), scene, pictures, request, warmUps));
  await compete(formats, request, 2);
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
