import { unknownKey, parseConfig, type Config } from "./config";
import { configKeys } from "./keys";
import { RevganError } from "../protocol/errors";

/** A setting's dotted key and its new value, as in `--set key=value`. */
export interface Assignment {
  readonly key: string;
  readonly value: unknown;
}

/**
 * Parses `key=value`, for example `training.maxSteps=3`. The value is parsed as JSON; a value that is no JSON is the text itself.
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
 * Checks that a dotted key is a setting.
 *
 * @param source where the key comes from, named in messages
 * @param prefix what precedes a key in the message's example, such as "--set "
 * @throws RevganError `config` for a section or an unknown key, naming the nearest key
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

/**
 * The assignments that set every key of a configuration or of the section at `path`: {@link applyAssignments} of them to `{}` gives an
 * equal one.
 */
export function assignmentsOf(part: object, path = ""): Assignment[] {
  const { settings } = configKeys();
  return Object.entries(part).flatMap(([name, value]: [string, unknown]): Assignment[] => {
    const key = path === "" ? name : `${path}.${name}`;
    return isObject(value) && !settings.includes(key) ? assignmentsOf(value, key) : [{ key, value }];
  });
}

/** A copy of an unchecked configuration with the assignments applied in order; missing sections are added. */
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

/** Settings of the section `training` that a run cannot change when it is resumed, because its first steps depend on them. */
const startedWith = ["training.seed", "training.batchSize", "training.init", "training.initSkip"];

/** Whether this setting may change when a run is resumed. The run's checkpoints depend on all other settings. */
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
 * The configuration with which a run is resumed.
 *
 * @param config the configuration of the run, with every default filled in
 * @param sets `key=value` of `revgan resume --set`
 * @throws RevganError `usage` or `config`; for a key that cannot change when a run is resumed, the message says why
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
