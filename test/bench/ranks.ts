import { readFileSync } from "node:fs";
import { join } from "node:path";
import { locateMpi } from "../../extension/trainer/engines/installedMpi";
import { runProcess } from "../../extension/processes/runProcess";
import type { Report } from "./report";
import { median, medianRatio } from "./statistics";

const workload = { side: 128, width: 32, depth: 6 } as const;
const [rounds, steps, warmUps] = [5, 12, 2];
const samples = join("media", "samples", "nuclei-labels");

/** Bytes of the gradients of one phase of the workload's step: the largest sum over ranks. */
const reducedBytes = 27_200_000;

/** A script for every rank: sums `bytes` bytes over the ranks several times; rank 0 prints the milliseconds of each sum. */
const reduceScript = `
const [, addon, library, bytes] = process.argv;
const mpi = require(addon);
(async () => {
  const { rank } = await mpi.open(library, 60, () => undefined);
  const values = new Float32Array(Number(bytes) / 4);
  const times = [];
  for (let i = 0; i < 12; i++) {
    await mpi.sum(new Float32Array(1));
    const since = performance.now();
    await mpi.sum(values.fill(rank));
    times.push(performance.now() - since);
  }
  await mpi.finish();
  if (rank === 0) process.stdout.write("\\n" + JSON.stringify(times.slice(2)));
})();
`;

/** Compares the images per second of two ranks of one thread with those of one, measured alternately, and times a sum of gradients. */
export async function ranks(folder: string): Promise<Report> {
  const [one, two]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    one.push(await secondsPerStep(join(folder, `one-${round}`), 1));
    two.push(await secondsPerStep(join(folder, `two-${round}`), 2));
  }
  const shared = await sumTimes(2, {});
  const tcp = await sumTimes(2, { MPIR_CVAR_NOLOCAL: "1" });
  const imagesRatio = 2 / medianRatio(two, one);
  const row = (name: string, values: readonly number[], digits: number): string[] => [
    name,
    median(values).toFixed(digits),
    Math.min(...values).toFixed(digits),
  ];
  return {
    title: `ranks of one thread, unpaired, ${workload.side}², width ${workload.width}, ${workload.depth} blocks, an image each`,
    head: ["", "median", "least"],
    rows: [
      row("a step of one rank (s)", one, 3),
      row("a step of two ranks (s)", two, 3),
      row("27 MB summed over two ranks, shared memory (ms)", shared, 1),
      row("27 MB summed over two ranks, TCP (ms)", tcp, 1),
    ],
    findings: [
      { what: "images a second of two ranks, of one's (median of the quotients)", value: imagesRatio, atLeast: 1.85 },
      { what: "27 MB, shared memory", value: median(shared), unit: "ms", atMost: 40 },
      { what: "27 MB, TCP", value: median(tcp), unit: "ms", atMost: 120 },
      {
        what: "share of the sums in a step of two ranks",
        value: (100 * median(shared)) / 1000 / median(two),
        unit: "%",
      },
    ],
    charts: [
      {
        title: "step",
        unit: "seconds",
        bars: [
          { name: "one rank", value: median(one) },
          { name: "two ranks", value: median(two) },
        ],
      },
    ],
    raw: { one, two, shared, tcp },
  };
}

/** The median seconds per step of a training on `count` ranks of one thread. */
async function secondsPerStep(run: string, count: number): Promise<number> {
  const { side, width, depth } = workload;
  const values = {
    mode: "unpaired",
    engine: "native",
    "data.loadSize": side,
    "data.cropSize": side,
    "network.width": width,
    "network.depth": depth,
    "training.batchSize": count,
    "training.maxSteps": steps,
    "training.sampleEvery": 0,
    "training.validateEvery": 0,
    "training.checkpointEvery": 0,
  };
  const sets = Object.entries(values).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
  await onRanks(
    count,
    [join(import.meta.dirname, "cli.js"), "train", "--json", "--data", samples, "--run", run, ...sets],
    { TF_NUM_INTRAOP_THREADS: "1" },
  );
  const lines = readFileSync(join(run, "metrics.jsonl"), "utf8").trim().split("\n");
  return median(lines.slice(warmUps).map((line) => (JSON.parse(line) as { seconds: number }).seconds));
}

async function sumTimes(count: number, env: NodeJS.ProcessEnv): Promise<number[]> {
  const { addon, library } = locateMpi()!;
  const stdout = await onRanks(count, ["-e", reduceScript, addon, library ?? "", String(reducedBytes)], env);
  return JSON.parse(stdout.slice(stdout.lastIndexOf("\n") + 1)) as number[];
}

/** Runs Node on several ranks. Returns their joint output. */
async function onRanks(count: number, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const located = locateMpi();
  if (located?.mpiexec == null) throw new Error("MPI is not installed: run `node dist/cli.js engine install --mpi`");
  const end = await runProcess(located.mpiexec, ["-n", String(count), process.execPath, ...args], {
    timeoutMs: 600_000,
    env: { ...process.env, UCX_MEM_EVENTS: "no", ...env },
  });
  if (end.code !== 0) throw new Error(`${count} ranks ended with ${String(end.code)}: ${end.stderr}`);
  return end.stdout;
}
