import * as z from "zod/mini";
import { memoryParts } from "./memoryParts";
import { errorCodes, RevganError, type ErrorCode } from "./errors";
import { longestLine } from "./pipes";

/**
 * The JSON lines that the programs print with `--json`, write into `metrics.jsonl` and send to each other.
 * Bytes are integers, times in seconds, paths absolute. Fields may be added, none renamed: readers ignore what they do not know.
 *
 * Schemas of messages and files are made at their first use (`z.lazy`): making all of them takes half of the time in which the extension's
 * bundle is loaded.
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
/** psnr of identical images is null. */
const metric = z.nullable(z.number());
/** Figures of a direction's translations; those that do not apply are absent or null. */
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
      /** The same distance for the untranslated input pictures: what doing nothing gives. Absent where the channels differ. */
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
    /** From 1. */
    step: z.int().check(z.gte(1)),
    /** From 1. */
    epoch: z.int().check(z.gte(1)),
    /** Each loss multiplied by its weight, by its name in the authors' code: see `lossCatalogue.ts`. */
    losses: z.record(z.string(), z.number()),
    seconds,
    learningRate: z.number(),
    /** Exact bytes of live tensors. */
    bytes: z.object({
      live: bytes,
      peak: bytes,
      peakByPart: z.record(z.enum(memoryParts), bytes),
      /** The part of the network, or `other`, that computed at the peak. Older runs lack this and the next. */
      peakIn: z.optional(z.enum(memoryParts)),
      /** The most activations at any moment of the step. */
      largestActivations: z.optional(bytes),
    }),
    /** Resident set size of the process. */
    residentBytes: bytes,
    /** Of a GPU's memory, as its driver tells it. */
    gpuBytes: z.optional(bytes),
    /** ISO 8601. */
    time: z.string().check(z.maxLength(40)),
  }),
);

export const validationLineSchema = z.lazy(() =>
  z.object({
    type: z.literal("validation"),
    step: count,
    /** With pairs `mae psnr ssim constantMae`; of unpaired pictures `slicedWasserstein slicedWassersteinUntranslated` instead. */
    metrics: metricsByDirection,
    /** The part of the data set that the pictures are from. */
    split: z.optional(validatedSplit),
    /** How many pictures were translated in a direction, the most of any. */
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
    /** That of the evaluated checkpoint. */
    step: z.optional(count),
    images: count,
    /** Means over the images. */
    metrics,
    perImage: z.array(z.catchall(z.object({ name: z.string() }), z.unknown())),
  }),
);

/** How far `evaluate --progress` is. */
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
export type Backprop = (typeof backprops)[number];

/** Ways of which a step's memory is predicted and measured. `budget` is `recompute` within `network.memoryBudget`. */
export const memoryModes = [...backprops, "budget"] as const;
export type MemoryMode = (typeof memoryModes)[number];

/** The memory of a step. */
export const memoryShares = z.lazy(() =>
  z.object({
    peak: bytes,
    weights: bytes,
    moments: bytes,
    gradients: bytes,
    /** `peak` without `weights`, `moments` and `gradients`. */
    activations: bytes,
    /** The most activations at any moment of the step: at least `activations`, which are those at the peak. */
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
    /** With the mode `budget`: the budget, and how many blocks are stored within it. */
    budget: z.optional(bytes),
    storedBlocks: z.optional(count),
    measured: memoryShares,
    theory: memoryShares,
    residentBytes: bytes,
    /** Of a GPU's memory, as its driver tells it. */
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
    /** Null where no step was taken. */
    peakBytes: z.nullable(bytes),
    secondsPerStep: z.nullable(seconds),
    /** Of the run's evaluation, else of its last validation, else null. */
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
            /** How many pictures were translated in a direction. */
            images: z.optional(count),
          }),
        ]),
      ),
    ),
    /** How many steps were taken. */
    steps: z.optional(count),
    /** The data set that it was trained on, as its configuration names it. */
    data: z.optional(z.nullable(z.string())),
    /** Its configuration, every key of it: `network.depth` and so on. */
    settings: z.optional(z.record(z.string(), z.unknown())),
    /** The keys that a file with this configuration has to say; the others have defaults, which follow from these. */
    written: z.optional(z.array(z.string())),
  }),
);

/** A configuration that one could train, and what it would take on this machine. */
export const planLineSchema = z.lazy(() =>
  z.object({
    type: z.literal("plan"),
    /** `quick`, `balanced` or `best`; `as written` for a given configuration. */
    name: z.enum(["quick", "balanced", "best", "as written"]),
    /** As a configuration file has it, with absolute paths. */
    config: z.record(z.string(), z.unknown()),
    /** With a memory budget: how many blocks are stored within it. */
    storedBlocks: z.optional(count),
    /** Of the tensors of a step, as `bytes.peak` of its line. */
    peakBytes: bytes,
    /** What the engine may need beyond that; 0 where the peak is exact. */
    marginBytes: z.optional(bytes),
    /** About what the process takes. */
    residentBytes: bytes,
    secondsPerStep: seconds,
    steps: count,
    /** Of the whole training. */
    seconds,
    /** Whether tensors and margin stay within `memoryBytes`, and the whole training within the time limit, if one was given. */
    fits: z.boolean(),
    /** The memory that `fits` goes by. */
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
    /** Why it does not work here, and what to do about it; null where it works. */
    reason: z.nullable(z.string()),
    remedy: z.nullable(z.string()),
    /** Of native-gpu: what nvidia-smi lists, by its numbers. */
    gpus: z.optional(z.array(z.object({ index: count, name: z.string(), totalBytes: bytes, usedBytes: bytes }))),
    /** Of webgpu: the devices that it finds, by its own numbers. */
    adapters: z.optional(
      z.array(
        z.object({
          index: count,
          name: z.string(),
          backend: z.string(),
          driver: z.string(),
          /** `software`: the processor, which acts as a GPU. */
          kind: z.enum(["discrete", "integrated", "software", "unknown"]),
          /** The most bytes of one tensor. */
          tensorBytes: bytes,
        }),
      ),
    ),
  }),
);

/** How far `engine install` is. */
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

/** A training that waits in a cluster's queue; without run and job, its script alone was written. */
export const submittedLineSchema = z.lazy(() =>
  z.object({
    type: z.literal("submitted"),
    script: z.string(),
    run: z.nullable(z.string()),
    job: z.nullable(z.string()),
  }),
);

/** What is told of a failure. */
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
/** What `metrics.jsonl` holds. */
export type MetricsLine = StepLine | ValidationLine;

/** The line as it is printed, with its end. */
export function formatLine(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}

/**
 * Reads one line that another program wrote.
 * @throws RevganError `internal`, naming the field
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

/** What a failed command prints with `--json`. */
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
