import * as z from "zod/mini";
import { memoryParts } from "./memoryParts";
import { errorCodes, RevganError, type ErrorCode } from "./errors";
import { longestLine } from "./pipes";

/**
 * The JSON lines that the programs print with `--json`, write into `metrics.jsonl` and send to each other. Bytes are integers, durations in
 * seconds, paths absolute. New versions may add fields but rename none: readers ignore unknown fields.
 *
 * Schemas of messages and files are built at their first use (`z.lazy`): building all of them at once takes half of the time of loading the
 * extension's bundle.
 */

export const directions = ["AtoB", "BtoA"] as const;
export type TranslationDirection = (typeof directions)[number];

/** Parts of a data set that are not trained on. */
export const evaluatedSplits = ["test", "val"] as const;
export type EvaluatedSplit = (typeof evaluatedSplits)[number];

const direction = z.enum(directions);
const count = z.int().check(z.gte(0));
const bytes = count;
const seconds = z.number().check(z.gte(0));
const path = z.string().check(z.minLength(1), z.maxLength(32_768));
/** The value of a metric; null where there is none: `psnr` of identical images is infinite, `ssim` needs images of a certain size. */
const metric = z.nullable(z.number());
/** Metrics of the translations in one direction; metrics that do not apply are absent or null. */
const metrics = z.lazy(() =>
  z.catchall(
    z.object({
      mae: z.optional(metric),
      psnr: z.optional(metric),
      ssim: z.optional(metric),
      /** The mean absolute error of the best constant colour on the same true pictures: what a translation has to beat. */
      constantMae: z.optional(metric),
      /** Distance between the translations and the real pictures of their domain, of 255: see `slicedWasserstein.ts`. */
      slicedWasserstein: z.optional(metric),
      /**
       * The same distance between the untranslated input pictures and the real pictures of the target domain, as a baseline. Absent where
       * the two domains have different channel counts.
       */
      slicedWassersteinUntranslated: z.optional(metric),
      /** How different the translations of different pictures are, of 255: see `spread.ts`. */
      spread: z.optional(metric),
      /** How different the real pictures of the translations' domain are, of 255. */
      realSpread: z.optional(metric),
    }),
    z.optional(metric),
  ),
);
const metricsByDirection = z.partialRecord(direction, metrics);
const engineName = z.enum(["native-gpu", "webgpu", "native", "wasm"]);
/** `mpi` is no engine: it connects the processes of one training, and its device is its launcher. */
const installedName = z.enum([...engineName.options, "mpi"]);
const validatedSplit = z.enum(["val", "test"]);

export const stepLineSchema = z.lazy(() =>
  z.object({
    type: z.literal("step"),
    /** Counted from 1. */
    step: z.int().check(z.gte(1)),
    /** Counted from 1. */
    epoch: z.int().check(z.gte(1)),
    /** Each loss multiplied by its weight, by its name in the authors' code: see `lossCatalogue.ts`. */
    losses: z.record(z.string(), z.number()),
    seconds,
    learningRate: z.number(),
    /** Exact bytes of all live tensors: after the step (`live`), and the most during it (`peak`). */
    bytes: z.object({
      live: bytes,
      peak: bytes,
      peakByPart: z.record(z.enum(memoryParts), bytes),
      /** The part of the network, or `other`, that was computing at the peak. Older runs lack this field and `largestActivations`. */
      peakIn: z.optional(z.enum(memoryParts)),
      /** The most bytes of activations at any moment of the step. */
      largestActivations: z.optional(bytes),
    }),
    /** Resident set size of the process. */
    residentBytes: bytes,
    /** Bytes of the GPU's memory in use, as its driver reports them. */
    gpuBytes: z.optional(bytes),
    /** When the step ended, as an ISO 8601 time. */
    time: z.string().check(z.maxLength(40)),
  }),
);

export const validationLineSchema = z.lazy(() =>
  z.object({
    type: z.literal("validation"),
    step: count,
    /**
     * With pairs `mae`, `psnr`, `ssim` and `constantMae`; with unpaired pictures `slicedWasserstein` and `slicedWassersteinUntranslated`
     * instead.
     */
    metrics: metricsByDirection,
    /** The part of the data set that the pictures are from. */
    split: z.optional(validatedSplit),
    /** How many pictures were translated in a direction; the larger number where the directions differ. */
    images: z.optional(count),
    /**
     * True where `training.validateEvery` is null: only a selection of the pictures was translated, and the result does not decide which
     * checkpoint is kept as the best.
     */
    automatic: z.optional(z.boolean()),
  }),
);

export const checkpointLineSchema = z.lazy(() => z.object({ type: z.literal("checkpoint"), step: count, path }));

export const sampleLineSchema = z.lazy(() => z.object({ type: z.literal("sample"), step: count, path }));

/** The last line of train and resume; `run` and `checkpoint` are folders. */
export const finishedLineSchema = z.lazy(() =>
  z.object({ type: z.literal("finished"), run: path, step: count, checkpoint: path }),
);

export const translatedLineSchema = z.lazy(() =>
  z.object({ type: z.literal("translated"), input: path, output: path, direction }),
);

export const evaluationLineSchema = z.lazy(() =>
  z.object({
    type: z.literal("evaluation"),
    direction,
    /** The step of the evaluated checkpoint. */
    step: z.optional(count),
    images: count,
    /** Means over the images. */
    metrics,
    perImage: z.array(z.catchall(z.object({ name: z.string() }), z.unknown())),
  }),
);

/** Progress of an evaluation, printed with `evaluate --progress`. */
export const evaluationProgressLineSchema = z.lazy(() =>
  z.object({
    type: z.literal("evaluationProgress"),
    direction,
    done: count,
    of: count,
  }),
);

/** What a network keeps for its backward pass. */
export const backprops = ["recompute", "checkpoint", "store"] as const;
export type BackpropMode = (typeof backprops)[number];

/**
 * The ways to run the backward pass for which a step's memory is predicted and measured. `budget` is `recompute`, but with as many blocks
 * stored as fit into `network.memoryBudget`.
 */
export const memoryModes = [...backprops, "budget"] as const;
export type MemoryMode = (typeof memoryModes)[number];

/** The memory of a step in bytes: the peak of all tensors, and its shares at that moment. */
export const memoryShares = z.lazy(() =>
  z.object({
    peak: bytes,
    weights: bytes,
    moments: bytes,
    gradients: bytes,
    /** `peak` without `weights`, `moments` and `gradients`. */
    activations: bytes,
    /** The most bytes of activations at any moment of the step: at least `activations`, which are those at the moment of `peak`. */
    largestActivations: bytes,
    /** The part of the network, or `other`, that computes at the peak. */
    peakIn: z.optional(z.enum(memoryParts)),
  }),
);
export type MemoryShares = z.infer<typeof memoryShares>;

export const memoryLineSchema = z.lazy(() =>
  z.object({
    type: z.literal("memory"),
    depth: count,
    backprop: z.enum(memoryModes),
    /** In the mode `budget` only: the budget in bytes; `storedBlocks` is the number of blocks that are stored within it. */
    budget: z.optional(bytes),
    storedBlocks: z.optional(count),
    measured: memoryShares,
    theory: memoryShares,
    residentBytes: bytes,
    /** Bytes of the GPU's memory in use, as its driver reports them. */
    gpuBytes: z.optional(bytes),
    seconds,
  }),
);

export const comparisonLineSchema = z.lazy(() =>
  z.object({
    type: z.literal("comparison"),
    run: path,
    kind: z.enum(["revgan", "cyclegan", "pix2pix"]),
    parameters: z.nullable(count),
    /** The largest peak of all steps; null where no step was taken. */
    peakBytes: z.nullable(bytes),
    secondsPerStep: z.nullable(seconds),
    /** From the run's evaluation, else from its last validation, else null. */
    metrics: z.nullable(metricsByDirection),
    /**
     * Where `metrics` come from: the evaluation, with its number of pictures, or the last validation, with its step; null where there are
     * none.
     */
    judged: z.optional(
      z.nullable(
        z.discriminatedUnion("by", [
          z.object({ by: z.literal("evaluation"), images: count }),
          z.object({
            by: z.literal("validation"),
            step: count,
            split: z.optional(validatedSplit),
            /** How many pictures were translated in each direction. */
            images: z.optional(count),
          }),
        ]),
      ),
    ),
    /** The number of steps that the run has taken. */
    steps: z.optional(count),
    /** The data set that the run was trained on, as its configuration names it. */
    data: z.optional(z.nullable(z.string())),
    /** Every setting of the run's configuration, by its dotted path: `network.depth` and so on. */
    settings: z.optional(z.record(z.string(), z.unknown())),
    /** The keys that a file has to contain for this configuration; all other keys have their defaults. */
    written: z.optional(z.array(z.string())),
  }),
);

/** A proposed configuration, with the memory and time that training it would take on this machine. */
export const planLineSchema = z.lazy(() =>
  z.object({
    type: z.literal("plan"),
    /** `quick`, `balanced` or `best` for a proposal; `as written` for a configuration that the user gave. */
    name: z.enum(["quick", "balanced", "best", "as written"]),
    /** The content of a configuration file, with absolute paths. */
    config: z.record(z.string(), z.unknown()),
    /** With a memory budget only: how many blocks are stored within it. */
    storedBlocks: z.optional(count),
    /** The predicted peak of the tensors in a step, comparable with `bytes.peak` of a step's line. */
    peakBytes: bytes,
    /** What the engine may need beyond `peakBytes`; 0 where `peakBytes` is exact. */
    marginBytes: z.optional(bytes),
    /** An estimate of the process's resident set size. */
    residentBytes: bytes,
    secondsPerStep: seconds,
    steps: count,
    /** Duration of the whole training. */
    seconds,
    /** Whether `peakBytes` and `marginBytes` together stay within `memoryBytes`, and `seconds` within the time limit, if one was given. */
    fits: z.boolean(),
    /** The available memory with which `fits` compares. */
    memoryBytes: z.optional(bytes),
    /** The engine and the device that the proposal's training would use. */
    engine: z.optional(z.object({ name: engineName, device: z.nullable(z.string()) })),
  }),
);

export const engineLineSchema = z.lazy(() =>
  z.object({
    type: z.literal("engine"),
    name: installedName,
    available: z.boolean(),
    version: z.nullable(z.string()),
    device: z.nullable(z.string()),
    /** Why the engine does not work on this machine, and (`remedy`) what to do about it; both null where it works. */
    reason: z.nullable(z.string()),
    remedy: z.nullable(z.string()),
    /** For native-gpu only: the GPUs that nvidia-smi lists; `index` is nvidia-smi's number. */
    gpus: z.optional(z.array(z.object({ index: count, name: z.string(), totalBytes: bytes, usedBytes: bytes }))),
    /** For webgpu only: the devices that WebGPU finds; `index` is its own number, not nvidia-smi's. */
    adapters: z.optional(
      z.array(
        z.object({
          index: count,
          name: z.string(),
          backend: z.string(),
          driver: z.string(),
          /** `software`: an implementation of the GPU's interface that computes on the processor. */
          kind: z.enum(["discrete", "integrated", "software", "unknown"]),
          /** The largest tensor that the device can hold, in bytes. */
          tensorBytes: bytes,
        }),
      ),
    ),
  }),
);

/** Progress of `engine install`. */
export const engineProgressLineSchema = z.lazy(() =>
  z.object({
    type: z.literal("engineProgress"),
    name: installedName,
    /** `download`, `unpack` and so on; bytes are 0 for a phase that has none. */
    phase: z.string().check(z.maxLength(40)),
    bytes,
    totalBytes: bytes,
    bytesPerSecond: z.number(),
  }),
);

/** A training that was submitted to a cluster's queue. Where `run` and `job` are null, only its script was written. */
export const submittedLineSchema = z.lazy(() =>
  z.object({
    type: z.literal("submitted"),
    script: z.string(),
    run: z.nullable(z.string()),
    job: z.nullable(z.string()),
  }),
);

/** The fields that describe a failure in all messages. */
export const failureFields = {
  code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  remedy: z.string(),
};

const errorLineSchema = z.lazy(() => z.object({ type: z.literal("error"), ...failureFields }));

export const lineSchema = z.lazy(() =>
  z.discriminatedUnion("type", [
    stepLineSchema,
    validationLineSchema,
    checkpointLineSchema,
    sampleLineSchema,
    finishedLineSchema,
    translatedLineSchema,
    evaluationLineSchema,
    evaluationProgressLineSchema,
    memoryLineSchema,
    comparisonLineSchema,
    planLineSchema,
    engineLineSchema,
    engineProgressLineSchema,
    submittedLineSchema,
    errorLineSchema,
  ]),
);

export type StepLine = z.infer<typeof stepLineSchema>;
export type ValidationLine = z.infer<typeof validationLineSchema>;
export type CheckpointLine = z.infer<typeof checkpointLineSchema>;
export type SampleLine = z.infer<typeof sampleLineSchema>;
export type FinishedLine = z.infer<typeof finishedLineSchema>;
export type TranslatedLine = z.infer<typeof translatedLineSchema>;
export type EvaluationLine = z.infer<typeof evaluationLineSchema>;
export type MemoryLine = z.infer<typeof memoryLineSchema>;
export type ComparisonLine = z.infer<typeof comparisonLineSchema>;
export type PlanLine = z.infer<typeof planLineSchema>;
export type EngineName = z.infer<typeof engineName>;
export type EngineLine = z.infer<typeof engineLineSchema>;
export type EngineProgressLine = z.infer<typeof engineProgressLineSchema>;
export type ErrorLine = z.infer<typeof errorLineSchema>;
export type Line = z.infer<typeof lineSchema>;
/** A line of a run's `metrics.jsonl`. */
export type MetricsLine = StepLine | ValidationLine;

/** The line as JSON, ended by a line feed. */
export function formatLine(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}

/**
 * Reads one line that another program wrote.
 * @throws RevganError `internal`, naming the field that is wrong
 */
export function parseLine(text: string): Line {
  if (text.length > longestLine) throw notALine(`${text.length} characters long`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notALine(`not JSON: ${JSON.stringify(text.slice(0, 60))}`);
  }
  const result = lineSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw notALine(`wrong at ${issue?.path.join(".") || "its top"}: ${issue?.message ?? "unknown"}`);
}

/** The line that a failed command prints with `--json`. */
export function errorLine(error: RevganError): ErrorLine {
  return { type: "error", ...error.failure };
}

function notALine(what: string): RevganError {
  return new RevganError(
    "internal",
    `a JSON line is ${what}`,
    "update RevGAN so that all its parts have the same version",
  );
}
