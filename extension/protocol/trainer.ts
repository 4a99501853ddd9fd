import * as z from "zod/mini";
import { directions, failureFields, lineSchema } from "./lines";

/**
 * Messages between the extension host and a trainer, a forked child. The trainer sends `hello` first. It runs one training, or any number
 * of requests (translations, inspections of data folders), for which its engine and the last network stay open.
 */
export const trainerVersion = 1;

const text = z.string().check(z.maxLength(100_000));
const pathSchema = z.string().check(z.minLength(1), z.maxLength(32_768));
const count = z.int().check(z.gte(0));
const sets = z.array(text).check(z.maxLength(100));
const requestIdSchema = count;
/** Where A and B are side by side in one file, A is left and B right. */
const pictureHalfSchema = z.enum(["whole", "left", "right"]);

const hostMessageSchema = z.lazy(() =>
  z.discriminatedUnion("type", [
    /** Trains a new run, below the process's working folder; `config` is a file, `sets` are `key=value`. */
    z.object({ type: z.literal("train"), config: pathSchema, sets }),
    /** Resumes a run. */
    z.object({ type: z.literal("resume"), run: pathSchema, sets }),
    z.object({ type: z.literal("pause") }),
    z.object({ type: z.literal("continue") }),
    /** Drops the unfinished step, writes a checkpoint of the last whole one, and ends. */
    z.object({ type: z.literal("stop") }),
    /** Acknowledges the lines up to this batch; the trainer then sends the next. */
    z.object({ type: z.literal("received"), batch: count }),
    z.object({
      type: z.literal("translate"),
      request: requestIdSchema,
      run: pathSchema,
      direction: z.enum(directions),
      files: z.array(pathSchema).check(z.minLength(1)),
      /** The part of each file that is translated. */
      half: pictureHalfSchema,
      out: z.nullable(pathSchema),
      /** What to do with results that exist already. */
      existing: z.enum(["ask", "skip", "replace"]),
    }),
    /** Inspects a folder, or those of A and B: layout, counts, the sizes of a few images. */
    z.object({
      type: z.literal("inspect"),
      request: requestIdSchema,
      data: z.union([z.object({ path: pathSchema }), z.object({ a: pathSchema, b: pathSchema })]),
    }),
    /** Tells the network that a file or folder of weights is of. */
    z.object({ type: z.literal("weights"), request: requestIdSchema, path: pathSchema }),
    /** Lists pictures or volumes of a run's data set that it can translate. */
    z.object({ type: z.literal("pictures"), request: requestIdSchema, run: pathSchema }),
    z.object({ type: z.literal("cancel"), request: requestIdSchema }),
  ]),
);

/** From the host to the trainer. */
export type HostMessage = z.infer<typeof hostMessageSchema>;

const failure = z.lazy(() =>
  z.object({
    ...failureFields,
    /** A `key=value` with which the run goes on from its checkpoint, where it would fail again without. */
    resumeWith: z.optional(z.string().check(z.maxLength(200))),
  }),
);
export type TrainerFailure = z.infer<typeof failure>;

const sides = z.array(count).check(z.minLength(2), z.maxLength(3));

const layoutSchema = z.lazy(() =>
  z.object({
    /** The one that the data are more likely made for. */
    mode: z.enum(["unpaired", "paired"]),
    /** How the folder is laid out: two folders; A and B side by side in each file of `train/`; or files of one domain in the folder itself. */
    kind: z.enum(["two", "aligned", "one"]),
    /** Pictures or volumes to train on. */
    a: count,
    b: count,
    /** How many of A have a partner in B: of the same name, or side by side. */
    pairs: count,
    /** Whether there are a val or a test part. */
    hasHeldOut: z.boolean(),
    dimensions: z.union([z.literal(2), z.literal(3)]),
    /** The names of the two folders inside `train/`, where these hold the domains. */
    folders: z.nullable(z.object({ a: pathSchema, b: pathSchema })),
    /** The largest number of channels among the inspected files; for volumes what the network is to take. */
    channels: z.object({ a: count, b: count }),
    /**
     * The smallest and the largest sides of the inspected files: `[height, width]` or `[depth, height, width]`; of one half where A and B are
     * side by side.
     */
    smallest: sides,
    largest: sides,
  }),
);
export type DataLayout = z.infer<typeof layoutSchema>;

const pictureSchema = z.lazy(() =>
  z.object({ direction: z.enum(directions), file: pathSchema, half: pictureHalfSchema }),
);

/** A picture or volume of a data set that a run can translate. */
export type DataPicture = z.infer<typeof pictureSchema>;

const fittingNetworkSchema = z.lazy(() =>
  z.object({
    /** A file, or the folder with the other networks' files. */
    path: pathSchema,
    /** Null for weights that fit both. */
    mode: z.nullable(z.enum(["unpaired", "paired"])),
    /** `network` of a configuration. */
    network: z.record(z.string(), z.unknown()),
    /** Generators that are not among the weights. */
    skip: z.array(text).check(z.maxLength(100)),
  }),
);

/** What a configuration must say to start with weights. */
export type FittingNetwork = z.infer<typeof fittingNetworkSchema>;

const trainerMessageSchema = z.lazy(() =>
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("hello"), protocol: z.literal(trainerVersion), version: text, node: text, pid: count }),
    /** The run is on disk and its engine runs. */
    z.object({
      type: z.literal("started"),
      run: pathSchema,
      step: count,
      lastStep: count,
      engine: z.object({ name: text, device: z.nullable(text) }),
    }),
    /** A message for the user: what is being done, or a warning. */
    z.object({ type: z.literal("note"), level: z.enum(["info", "warning"]), text }),
    /** `why`: what a pause that the user did not request waits for. */
    z.object({ type: z.literal("state"), state: z.enum(["running", "paused", "stopping"]), why: z.optional(text) }),
    /** How long stopping may take, in seconds, estimated from the steps so far; sent whenever it grows. */
    z.object({ type: z.literal("patience"), seconds: z.number() }),
    /** Every line since the last batch that was received. */
    z.object({ type: z.literal("lines"), batch: count, lines: z.array(lineSchema) }),
    /** The training is over; null: finished. The process ends by itself. */
    z.object({ type: z.literal("ended"), failure: z.nullable(failure) }),
    /** One file of a translation is done or has failed; `done` of `of`. */
    z.object({ type: z.literal("progress"), request: requestIdSchema, done: count, of: count, line: lineSchema }),
    /** `existing`: results that exist already; nothing was written, and the host asks the user what to do. */
    z.object({
      type: z.literal("answer"),
      request: requestIdSchema,
      layout: z.nullable(layoutSchema),
      weights: z.nullable(fittingNetworkSchema),
      pictures: z.array(pictureSchema),
      existing: z.array(pathSchema),
      failure: z.nullable(failure),
    }),
  ]),
);

/** From the trainer to the host. */
export type TrainerMessage = z.infer<typeof trainerMessageSchema>;

/** @throws Error naming the field: host and trainer are of different versions */
export function parseHostMessage(value: unknown): HostMessage {
  return parsed(hostMessageSchema, value, "the host");
}

/** @throws Error naming the field: host and trainer are of different versions */
export function parseTrainerMessage(value: unknown): TrainerMessage {
  return parsed(trainerMessageSchema, value, "the trainer");
}

function parsed<T extends z.ZodMiniType>(schema: T, value: unknown, sender: string): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(
    `a message of ${sender} is wrong at ${issue?.path.join(".") ?? "its top"}: ${issue?.message ?? "unknown"}`,
  );
}
