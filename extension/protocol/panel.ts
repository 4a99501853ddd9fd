import * as z from "zod/mini";
import type { Config } from "../configuration/config";
import {
  comparisonLineSchema,
  directions,
  evaluatedSplits,
  memoryLineSchema,
  memoryModes,
  memoryShares,
  stepLineSchema,
  validationLineSchema,
} from "./lines";
import { samplePattern } from "./runFileNames";
import { encodedStepsSchema } from "./stepColumns";

/**
 * What the host and its webviews (the panel, the side view, the same bundle in a plain browser) send each other. A webview keeps no data of
 * its own and can be reloaded at any time: it sends `ready` and gets a whole `snapshot`; every later message replaces one part of that
 * snapshot, or appends steps at a known index.
 */
export const panelVersion = 1;

const text = z.string().check(z.maxLength(10_000));
const count = z.int().check(z.gte(0));
/** The host's identifier of a run, valid until the host ends; webviews send it back without interpreting it. */
const runId = z.string().check(z.minLength(1), z.maxLength(32_768));

/** `interrupted`: the run's process ended without writing a final state. `queued`: the run waits for another run of this window to end. */
export const shownStates = [
  "queued",
  "starting",
  "running",
  "paused",
  "stopping",
  "stopped",
  "finished",
  "failed",
  "interrupted",
] as const;

/** State of a run. */
export type ShownState = (typeof shownStates)[number];

/** Actions of the user; the host sends which of them are available. */
export const panelActions = [
  "pause",
  "resume",
  "stop",
  "resumeFromCheckpoint",
  "trainFurther",
  "translatePicture",
  "evaluate",
  "exportRun",
  "measureMemory",
  "cancelMeasurement",
  "revealRun",
  "deleteRun",
  "showLog",
  "openPanel",
  "newRun",
  "trySampleData",
  "showExample",
  "installEngine",
] as const;
export type PanelAction = (typeof panelActions)[number];

/** `network.depth`: the number of blocks, up to the schema's limit. */
const networkDepth = count.check(z.lte(10_000));
/** Depths for which the panel asks predictions: up to twice the largest `network.depth`. */
const predictedDepth = count.check(z.lte(20_000));

const errorSchema = z.object({ message: text, remedy: text });

const runSummarySchema = z.lazy(() =>
  z.object({
    id: runId,
    name: text,
    /** The folder under which the list groups this run, for example that of a sweep; null for a run that is listed alone. */
    group: z.nullable(runId),
    state: z.enum(shownStates),
    /** The number of the last completed step, from 1; 0 before the first step has completed. */
    step: count,
    /** The step at which the training ends; null where the run's files do not record it and the run is not running. */
    lastStep: z.nullable(count),
    epoch: count,
    /** ISO time at which the run last wrote a step or a change of its state. */
    updatedAt: text,
    engine: z.nullable(z.object({ name: text, device: z.nullable(text) })),
    /** Mean over the latest steps; null while none has been measured. */
    stepsPerSecond: z.nullable(z.number()),
    secondsLeft: z.nullable(z.number()),
    /**
     * The sum of the durations of all steps, also of those trained before the run was resumed; null until the run's metrics have been read.
     */
    seconds: z.nullable(z.number()),
    /** Why the run failed; null for a run that did not fail. */
    error: z.nullable(errorSchema),
    /**
     * One of: what the run does before its first step ("Loading TensorFlow"); what it waits for in a queue or in a pause that the user did
     * not request; the cluster job and the number of processes that train it; how it was interrupted. Null where none applies.
     */
    note: z.nullable(text),
    /** The actions that are available for this run. */
    actions: z.array(z.enum(panelActions)),
  }),
);

/** What lists and the head of the panel show of a run. */
export type RunSummary = z.infer<typeof runSummarySchema>;

const samplesSchema = z.lazy(() =>
  z.object({
    /** A URL that ends with a slash; the pictures of a step are at `BASE` + `NNNNNN/NAME`, with the step in six digits or more. */
    base: text,
    /** The steps that have samples, ascending. */
    steps: z.array(count),
    /** File names of the latest step's pictures: see `sampleName`. */
    pictures: z.array(text),
  }),
);

/** The samples of a run. */
export type RunSamples = z.infer<typeof samplesSchema>;

const memorySchema = z.lazy(() =>
  z.object({
    /** Measurements that belong to this run's configuration. */
    lines: z.array(memoryLineSchema),
    /** The progress of a running measurement: `done` of `of` lines are measured. Null while none runs. */
    measuring: z.nullable(z.object({ done: count, of: count })),
  }),
);

/** The measured memory of a step at several depths. */
export type MemoryMeasurements = z.infer<typeof memorySchema>;

const theorySchema = z.lazy(() =>
  z.object({
    /**
     * The predicted memory at a depth, for each memory mode that the network has; `budget` is absent where a step does not fit into the
     * budget.
     */
    points: z.array(
      z.object({
        depth: count,
        needs: z.partialRecord(z.enum(memoryModes), memoryShares),
        /** Floating-point operations of a step. The time of a step grows with depth about in proportion to them. */
        operations: z.partialRecord(z.enum(memoryModes), count),
      }),
    ),
    /** Why `points` is empty; null where it is not. */
    problem: z.nullable(text),
  }),
);

/** The predicted memory of a step at several depths. */
export type Theory = z.infer<typeof theorySchema>;

/** The prediction for one depth. */
export type TheoryPoint = Theory["points"][number];

/** Metrics by their names; psnr is null for equal pictures. */
const metricsByName = z.record(z.string(), z.nullable(z.number()));

/** The pictures in a row of an evaluation's contact sheet, from left to right. */
const sheetColumns = ["input", "translated", "truth", "cycled", "difference"] as const;

const evaluationSchema = z.lazy(() =>
  z.object({
    split: z.enum(evaluatedSplits),
    direction: z.enum(directions),
    /** ISO time of the evaluation. */
    time: text,
    /** The step of the evaluated checkpoint; null where it was not recorded. */
    step: z.nullable(count),
    /** How many pictures or volumes were evaluated. */
    images: count,
    /** Means over the evaluated pictures or volumes. */
    metrics: metricsByName,
    /**
     * The pictures or volumes with the largest error, the worst first. The error is `mae` where the true picture is known, else `cycleMae`.
     */
    worst: z.array(
      z.object({
        /** The file's name without its ending. */
        name: text,
        metrics: metricsByName,
        /**
         * The pictures in this row. `difference` shows the absolute difference between the translation and the truth, or between the cycled
         * picture and the input.
         */
        columns: z.array(z.enum(sheetColumns)),
      }),
    ),
    /**
     * The URL of the contact sheet: one picture with a row of equal height for each element of `worst`, in the same order. Null without a
     * sheet.
     */
    sheet: z.nullable(text),
  }),
);

/** An evaluation of a run in one direction. */
export type RunEvaluation = z.infer<typeof evaluationSchema>;

const runViewSchema = z.lazy(() =>
  z.object({
    run: runSummarySchema,
    /**
     * The configuration with every default filled in, checked by the host. Null where the run's file cannot be used; then only steps and
     * samples are shown.
     */
    config: z.nullable(z.custom<Config>((value: unknown) => typeof value === "object" && value !== null)),
    /** All steps of the run so far. */
    steps: encodedStepsSchema,
    /** The line of the last step, which has the memory by part (the columns of `steps` do not). */
    lastStepLine: z.nullable(stepLineSchema),
    validations: z.array(validationLineSchema),
    /** Evaluations of the test split before those of the validation split, in each AtoB before BtoA. */
    evaluations: z.array(evaluationSchema),
    samples: samplesSchema,
    memory: memorySchema,
  }),
);

/** Everything that is shown of one run. */
export type RunView = z.infer<typeof runViewSchema>;

/**
 * Errors of a step's sample pictures, by domain and index (`a-0`, `b-0`…): of translations whose true picture is known, and of cycled
 * pictures (translated there and back).
 */
const figuresSchema = z.lazy(() =>
  z.record(
    z.string(),
    z.object({
      /** Mean absolute error of the translation, on a scale of 0 to 255. */
      mae: z.optional(z.number()),
      /** PSNR of the translation in dB; null for equal pictures. */
      psnr: z.optional(z.nullable(z.number())),
      /** Structural similarity, at most 1; null for pictures that are too small for it. */
      ssim: z.optional(z.nullable(z.number())),
      /** Mean absolute error between the cycled picture and the input, on a scale of 0 to 255. */
      cycleMae: z.optional(z.number()),
      /** For a volume only: the size in pixels of the first of the three planes that its sample picture shows. */
      plane: z.optional(z.object({ width: count, height: count })),
    }),
  ),
);
export type SampleFigures = z.infer<typeof figuresSchema>;

/** What a run costs and how good it is. Where its folder is damaged, `line` is null and `problem` says why. */
const costAndQualitySchema = z.lazy(() =>
  z.object({ line: z.nullable(comparisonLineSchema), problem: z.nullable(text) }),
);
export type RunCostAndQuality = z.infer<typeof costAndQualitySchema>;

const toWebviewSchema = z.lazy(() =>
  z.discriminatedUnion("type", [
    /**
     * Replaces all that the webview shows. `strings` maps the interface's English texts to the user's language; `actions` are the available
     * ones that need no run.
     */
    z.object({
      type: z.literal("snapshot"),
      version: z.literal(panelVersion),
      strings: z.record(z.string(), z.string()),
      runs: z.array(runSummarySchema),
      shown: z.nullable(runViewSchema),
      actions: z.array(z.enum(panelActions)),
    }),
    /** Replaces the list of runs, including the shown run's summary, and the actions that need no run. */
    z.object({ type: z.literal("runs"), runs: z.array(runSummarySchema), actions: z.array(z.enum(panelActions)) }),
    /** Replaces the shown run. */
    z.object({ type: z.literal("run"), view: z.nullable(runViewSchema) }),
    /** Steps of the shown run. They replace the steps from index `from` on that the webview has. */
    z.object({
      type: z.literal("steps"),
      run: runId,
      from: count,
      steps: encodedStepsSchema,
      lastStepLine: z.nullable(stepLineSchema),
      validations: z.array(validationLineSchema),
    }),
    z.object({ type: z.literal("samples"), run: runId, samples: samplesSchema }),
    z.object({ type: z.literal("evaluations"), run: runId, evaluations: z.array(evaluationSchema) }),
    z.object({ type: z.literal("memory"), run: runId, memory: memorySchema }),
    /**
     * The runs to compare with the shown run: their curves, and the cost and quality of each. `asked` says who requested the comparison:
     * this page (`here`), the same page before it was reloaded (`before`), or a command (`elsewhere`); after a command the page scrolls to
     * the comparison.
     */
    z.object({
      type: z.literal("comparison"),
      asked: z.enum(["here", "before", "elsewhere"]),
      runs: z.array(
        z.object({ run: runSummarySchema, steps: encodedStepsSchema, costAndQuality: costAndQualitySchema }),
      ),
      shown: z.nullable(costAndQualitySchema),
    }),
    /** Answers `figures`; `figures` is empty where the step has none. */
    z.object({ type: z.literal("figures"), run: runId, step: count, figures: figuresSchema }),
    /** Answers `theory`. */
    z.object({ type: z.literal("theory"), run: runId, theory: theorySchema }),
    /** Answers `configuration`. */
    z.object({ type: z.literal("configuration"), run: runId, depth: count, name: text, text }),
  ]),
);

/** From the host to a webview. */
export type ToWebview = z.infer<typeof toWebviewSchema>;

/** The most runs that may be compared with the shown run. The limit exists because the page gets all steps of each. */
export const mostCompared = 100;

/** The most that a webview may save, in characters of base64. */
const largestSave = 256 * 1024 * 1024;

const fromWebviewSchema = z.lazy(() =>
  z.discriminatedUnion("type", [
    /** Asks for a snapshot. `run` is the run that the webview showed before it was hidden or reloaded. */
    z.object({ type: z.literal("ready"), version: z.literal(panelVersion), run: z.nullable(runId) }),
    z.object({ type: z.literal("show"), run: runId }),
    /** Compares these runs with the shown run and draws their curves over its own; an empty list ends the comparison. */
    z.object({ type: z.literal("compare"), runs: z.array(runId).check(z.maxLength(mostCompared)) }),
    z.object({ type: z.literal("figures"), run: runId, step: count }),
    /** Asks for the predicted memory of the shown run at these depths. */
    z.object({ type: z.literal("theory"), run: runId, depths: z.array(predictedDepth).check(z.maxLength(200)) }),
    /**
     * Asks for the text of the run's configuration with another depth, which the page lets the user copy or save where the host cannot
     * write files.
     */
    z.object({ type: z.literal("configuration"), run: runId, depth: networkDepth }),
    /** Has the host write the run's configuration with another depth to a file and open it. */
    z.object({ type: z.literal("newRunAtDepth"), run: runId, depth: networkDepth }),
    z.object({ type: z.literal("act"), action: z.enum(panelActions), run: z.nullable(runId) }),
    /** Has the host ask the user where to save a chart or a table, and save it. */
    z.object({
      type: z.literal("save"),
      name: z.string().check(z.regex(/^[^/\\:*?"<>|]{1,200}$/)),
      base64: z.string().check(z.maxLength(largestSave)),
    }),
    /** Has the host ask the user where to save a copy of a sample picture. */
    z.object({
      type: z.literal("saveSample"),
      run: runId,
      step: count,
      picture: z.string().check(z.regex(samplePattern)),
    }),
  ]),
);

/** From a webview to the host. */
export type FromWebview = z.infer<typeof fromWebviewSchema>;

/** The figures that a file holds, from its parsed JSON; empty where the JSON is something else. */
export function parseFigures(value: unknown): SampleFigures {
  const result = figuresSchema.safeParse(value);
  return result.success ? result.data : {};
}

/** @returns undefined for anything that is not a message; webview content is not trusted */
export function parseFromWebview(value: unknown): FromWebview | undefined {
  const result = fromWebviewSchema.safeParse(value);
  return result.success ? result.data : undefined;
}

/** @throws Error naming the wrong field: host and webview are of different versions */
export function parseToWebview(value: unknown): ToWebview {
  const result = toWebviewSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(
    `a message of the host is wrong at ${issue?.path.join(".") ?? "its top"}: ${issue?.message ?? "unknown"}`,
  );
}
