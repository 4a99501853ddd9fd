import { availableParallelism } from "node:os";
import { join } from "node:path";
import { runProcess } from "../../extension/processes/runProcess";
import {
  type Implementation,
  measureInTurn,
  ours,
  type RunningImplementation,
  startImplementation,
  type Workload,
} from "./implementations";
import { writePictures, writeVolumes } from "./pictures";
import type { Report } from "./report";
import { median, medianRatio } from "./statistics";
import { WorkerProcess } from "./workerProcess";

const workloads: readonly Workload[] = [
  { mode: "unpaired", side: 256, width: 64, depth: 9 },
  { mode: "unpaired", side: 128, width: 32, depth: 6 },
  { mode: "unpaired", dimensions: 3, side: 32, width: 16, depth: 4 },
];
const [warmUps, rounds] = [2, 11];

/** Measures translations of a picture alternately by our translator and by onnxruntime with the exported model. */
export async function onnx(folder: string): Promise<Report> {
  const seen = [];
  for (const workload of workloads) seen.push({ name: nameOf(workload), ...(await secondsOf(workload, folder)) });
  return {
    title: "translation, ours and onnxruntime's of the exported model",
    head: [
      "",
      "ours, seconds (median)",
      "least",
      "onnxruntime, seconds (median)",
      "least",
      "above idle, ours",
      "onnxruntime",
    ],
    rows: seen.map(({ name, own, theirs, ownBytes, theirBytes }) => [
      name,
      ...[own, theirs].flatMap((seconds) => [median(seconds).toPrecision(3), Math.min(...seconds).toPrecision(3)]),
      ...[ownBytes, theirBytes].map((bytes) => `${(bytes / 1e6).toFixed(1)} MB`),
    ]),
    findings: seen.map(({ name, own, theirs }) => ({
      what: `${name}: ours / onnxruntime (median of the quotients)`,
      value: medianRatio(own, theirs),
    })),
    charts: seen.map(({ name, own, theirs }) => ({
      title: name,
      unit: "seconds",
      bars: [
        { name: "ours", value: median(own) },
        { name: "onnxruntime", value: median(theirs) },
      ],
    })),
    raw: seen,
  };
}

function nameOf({ dimensions = 2, side, width, depth }: Workload): string {
  return `${side}${dimensions === 3 ? "³" : "²"}, width ${width}, ${depth} blocks`;
}

async function secondsOf(
  workload: Workload,
  folder: string,
): Promise<{ own: number[]; theirs: number[]; ownBytes: number; theirBytes: number }> {
  const model = await exportedModel(workload, folder);
  const write = workload.dimensions === 3 ? writeVolumes : writePictures;
  const pictures = await write(folder, workload.side, 4);
  const running: RunningImplementation[] = [];
  try {
    for (const each of [ours("translate"), onnxruntime(model)])
      running.push(await startImplementation(each, workload, pictures, "translate", warmUps));
    await measureInTurn(running, "translate", rounds);
  } finally {
    await Promise.all(running.map(({ worker }) => worker.end()));
  }
  const [own, theirs] = running.map(({ answers }) => answers.map(({ seconds }) => seconds));
  const [ownBytes, theirBytes] = running.map(
    ({ answers, idle }) => Math.max(...answers.map(({ peak }) => peak)) - idle,
  );
  return { own: own!, theirs: theirs!, ownBytes: ownBytes!, theirBytes: theirBytes! };
}

/** Exports the model of an untrained run, whose translations take as long as those of a trained one. @returns the model's path */
async function exportedModel({ mode, dimensions = 2, side, width, depth }: Workload, folder: string): Promise<string> {
  const channels = dimensions === 3 ? 1 : 3;
  const values = {
    mode,
    "network.dimensions": dimensions,
    "network.inputChannels": channels,
    "network.outputChannels": channels,
    "network.width": width,
    "network.depth": depth,
    "training.maxSteps": 0,
    ...(dimensions === 3
      ? { "data.folders": '{"a":"lr","b":"hr"}', "data.cropSize": 16 }
      : { "data.loadSize": side, "data.cropSize": side }),
  };
  const run = join(folder, `run-${dimensions}-${side}`);
  const data = join("media", "samples", dimensions === 3 ? "brain-mini" : "nuclei-labels");
  const sets = Object.entries(values).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
  await revgan(["train", "--data", data, "--run", run, ...sets]);
  const out = join(folder, `${dimensions}-${side}.onnx`);
  await revgan(["export", "--run", run, "--format", "onnx", "--direction", "AtoB", "--out", out]);
  return out;
}

async function revgan(args: readonly string[]): Promise<void> {
  const end = await runProcess(process.execPath, [join(import.meta.dirname, "cli.js"), ...args], {
    timeoutMs: 600_000,
  });
  if (end.code !== 0) throw new Error(`revgan ${args[0]!} ended with ${String(end.code)}: ${end.stderr}`);
}

function onnxruntime(model: string): Implementation {
  const python = process.env["REVGAN_ONNX_PYTHON"];
  if (python === undefined) throw new Error("REVGAN_ONNX_PYTHON names no Python: run this by `npm run bench -- onnx`");
  return {
    name: "onnxruntime",
    start: (_, pictures) => {
      const plan = { model, pictures, threads: availableParallelism() };
      return WorkerProcess.start(python, [join("test", "bench", "onnxWorker.py"), JSON.stringify(plan)]);
    },
  };
}
