import type * as z from "zod/mini";
import { fillDefaults, type Config } from "./defaults";
import { configKeys, nearestKey } from "./keys";
import { combinationProblems, shownValue, type Problem } from "./rules";
import { configSchema } from "./schema";
import { RevganError } from "../protocol/errors";

export type { Config } from "./defaults";

/**
 * Checks a configuration and fills in every default.
 *
 * @param value what was read from a file, of any type
 * @param source where the value came from, for messages: a file's path, or a function from a key's dotted path to its source
 * @throws RevganError `config`, one line with the first problem and the number of the others
 */
export function parseConfig(value: unknown, source: string | ((path: string) => string)): Config {
  const sourceOf = typeof source === "string" ? () => source : source;
  const result = configSchema.safeParse(value);
  if (!result.success) throw configError(inOrder(schemaProblems(result.error.issues, value)), sourceOf);
  const config = fillDefaults(result.data);
  const problems = combinationProblems(config, result.data);
  if (problems.length > 0) throw configError(problems, sourceOf);
  return config;
}

/** The problems of a configuration, grouped by the check that finds them. */
export interface GroupedProblems {
  readonly unknownKeys: readonly UnknownKey[];
  /** Values that the schema refuses. */
  readonly wrongValues: readonly Problem[];
  /**
   * Values that are each valid but not in combination, which a schema cannot express. Searched only where the two other lists are empty.
   */
  readonly combinations: readonly Problem[];
}

/** A key that does not exist, and the nearest one that does. */
export interface UnknownKey extends Problem {
  readonly nearest: string;
}

/** Everything that is wrong with a configuration, for an editor that marks each key. */
export function groupedProblems(value: unknown): GroupedProblems {
  const result = configSchema.safeParse(value);
  if (!result.success) return schemaProblems(result.error.issues, value);
  return {
    unknownKeys: [],
    wrongValues: [],
    combinations: combinationProblems(fillDefaults(result.data), result.data),
  };
}

/** Everything that is wrong with a configuration, the most likely cause first. */
export function configProblems(value: unknown): Problem[] {
  return inOrder(groupedProblems(value));
}

/** Unknown keys first: a misspelt key is often the reason for the other problems. */
function inOrder({ unknownKeys, wrongValues, combinations }: GroupedProblems): Problem[] {
  return [...unknownKeys, ...wrongValues, ...combinations];
}

function configError(problems: readonly Problem[], sourceOf: (path: string) => string): RevganError {
  // parseConfig calls this only with at least one problem.
  const first = problems[0]!;
  const others = problems.length - 1;
  const more = others === 0 ? "" : ` (and ${others} more ${others === 1 ? "problem" : "problems"})`;
  const source = sourceOf(first.path);
  return new RevganError(
    "config",
    `${source}: ${first.text}${more}`,
    first.remedy ?? `change ${first.path || "it"} in ${source}`,
  );
}

/** The most unknown keys in one section for which the nearest existing key is computed: for thousands of keys that would take minutes. */
const maxReportedUnknownKeys = 100;

function schemaProblems(issues: readonly z.core.$ZodIssue[], value: unknown): GroupedProblems {
  const unknownKeys: UnknownKey[] = [];
  const wrongValues: Problem[] = [];
  for (const issue of issues) {
    const path = issue.path.join(".");
    if (issue.code === "unrecognized_keys" && issue.keys.length > maxReportedUnknownKeys) {
      wrongValues.push({
        path,
        text: `${keyOrConfiguration(path)} has ${issue.keys.length} keys that do not exist: this is no configuration of RevGAN's`,
        remedy: "write one with RevGAN: New Run…",
      });
    } else if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) unknownKeys.push(unknownKey([...issue.path, key].join(".")));
    } else {
      wrongValues.push(wrongValue(issue, value));
    }
  }
  return { unknownKeys, wrongValues, combinations: [] };
}

/** The message for a key that does not exist, with the nearest one that does. */
export function unknownKey(path: string): UnknownKey {
  const { settings, sections } = configKeys();
  const nearest = nearestKey(path, [...settings, ...sections]);
  return {
    path,
    nearest,
    text: `${oneLine(path)} is not a key of the configuration; did you mean ${nearest}?`,
    remedy: `write ${nearest} instead, or remove ${oneLine(path)}`,
  };
}

/**
 * The message for a value that the schema refuses. `issue.message` is a phrase that says what is allowed, such as "a whole number of at
 * least 1".
 */
export function wrongValue(issue: z.core.$ZodIssue, value: unknown): Problem {
  const path = issue.path.join(".");
  let given: unknown = value;
  for (const key of issue.path) given = (given as Record<PropertyKey, unknown> | undefined)?.[key];
  const name = keyOrConfiguration(path);
  if (given === undefined)
    return { path, text: `${name} is missing: it must be ${issue.message}`, remedy: `add ${name}` };
  return { path, text: `${name} must be ${issue.message}, not ${shownValue(given)}` };
}

function keyOrConfiguration(path: string): string {
  return path === "" ? "the configuration" : path;
}

/** The text without control characters and shortened to 80 characters, so that a message stays one line whatever the file contains. */
function oneLine(text: string): string {
  const safe = text.replace(/\p{Cc}/gu, "�");
  return safe.length > 80 ? `${safe.slice(0, 77)}…` : safe;
}
