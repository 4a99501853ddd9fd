import { unknownKey, parseConfig, type Config } from "./config";
import { configKeys } from "./keys";
import { RevganError } from "../protocol/errors";

/** One `--set key=value`. */
export interface Assignment {
  readonly key: string;
  readonly value: unknown;
}

/**
 * Reads `key=value`, for example `training.maxSteps=3`; the value is JSON, or else text as it stands.
 * @throws RevganError `usage` without "=", `config` for an unknown key
 */
export function parseAssignment(text: string): Assignment {
  const equals = text.indexOf("=");
  if (equals < 1) {
    throw new RevganError(
      "usage",
      `--set takes key=value, not ${JSON.stringify(text)}`,
      "write for example --set training.maxSteps=3",
    );
  }
  const key = text.slice(0, equals).trim();
  requireSetting(key, "--set", "--set ");
  return { key, value: parseValue(text.slice(equals + 1)) };
}

/**
 * @param source of the key, named in messages
 * @param prefix of a key in an example
 * @throws RevganError `config` for what is no setting, naming the nearest one
 */
export function requireSetting(key: string, source: string, prefix = ""): void {
  const { settings, sections } = configKeys();
  if (settings.includes(key)) return;
  if (sections.includes(key))
    throw new RevganError(
      "config",
      `${source}: ${key} is a section, not a setting`,
      `set its keys one by one, for example ${prefix}${exampleOf(key)}`,
    );
  const problem = unknownKey(key);
  throw new RevganError("config", `${source}: ${problem.text}`, problem.remedy ?? "correct the key");
}

/** What sets each key of a configuration, or of a part of one: reading them all gives the same again. */
export function assignmentsOf(part: object, path = ""): Assignment[] {
  const { settings } = configKeys();
  return Object.entries(part).flatMap(([name, value]: [string, unknown]): Assignment[] => {
    const key = path === "" ? name : `${path}.${name}`;
    return isObject(value) && !settings.includes(key) ? assignmentsOf(value, key) : [{ key, value }];
  });
}

/** A copy of the configuration with the assignments made, in order; sections that are missing are added. */
export function applyAssignments(value: unknown, assignments: readonly Assignment[]): unknown {
  return assignments.reduce((config, { key, value: assigned }) => withKey(config, key.split("."), assigned), value);
}

function withKey(target: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  // A missing or null section is added. Any other value in its place is kept, so that parseConfig reports its wrong type.
  const section = target ?? {};
  if (!isObject(section)) return target;
  return { ...section, [name]: withKey(section[name], rest, value) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function exampleOf(section: string): string {
  return `${configKeys().settings.find((key) => key.startsWith(`${section}.`)) ?? section}=…`;
}

/** What of the training's settings its first steps were made with. */
const startedWith = ["training.seed", "training.batchSize", "training.init", "training.initSkip"];

/** Whether a run may change this setting when it goes on; all others are what its checkpoints were made with. */
export function mayChangeOnResume(key: string): boolean {
  return (
    key === "engine" ||
    key === "gpu" ||
    key === "convolution" ||
    key === "network.backprop" ||
    key === "network.memoryBudget" ||
    key === "data.cropSize" ||
    key === "data.skipUnreadable" ||
    (key.startsWith("training.") && !startedWith.includes(key))
  );
}

/**
 * The configuration with which a run goes on.
 *
 * @param config the run's own, with every default filled in
 * @param sets `key=value` of `revgan resume --set`
 * @throws RevganError `usage` or `config`, also for a key that cannot change any more, saying why
 */
export function mergeResume(config: Config, sets: readonly string[]): Config {
  const assignments = sets.map(parseAssignment);
  for (const { key } of assignments) {
    if (mayChangeOnResume(key)) continue;
    throw new RevganError(
      "config",
      `--set: ${key} cannot change when a run goes on: ${reason(key)}`,
      "start a new run with `revgan train`, with --init if it shall begin with these weights",
    );
  }
  return parseConfig(applyAssignments(config, assignments), "--set");
}

function reason(key: string): string {
  if (key === "training.seed") return "its random numbers continue from the checkpoint";
  if (key === "training.batchSize") return "its steps and epochs were counted with it";
  if (key.startsWith("training.init")) return "it goes on with the weights of its checkpoint";
  if (key.startsWith("network.")) return "its weights were made for this network";
  if (key.startsWith("data.")) return "its steps continue in the middle of this data";
  return "the run was started with it";
}
