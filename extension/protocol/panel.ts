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
 * What the host and its webviews (the panel, the side view, the same bundle in a plain browser) send each other. A webview holds
 * nothing that it cannot lose: it sends `ready` and gets a whole `snapshot`; everything after that is a replacement of one of its
 * parts, or steps appended at a known place.
 */
export const panelVersion = 1;

const text = z.string().check(z.maxLength(10_000));
const count = z.int().check(z.gte(0));
/** Names a run for as long as the host lives; webviews only hand it back. */
const runId = z.string().check(z.minLength(1), z.maxLength(32_768));

/** `interrupted`: its process ended without writing a final state. `queued`: waits for another run of this window to end. */
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

/** As many blocks as a configuration can have. */
const networkDepth = count.check(z.lte(10_000));
/** Twice as many. */
const theoryDepth = count.check(z.lte(20_000));

const errorSchema = z.object({ message: text, remedy: text });

const runSummarySchema = z.lazy(() =>
  z.object({
    id: runId,
    name: text,
    /** The folder of runs that it is listed in, as those of a sweep; null for one that stands alone. */
    group: z.nullable(runId),
    state: z.enum(shownStates),
    /** The last step that is done; 0 before the first. */
    step: count,
    /** The last step of the training; null where its run does not tell and it is not running. */
    lastStep: z.nullable(count),
    epoch: count,
    /** ISO time at which the run last wrote a step or a change of its state. */
    updatedAt: text,
    engine: z.nullable(z.object({ name: text, device: z.nullable(text) })),
    /** Over the latest steps; null while none is known. */
    stepsPerSecond: z.nullable(z.number()),
    secondsLeft: z.nullable(z.number()),
    /** The time that its steps took, over all processes that trained it; null while its metrics are not read. */
    seconds: z.nullable(z.number()),
    /** Why it failed. */
    error: z.nullable(errorSchema),
    /**
     * What it is doing before its first step ("Loading TensorFlow"), what it waits for in a queue or in a pause that the user did not
     * request, on which job of a cluster and how many processes it trains, or how it was interrupted; null where there is nothing to say.
     */
    note: z.nullable(text),
    /** The available actions. */
    actions: z.array(z.enum(panelActions)),
  }),
);

/** A run in a list, and the head of the panel. */
export type RunSummary = z.infer<typeof runSummarySchema>;

const samplesSchema = z.lazy(() =>
  z.object({
    /** An address that ends with a slash; the pictures of a step are at `BASE/NNNNNN/NAME`. */
    base: text,
    /** Ascending. */
    steps: z.array(count),
    /** File names of the latest step's pictures: see `sampleName`. */
    pictures: z.array(text),
  }),
);

/** The samples of a run. */
export type RunSamples = z.infer<typeof samplesSchema>;

const memorySchema = z.lazy(() =>
  z.object({
    /** Measured for this run's configuration. */
    lines: z.array(memoryLineSchema),
    /** A measurement is under way: how many lines of how many are there. */
    measuring: z.nullable(z.object({ done: count, of: count })),
  }),
);

/** What was measured of memory against depth. */
export type MemoryMeasurements = z.infer<typeof memorySchema>;

const theorySchema = z.lazy(() =>
  z.object({
    /** The memory at a depth, by each mode that the network has; without `budget` where a step does not fit into its budget. */
    points: z.array(
      z.object({
        depth: count,
        needs: z.partialRecord(z.enum(memoryModes), memoryShares),
        /** Floating-point operations of a step: its time grows with depth about as these do. */
        operations: z.partialRecord(z.enum(memoryModes), count),
      }),
    ),
    /** Why there are none. */
    problem: z.nullable(text),
  }),
);

/** Memory by theory, depth by depth. */
export type Theory = z.infer<typeof theorySchema>;

/** What is needed at one depth. */
export type TheoryPoint = Theory["points"][number];

/** Metrics by their names; psnr is null for equal pictures. */
const metricsByName = z.record(z.string(), z.nullable(z.number()));

/** The pictures in a row of an evaluation's contact sheet, from left to right. */
const sheetColumns = ["input", "translated", "truth", "cycled", "difference"] as const;

const evaluationSchema = z.lazy(() =>
  z.object({
    split: z.enum(evaluatedSplits),
    direction: z.enum(directions),
    /** ISO time at which it was made. */
    time: text,
    /** That of the evaluated checkpoint; null where it was not recorded. */
    step: z.nullable(count),
    /** How many pictures or volumes were evaluated. */
    images: count,
    /** Means over them. */
    metrics: metricsByName,
    /** The cases with the largest error, the worst first: `mae` where the truth is known, else `cycleMae`. */
    worst: z.array(
      z.object({
        /** The file's name without its ending. */
        name: text,
        metrics: metricsByName,
        /** `difference` is that of the two pictures before it, or of the way back and the input. */
        columns: z.array(z.enum(sheetColumns)),
      }),
    ),
    /** The address of a picture with a row of equal height for each of `worst`, in their order; null where there is none. */
    sheet: z.nullable(text),
  }),
);

/** An evaluation of a run in one direction. */
export type RunEvaluation = z.infer<typeof evaluationSchema>;

const runViewSchema = z.lazy(() =>
  z.object({
    run: runSummarySchema,
    /** With every default; the host has checked it. Null where the run's file cannot be used: then its steps and samples are shown alone. */
    config: z.nullable(z.custom<Config>((value: unknown) => typeof value === "object" && value !== null)),
    /** Every step so far. */
    steps: encodedStepsSchema,
    /** The last step's line, with its memory part by part. */
    lastStepLine: z.nullable(stepLineSchema),
    validations: z.array(validationLineSchema),
    /** The test split's first, AtoB before BtoA. */
    evaluations: z.array(evaluationSchema),
    samples: samplesSchema,
    memory: memorySchema,
  }),
);

/** Everything that is shown of one run. */
export type RunView = z.infer<typeof runViewSchema>;

/** Figures of a step's pictures, by `a-0`, `b-0`…; of translations where the pair is known, and of the way there and back. */
const figuresSchema = z.lazy(() =>
  z.record(
    z.string(),
    z.object({
      /** Of 255. */
      mae: z.optional(z.number()),
      /** In dB; null for equal pictures. */
      psnr: z.optional(z.nullable(z.number())),
      /** Structural similarity, at most 1; null for pictures that are too small for it. */
      ssim: z.optional(z.nullable(z.number())),
      /** Of 255: how far the picture there and back is from where it began. */
      cycleMae: z.optional(z.number()),
      /** Of a volume: the pixels of the first of the three planes in its pictures. */
      plane: z.optional(z.object({ width: count, height: count })),
    }),
  ),
);
export type SampleFigures = z.infer<typeof figuresSchema>;

/** What a run costs and how good it is; null where its folder is damaged, which `problem` then tells. */
const costAndQualitySchema = z.lazy(() =>
  z.object({ line: z.nullable(comparisonLineSchema), problem: z.nullable(text) }),
);
export type RunCostAndQuality = z.infer<typeof costAndQualitySchema>;

const toWebviewSchema = z.lazy(() =>
  z.discriminatedUnion("type", [
    /** Replaces everything. `strings` translates the interface's words; `actions` are those that need no run. */
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
    /** Steps of the shown run, which replace a webview's own from index `from` on. */
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
     * The runs to compare with the shown one: their curves, and the cost and quality of each. `asked` tells who requested it: this page,
     * the same page before it was reloaded, or a command, upon which the comparison is scrolled into view.
     */
    z.object({
      type: z.literal("comparison"),
      asked: z.enum(["here", "before", "elsewhere"]),
      runs: z.array(
        z.object({ run: runSummarySchema, steps: encodedStepsSchema, costAndQuality: costAndQualitySchema }),
      ),
      shown: z.nullable(costAndQualitySchema),
    }),
    /** Answers `figures`; empty where the run has none. */
    z.object({ type: z.literal("figures"), run: runId, step: count, figures: figuresSchema }),
    /** Answers `theory`. */
    z.object({ type: z.literal("theory"), run: runId, theory: theorySchema }),
    /** Answers `configuration`. */
    z.object({ type: z.literal("configuration"), run: runId, depth: count, name: text, text }),
  ]),
);

/** From the host to a webview. */
export type ToWebview = z.infer<typeof toWebviewSchema>;

/** How many runs may be compared with the shown one: the page gets all their steps. */
export const mostCompared = 100;

/** The most that a webview may save, in characters of base64. */
const largestSave = 256 * 1024 * 1024;

const fromWebviewSchema = z.lazy(() =>
  z.discriminatedUnion("type", [
    /** `run`: what it showed before it was hidden or reloaded. */
    z.object({ type: z.literal("ready"), version: z.literal(panelVersion), run: z.nullable(runId) }),
    z.object({ type: z.literal("show"), run: runId }),
    /** Compares these with the shown run, and lays their curves over its own; none ends it. */
    z.object({ type: z.literal("compare"), runs: z.array(runId).check(z.maxLength(mostCompared)) }),
    z.object({ type: z.literal("figures"), run: runId, step: count }),
    /** Asks for the shown run's memory by theory, at these depths. */
    z.object({ type: z.literal("theory"), run: runId, depths: z.array(theoryDepth).check(z.maxLength(200)) }),
    /** Asks for the text of a configuration with another depth, to copy or save where the host writes none. */
    z.object({ type: z.literal("configuration"), run: runId, depth: networkDepth }),
    /** Has the host write that configuration, and open it. */
    z.object({ type: z.literal("newRunAtDepth"), run: runId, depth: networkDepth }),
    z.object({ type: z.literal("act"), action: z.enum(panelActions), run: z.nullable(runId) }),
    /** Asks where to save a chart or a table. */
    z.object({
      type: z.literal("save"),
      name: z.string().check(z.regex(/^[^/\\:*?"<>|]{1,200}$/)),
      base64: z.string().check(z.maxLength(largestSave)),
    }),
    /** Asks where to save a sample's picture. */
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

/** Figures as a file holds them. Nothing for a file that holds something else. */
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
