import { dirname, resolve } from "node:path";
import * as z from "zod/mini";
import { requireSetting } from "../../configuration/assignments";
import { wrongValue } from "../../configuration/config";
import { nearestKey } from "../../configuration/keys";
import { readConfigurationValue, readJson } from "../../configuration/readConfiguration";
import { shownValue } from "../../configuration/rules";
import { isAbsent, whyUnreadable } from "../../files/limitedRead";
import { RevganError } from "../../protocol/errors";

/** Values by the dotted keys of the configuration. */
export type Values = Readonly<Record<string, unknown>>;

/** The content of a sweep's file. */
export interface Sweep {
  /** The file's absolute path. */
  readonly file: string;
  readonly base: {
    /** The configuration that all trials share, not checked yet. */
    readonly value: unknown;
    /** The file that contains the base: one of its own, or the sweep's. Paths in the base are relative to that file. */
    readonly file: string;
  };
  /** Each varied key with all of its values. */
  readonly grid: Readonly<Record<string, readonly unknown[]>>;
  readonly list: readonly Values[];
  /** The values of `training.seed`; empty for the base's own seed. */
  readonly seeds: readonly unknown[];
  /** Absolute path of the folder of the runs. */
  readonly runs: string;
}

const path = (phrase: string) => z.string(phrase).check(z.minLength(1, phrase));
const some = <T extends z.core.$ZodType>(item: T, phrase: string) =>
  z.array(item, phrase).check(z.minLength(1, phrase));
const values = (phrase: string) => z.record(z.string(), z.unknown(), phrase);

// As in a configuration's schema, every error message is a phrase that says what is allowed.
const sweepSchema = z.lazy(() =>
  z.strictObject(
    {
      base: z.union(
        [path("a path"), values("an object")],
        "the path of a revgan.json, or an object with a configuration",
      ),
      grid: z.optional(
        z.record(z.string(), some(z.unknown(), "a list of values"), "an object with a list of values for each key"),
      ),
      list: z.optional(some(values("an object with a value for each key"), "a list of objects")),
      seeds: z.optional(some(z.unknown(), "a list of whole numbers")),
      runs: path("a folder"),
    },
    "an object",
  ),
);

const keys = ["base", "grid", "list", "seeds", "runs"];

/**
 * Reads a sweep's file, and the base that it names. The values of keys are not checked.
 * @param given path of the file, relative to this process's folder
 * @throws RevganError `config`, naming the key, or the place of a syntax error
 */
export async function readSweep(given: string): Promise<Sweep> {
  const file = resolve(given);
  const value = await readJson(file, (error) => ({
    message: isAbsent(error) ? `there is no sweep ${file}` : `the sweep ${file} ${whyUnreadable(error)}`,
    remedy: "name the file of a sweep: `revgan sweep SWEEP.json`",
  }));
  const { base, grid = {}, list = [{}], seeds = [], runs } = parseSweep(value, file);
  for (const each of [grid, ...list]) for (const key of Object.keys(each)) requireSetting(key, file);
  const folder = dirname(file);
  const baseFile = typeof base === "string" ? resolve(folder, base) : file;
  return {
    file,
    base: {
      value:
        typeof base === "string"
          ? await readConfigurationValue(baseFile, `name a revgan.json as base in ${file}`)
          : base,
      file: baseFile,
    },
    grid,
    list,
    seeds,
    runs: resolve(folder, runs),
  };
}

function parseSweep(value: unknown, file: string): z.infer<typeof sweepSchema> {
  const result = sweepSchema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues;
  // An unknown key is reported first, because a misspelt key often causes the other problems.
  const unknown = issues.find((issue) => issue.code === "unrecognized_keys")?.keys[0];
  if (unknown !== undefined) {
    const nearest = nearestKey(unknown, keys);
    throw new RevganError(
      "config",
      `${file}: ${shownValue(unknown)} is not a key of a sweep; did you mean ${nearest}?`,
      `write ${nearest} instead, or remove it`,
    );
  }
  const { path: at, text, remedy } = wrongValue(issues[0]!, value);
  throw new RevganError(
    "config",
    `${file}: ${at === "" ? text.replace("the configuration", "the sweep") : text}`,
    remedy ?? `change ${at || "it"} in ${file}`,
  );
}
