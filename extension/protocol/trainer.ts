import * as z from "zod/mini";
import { directions, failureFields, lineSchema } from "./lines";

/**
 * Messages between the extension host and a trainer, a child process forked by the host. The trainer sends `hello` first. It then runs one
 * training, or any number of requests (translations, inspections of data folders); its engine and the last network stay loaded between
 * requests.
 */
export const trainerVersion = 1;

const text = z.string().check(z.maxLength(100_000));
const pathSchema = z.string().check(z.minLength(1), z.maxLength(32_768));
const count = z.int().check(z.gte(0));
const sets = z.array(text).check(z.maxLength(100));
const requestIdSchema = count;
/** The part of a file that is one picture: `whole`, or where A and B are side by side in one file, `left` for A and `right` for B. */
const pictureHalfSchema = z.enum(["whole", "left", "right"]);

const hostMessageSchema = z.lazy(() =>
  z.discriminatedUnion("type", [
    /**
     * Trains a new run, whose folder is created below the trainer's working folder. `config` is the path of a configuration; each of `sets`
     * is a `key=value`.
     */
    z.object({ type: z.literal("train"), config: pathSchema, sets }),
    /** Resumes the run in this folder from its last checkpoint. */
    z.object({ type: z.literal("resume"), run: pathSchema, sets }),
    z.object({ type: z.literal("pause") }),
    z.object({ type: z.literal("continue") }),
    /** Drops the unfinished step, writes a checkpoint of the last whole one, and ends. */
    z.object({ type: z.literal("stop") }),
    /** Acknowledges the lines of this batch; the trainer sends the next batch only then. */
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
    /** Inspects a data folder, or the two folders of domains A and B: layout, number of files, sizes of a few images. */
    z.object({
      type: z.literal("inspect"),
      request: requestIdSchema,
      data: z.union([z.object({ path: pathSchema }), z.object({ a: pathSchema, b: pathSchema })]),
    }),
    /** Asks which network configuration fits the weights in a file or folder. */
    z.object({ type: z.literal("weights"), request: requestIdSchema, path: pathSchema }),
    /** Lists pictures or volumes of a run's data set that the run can translate. */
    z.object({ type: z.literal("pictures"), request: requestIdSchema, run: pathSchema }),
    z.object({ type: z.literal("cancel"), request: requestIdSchema }),
  ]),
);

/** From the host to the trainer. */
export type HostMessage = z.infer<typeof hostMessageSchema>;

const failure = z.lazy(() =>
  z.object({
    ...failureFields,
    /** A `key=value` with which the run can be resumed; without it the resumed run would fail again. Absent where no setting helps. */
    resumeWith: z.optional(z.string().check(z.maxLength(200))),
  }),
);
export type TrainerFailure = z.infer<typeof failure>;

const sides = z.array(count).check(z.minLength(2), z.maxLength(3));

const layoutSchema = z.lazy(() =>
  z.object({
    /** The training mode for which the data are more likely made. */
    mode: z.enum(["unpaired", "paired"]),
    /**
     * The folder's layout: `two` folders, one for each domain; `aligned`: A and B side by side in each file of `train/`; or `one`: files of
     * a single domain in the folder itself.
     */
    kind: z.enum(["two", "aligned", "one"]),
    /** Number of training pictures or volumes of domain A; `b` is that of domain B. */
    a: count,
    b: count,
    /** How many files of A have a partner in B: a file of the same name, or the other half of the same file. */
    pairs: count,
    /** Whether the data set has a `val` or a `test` part. */
    hasHeldOut: z.boolean(),
    dimensions: z.union([z.literal(2), z.literal(3)]),
    /** The names of the domains' folders where these lie inside `train/`; null in all other layouts. */
    folders: z.nullable(z.object({ a: pathSchema, b: pathSchema })),
    /** The largest number of channels among the inspected files; for volumes, the number of channels that the network should have. */
    channels: z.object({ a: count, b: count }),
    /**
     * The smallest length of each axis among the inspected files, `[height, width]` or `[depth, height, width]`, and in `largest` the
     * largest. Where A and B are side by side, of one half.
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
    /** The file of the weights, or its folder where files of the other networks lie beside it. */
    path: pathSchema,
    /** The training mode that the weights need; null where they fit both modes. */
    mode: z.nullable(z.enum(["unpaired", "paired"])),
    /** The section `network` of a configuration. */
    network: z.record(z.string(), z.unknown()),
    /** Names of generators that the weights do not contain: the value of `training.initSkip`. */
    skip: z.array(text).check(z.maxLength(100)),
  }),
);

/** The settings with which a configuration's network fits given weights. */
export type FittingNetwork = z.infer<typeof fittingNetworkSchema>;

const trainerMessageSchema = z.lazy(() =>
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("hello"), protocol: z.literal(trainerVersion), version: text, node: text, pid: count }),
    /** The run's folder is written and its engine is running. */
    z.object({
      type: z.literal("started"),
      run: pathSchema,
      step: count,
      lastStep: count,
      engine: z.object({ name: text, device: z.nullable(text) }),
    }),
    /** A message for the user: what is being done, or a warning. */
    z.object({ type: z.literal("note"), level: z.enum(["info", "warning"]), text }),
    /** `why`: in a pause that the user did not request, the condition that the training waits for. */
    z.object({ type: z.literal("state"), state: z.enum(["running", "paused", "stopping"]), why: z.optional(text) }),
    /** How long the trainer may take to stop, in seconds, estimated from the steps so far; sent whenever the estimate grows. */
    z.object({ type: z.literal("patience"), seconds: z.number() }),
    /** All lines that were printed since the last batch that the host acknowledged. */
    z.object({ type: z.literal("lines"), batch: count, lines: z.array(lineSchema) }),
    /** The training is over; `failure` is null where it succeeded. The trainer's process then ends by itself. */
    z.object({ type: z.literal("ended"), failure: z.nullable(failure) }),
    /** One file of a translation is done or has failed: file number `done` of `of`. */
    z.object({ type: z.literal("progress"), request: requestIdSchema, done: count, of: count, line: lineSchema }),
    /**
     * The answer to a request. `existing` lists output files that exist already: where it is not empty, nothing was written, and the host
     * asks the user what to do.
     */
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

/** @throws Error naming the wrong field, which happens if host and trainer are of different versions */
export function parseHostMessage(value: unknown): HostMessage {
  return parsed(hostMessageSchema, value, "the host");
}

/** @throws Error naming the wrong field, which happens if host and trainer are of different versions */
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
