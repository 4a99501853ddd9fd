import { resolve } from "node:path";
import * as z from "zod/mini";
import { parseConfig, type Config } from "../configuration/config";
import { errorCodes, RevganError, type ErrorCode } from "../protocol/errors";
import { writeFileAtomic } from "../files/atomic";
import { isAbsent, readSmallText, whyUnreadable } from "../files/limitedRead";
import { pathIn } from "./paths";
import { type DamageError, isoTimeSchema, jobSchema, parseJson, requireValid, stepSchema } from "./schemas";

const shortText = z.string().check(z.maxLength(1000));
const intensityWindow = z.object({ low: z.number(), high: z.number() });

const runSchema = z.lazy(() =>
  z.object({
    format: z.literal(1),
    name: shortText.check(z.minLength(1)),
    config: z.unknown(),
    engine: z.nullable(z.object({ name: shortText, device: z.nullable(shortText), version: z.nullable(shortText) })),
    /** The MPI processes that train together, in the order of their ranks; absent where a single process trains. */
    ranks: z.optional(z.array(z.object({ host: shortText, engine: shortText, device: z.nullable(shortText) }))),
    /**
     * The algorithm of the convolutions: `direct`, or `winograd` followed by the processor's instructions that it uses (`winograd avx2`).
     */
    convolution: z.optional(shortText),
    /** Versions of RevGAN, Node and the libraries. */
    versions: z.record(shortText, shortText),
    seed: stepSchema,
    /** `queued`: the run waits in a cluster's queue. */
    state: z.enum(["queued", "running", "paused", "stopped", "finished", "failed"]),
    /** The cluster job that trains the run; absent for a run that was not submitted to a cluster. */
    cluster: z.optional(z.object({ kind: z.literal("slurm"), job: jobSchema })),
    step: stepSchema,
    /** The step at which the training ends. */
    lastStep: z.optional(stepSchema),
    /** The best validation so far. */
    best: z.nullable(z.object({ step: stepSchema, metric: shortText, value: z.number() })),
    /**
     * The plan of automatic validations: `images` pictures of the part `split` are translated after step `first`, and then every `every`
     * steps.
     */
    validation: z.optional(
      z.object({
        split: z.enum(["val", "test"]),
        images: z.int().check(z.gte(1)),
        first: stepSchema,
        every: z.int().check(z.gte(1)),
      }),
    ),
    createdAt: isoTimeSchema,
    updatedAt: isoTimeSchema,
    /**
     * For volumes only: the intensities that are scaled to −1 (`low`) and 1 (`high`), averaged over the training volumes of each domain.
     */
    intensity: z.optional(z.object({ a: intensityWindow, b: intensityWindow })),
    error: z.nullable(
      z.object({
        code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
        message: z.string(),
        remedy: z.string(),
      }),
    ),
  }),
);

/** The content of `run.json`, with the configuration checked and every default filled in. */
export type Run = Omit<z.infer<typeof runSchema>, "config"> & { config: Config };

const damaged: DamageError = { code: "run", remedy: "use another run, or restore the file from a copy" };

/**
 * Reads `run.json` of an existing run.
 * @throws RevganError `run` if the folder is no run or the file is damaged; `config` if the run's configuration is not valid
 */
export async function readRun(run: string): Promise<Run> {
  const file = pathIn(resolve(run), "run");
  const text = await readSmallText(file).catch((cause: unknown) => {
    if (!isAbsent(cause)) throw new RevganError("run", `${file} ${whyUnreadable(cause)}`, damaged.remedy, { cause });
    throw new RevganError(
      "run",
      `${resolve(run)} is no run: it has no run.json`,
      "name the folder of a run, usually in .revgan/runs",
      { cause },
    );
  });
  return parseRun(text, file);
}

/**
 * Replaces `run.json` atomically. The caller sets `updatedAt`.
 * @throws RevganError `disk`
 */
export async function writeRun(run: string, content: Run): Promise<void> {
  await writeFileAtomic(pathIn(resolve(run), "run"), `${JSON.stringify(content, null, 2)}\n`, { run });
}

function parseRun(text: string, file: string): Run {
  const value = parseJson(text, file, damaged);
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === "number" && format > 1)
    throw new RevganError("run", `${file} was written by a newer RevGAN (format ${format})`, "update RevGAN");
  const run = requireValid(runSchema, value, file, damaged);
  return { ...run, config: parseConfig(run.config, file) };
}
