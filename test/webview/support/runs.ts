import { parseConfig, type Config } from "../../../extension/configuration/config";
import type { StepLine, ValidationLine } from "../../../extension/protocol/lines";
import type { RunSummary, RunView, ShownState, ToWebview } from "../../../extension/protocol/panel";
import { StepColumns } from "../../../extension/protocol/stepColumns";
import { seededRandom } from "../../../extension/trainer/random";
import { pictureNames, samplesBase } from "./pictures";

export { samplesBase } from "./pictures";

/** Which run to make up; what is left out is of an ordinary one in the middle of its training. */
export interface ExampleRun {
  readonly id?: string;
  readonly name?: string;
  readonly group?: string | null;
  readonly steps?: number;
  readonly lastStep?: number;
  readonly state?: ShownState;
  readonly config?: unknown;
}

/** The configuration of the made-up runs: the sample data's. */
export const exampleConfig: Config = parseConfig(
  {
    mode: "unpaired",
    network: { kind: "revgan", width: 32, depth: 9 },
    data: { path: "nuclei-labels", loadSize: 143, cropSize: 128 },
    training: { epochs: 20, decayEpochs: 20, sampleEvery: 100 },
  },
  "the tests' configuration",
);

/** Steps of an epoch: the pictures of the sample data. */
const epochLength = 64;

/** Step lines whose losses fall, waver and balance as those of real runs do; the same for the same numbers. */
export function stepLines(from: number, to: number): StepLine[] {
  const draw = seededRandom(7, "losses", from);
  const around = (value: number, spread: number) => value * (1 + spread * (draw.uniform() - 0.5));
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => lineAt(from + i, around));
}

function lineAt(step: number, around: (value: number, spread: number) => number): StepLine {
  const settled = Math.exp(-step / 400);
  const cycle = 0.6 + 4.2 * settled;
  const losses = {
    G_A: around(0.42 + 0.3 * settled, 0.5),
    G_B: around(0.36 + 0.35 * settled, 0.6),
    cycle_A: around(cycle, 0.35),
    cycle_B: around(cycle * 0.8, 0.4),
    idt_A: around(cycle * 0.3, 0.35),
    idt_B: around(cycle * 0.25, 0.4),
    D_A: around(0.22 + 0.1 * settled, 0.6),
    D_B: around(0.2 + 0.12 * settled, 0.7),
  };
  const peakByPart = {
    weights: 19_600_000,
    moments: 39_200_000,
    gradients: 19_600_000,
    encoders: 33_554_432,
    core: 12_582_912,
    decoders: 41_943_040,
    discriminators: 9_437_184,
    images: 1_572_864,
    other: 262_144,
  };
  const peak = Object.values(peakByPart).reduce((sum, bytes) => sum + bytes, 0);
  return {
    type: "step",
    step,
    epoch: 1 + Math.floor((step - 1) / epochLength),
    losses,
    seconds: around(0.31, 0.1),
    learningRate: 0.0002,
    bytes: { live: 79_000_000, peak, peakByPart, largestActivations: 101_000_000 },
    residentBytes: 612_000_000 + Math.min(step, 400) * 20_000,
    time: new Date(Date.UTC(2026, 2, 14, 9, 0, 0) + step * 310).toISOString(),
  };
}

/** A run as the head and the list show it. */
export function exampleSummary({
  id = "/data/runs/nuclei",
  name = "nuclei-labels-20260314-090000",
  group = null,
  steps = 640,
  lastStep = 2560,
  state = "running",
}: ExampleRun = {}): RunSummary {
  const alive = state === "running" || state === "paused";
  return {
    id,
    name,
    group,
    state,
    step: steps,
    lastStep,
    epoch: steps === 0 ? 0 : 1 + Math.floor((steps - 1) / epochLength),
    updatedAt: "2026-03-14T09:03:18.000Z",
    engine: state === "queued" ? null : { name: "native", device: "CPU" },
    stepsPerSecond: alive && steps > 0 ? 3.2 : null,
    secondsLeft: state === "running" && steps > 0 ? (lastStep - steps) / 3.2 : null,
    seconds: steps / 3.2,
    error:
      state === "failed"
        ? {
            message: "The trainer was ended by the system (code 137): memory ran out",
            remedy: "lower data.cropSize, training.batchSize or network.width, then resume from the checkpoint",
          }
        : null,
    note: state === "starting" ? "Loading TensorFlow" : null,
    actions: actionsOf(state),
  };
}

function actionsOf(state: ShownState): RunSummary["actions"] {
  switch (state) {
    case "running":
      return ["pause", "stop", "revealRun", "showLog", "openPanel"];
    case "paused":
      return ["resume", "stop", "revealRun", "showLog", "openPanel", "measureMemory"];
    case "queued":
    case "starting":
      return ["stop", "revealRun", "showLog", "openPanel"];
    case "stopping":
      return ["revealRun", "showLog", "openPanel"];
    case "stopped":
    case "finished":
    case "failed":
    case "interrupted":
      return ["resumeFromCheckpoint", "measureMemory", "revealRun", "deleteRun", "showLog", "openPanel"];
  }
}

/** Everything of a run. */
export function exampleView(example: ExampleRun = {}): RunView {
  const run = exampleSummary(example);
  const lines = stepLines(1, run.step);
  const columns = new StepColumns();
  for (const line of lines) columns.append(line);
  return {
    run,
    config: example.config === undefined ? exampleConfig : parseConfig(example.config, "a test's configuration"),
    steps: columns.encode(),
    lastStepLine: lines.at(-1) ?? null,
    validations: validationsUntil(run.step),
    evaluations: [],
    samples: { base: samplesBase, steps: sampleSteps(run.step), pictures: run.step >= 100 ? pictureNames : [] },
    memory: { lines: [], measuring: null },
  };
}

function validationsUntil(step: number): ValidationLine[] {
  const figures = { mae: 21.4, psnr: 18.2, ssim: 0.52 };
  return Array.from({ length: Math.floor(step / 320) }, (_, i) => ({
    type: "validation",
    step: 320 * (i + 1),
    metrics: { AtoB: figures, BtoA: figures },
  }));
}

/** The steps that have samples. */
export function sampleSteps(step: number): number[] {
  return Array.from({ length: Math.floor(step / 100) }, (_, i) => 100 * (i + 1));
}

/** What a host says first. */
export type Snapshot = Extract<ToWebview, { type: "snapshot" }>;

/** A window with this run shown, and two older ones in the list. */
export function exampleSnapshot(example: ExampleRun = {}): Snapshot {
  const shown = exampleView(example);
  return {
    type: "snapshot",
    version: 1,
    strings: {},
    runs: [
      shown.run,
      exampleSummary({ id: "/data/runs/older", name: "nuclei-labels-20260313-171205", steps: 2560, state: "finished" }),
      exampleSummary({
        id: "/data/runs/horse",
        name: "horse2zebra-20260310-081540",
        steps: 1204,
        lastStep: 267_800,
        state: "failed",
      }),
    ],
    shown,
    actions: ["newRun", "trySampleData"],
  };
}

/** A window without runs. */
export const emptySnapshot: Snapshot = {
  type: "snapshot",
  version: 1,
  strings: {},
  runs: [],
  shown: null,
  actions: ["newRun", "trySampleData", "showExample"],
};
