import * as z from "zod/mini";
import { parseConfig, type Config } from "./config";
import { errorCodes, RevganError, type ErrorCode } from "./errors";

/** What the files of a run folder hold. They may come from anywhere: everything is checked and limited. */

const step = z.int().check(z.gte(0));
const shortText = z.string().check(z.maxLength(1000));
const isoTime = z
  .string()
  .check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/, "must be an ISO time in UTC"));

const intensityWindow = z.object({ low: z.number(), high: z.number() });

export const runStates = ["running", "paused", "stopped", "finished", "failed"] as const;
export type RunState = (typeof runStates)[number];

const runSchema = z.object({
  format: z.literal(1),
  name: shortText.check(z.minLength(1)),
  config: z.unknown(),
  engine: z.nullable(z.object({ name: shortText, device: z.nullable(shortText), version: z.nullable(shortText) })),
  /** Of RevGAN, Node and the libraries. */
  versions: z.record(shortText, shortText),
  seed: step,
  state: z.enum(runStates),
  step,
  /** The best validation so far. */
  best: z.nullable(z.object({ step, metric: shortText, value: z.number() })),
  createdAt: isoTime,
  updatedAt: isoTime,
  /** Of volumes: the mean of the values that became −1 and 1, in each domain's training data. */
  intensity: z.optional(z.object({ a: intensityWindow, b: intensityWindow })),
  error: z.nullable(
    z.object({
      code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
      message: z.string(),
      remedy: z.string(),
    }),
  ),
});

/** `run.json`. */
export type Run = Omit<z.infer<typeof runSchema>, "config"> & { config: Config };

/**
 * @param value what `run.json` holds
 * @param source its path, for messages
 * @throws RevganError `run`, or `config` for a configuration that is not valid
 */
export function parseRun(value: unknown, source: string): Run {
  const format = (value as { format?: unknown } | null | undefined)?.format;
  if (typeof format === "number" && format > 1) {
    throw new RevganError("run", `${source} was written by a newer RevGAN (format ${format})`, "update RevGAN");
  }
  const run = parsed(runSchema, value, source, "run", "use another run, or restore the file from a copy");
  return { ...run, config: parseConfig(run.config, source) };
}

const lockSchema = z.object({
  pid: z.int().check(z.gte(1), z.lte(2 ** 31)),
  host: z.string().check(z.minLength(1), z.maxLength(255)),
  startedAt: isoTime,
});

/** `lock`: who trains. */
export type LockContent = z.infer<typeof lockSchema>;

/** @returns undefined if the value is no lock */
export function parseLock(value: unknown): LockContent | undefined {
  const result = lockSchema.safeParse(value);
  return result.success ? result.data : undefined;
}

const count = z.int().check(z.gte(1));

const checkpointStateSchema = z.object({
  format: z.literal(1),
  step,
  /** The epoch that the next step belongs to, from 1. */
  epoch: z.int().check(z.gte(1)),
  /** States of the random number generators by name, as their owners write them. */
  random: z.record(z.string().check(z.maxLength(100)), z.json()),
  more: z._default(
    z.looseObject({
      /** How far the core's states went. */
      coreRange: z.optional(z.nullable(z.number())),
      /** How many of each domain were trained on: the order of the images hangs on it. */
      images: z.optional(z.object({ a: count, b: count })),
    }),
    {},
  ),
});

/** `state.json` of a checkpoint. No times and no paths: equal training gives equal bytes. */
export type CheckpointState = z.infer<typeof checkpointStateSchema>;

/**
 * @param text of `state.json`
 * @param source its path, for messages
 * @throws RevganError `checkpoint`
 */
export function parseCheckpointState(text: string, source: string): CheckpointState {
  const remedy = "delete this checkpoint's folder to use an older one";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new RevganError("checkpoint", `${source} is damaged: it is not JSON`, remedy, { cause });
  }
  return parsed(checkpointStateSchema, value, source, "checkpoint", remedy);
}

/** The bytes of `state.json`: keys sorted by code unit at every level, so that equal states are equal bytes. */
export function formatCheckpointState(state: CheckpointState): string {
  return `${JSON.stringify(sorted(state), null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

function parsed<T extends z.ZodMiniType>(
  schema: T,
  value: unknown,
  source: string,
  code: ErrorCode,
  remedy: string,
): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue?.path.join(".") || "its top level";
  throw new RevganError(code, `${source} is damaged at ${where}: ${issue?.message ?? "unknown"}`, remedy);
}
