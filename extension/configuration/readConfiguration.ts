import { readdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { applyAssignments, type Assignment, parseAssignment } from "./assignments";
import { parseConfig, type Config } from "./config";
import { dataLocation } from "./dataLocation";
import { RevganError } from "../protocol/errors";
import { parseJsonWithComments } from "./jsonWithComments";
import { mapPaths } from "./paths";
import { isAbsent, readSmallText, whyUnreadable } from "../files/limitedRead";

/** The sources of a configuration: a file, then `--data`, then each `--set`. Later sources override earlier ones. */
export interface ConfigurationRequest {
  /** The path of the configuration's file (`--config`), relative to `cwd`; without one, the defaults are the base. */
  readonly file?: string | undefined;
  /** The path of the data folder (`--data`), relative to `cwd`. */
  readonly data?: string | undefined;
  /** The texts `key=value` of all `--set`, in order. */
  readonly sets: readonly string[];
  /** The folder to which relative paths of the command line refer; the process's working folder by default. */
  readonly cwd?: string;
}

/**
 * The configuration of a training, with absolute paths of its data and initial weights. If `mode` is not given, it is guessed from the data
 * folder's layout.
 * @throws RevganError `usage` without data, `config` naming the key, or the line and column of a syntax error
 */
export async function readConfiguration(request: ConfigurationRequest): Promise<Config> {
  const config = await readNetworkConfiguration(request);
  if (dataLocation(config.data) !== null) return config;
  throw request.file === undefined
    ? new RevganError(
        "usage",
        "there is no configuration and no data folder",
        "name one with --config FILE or --data DIR",
      )
    : new RevganError(
        "usage",
        `${request.file} names no data folder`,
        "add data.path to it, or data.a and data.b, or name one with --data DIR",
      );
}

/** The configuration for commands that need no data, with absolute paths. Without a file, the defaults are the base. */
export async function readNetworkConfiguration({
  file,
  data,
  sets,
  cwd = process.cwd(),
}: ConfigurationRequest): Promise<Config> {
  const assignments = sets.map(parseAssignment);
  const path = file === undefined ? null : resolve(cwd, file);
  let value: unknown = path === null ? {} : await readConfigurationValue(path);
  if (data !== undefined) value = applyAssignments(value, dataOf(data));
  value = applyAssignments(value, assignments);
  const sourceOf = (path: string): string => {
    if (assignments.some(({ key }) => key === path || path.startsWith(`${key}.`))) return "--set";
    if (path === "data.path" && data !== undefined) return "--data";
    return file ?? "the default configuration";
  };

  // Paths given on the command line are relative to `cwd`, paths in a file to the file's folder.
  const folderOf = (key: string): string => {
    const isFromFile = file !== undefined && sourceOf(key) === file;
    return isFromFile ? dirname(resolve(cwd, file)) : cwd;
  };

  return completeConfiguration({ value, sourceOf, folderOf });
}

/** A configuration before it is checked, and the origin of its values. */
export interface ConfigurationParts {
  /** The configuration after all assignments; not checked. */
  readonly value: unknown;
  /** The source of a key's value, as named in messages: a file, `--data` or `--set`. */
  readonly sourceOf: (path: string) => string;
  /** The folder to which the path under this key is relative. */
  readonly folderOf: (key: string) => string;
}

/**
 * Checks a configuration, makes its paths absolute, and guesses `mode` from the data folder's layout if `mode` is not given.
 * @throws RevganError `config`
 */
export async function completeConfiguration({ value, sourceOf, folderOf }: ConfigurationParts): Promise<Config> {
  const absolute = (path: string, key: string): string => resolve(folderOf(key), path);
  const config = mapPaths(parseConfig(value, sourceOf), absolute);
  if (config.data.path === null || !omitsMode(value)) return config;
  const mode = guessMode(await namesIn(config.data.path));
  if (mode === config.mode) return config;
  // Parsed again with the guessed mode, because defaults such as that of `training.poolSize` depend on it.
  return mapPaths(parseConfig(applyAssignments(value, [{ key: "mode", value: mode }]), sourceOf), absolute);
}

/** The assignments of `--data`: one data folder, which replaces every location of data in the file. */
function dataOf(folder: string): Assignment[] {
  return [
    { key: "data.path", value: folder },
    { key: "data.a", value: null },
    { key: "data.b", value: null },
  ];
}

/**
 * Whether `mode` is to be guessed: it is not given, and the network is of the kind `revgan`. The kinds `cyclegan` and `pix2pix` each allow
 * one mode only.
 */
function omitsMode(value: unknown): boolean {
  const { mode, network } = value as { mode?: string; network?: { kind?: string } };
  return mode === undefined && (network?.kind ?? "revgan") === "revgan";
}

/** The names in a folder; empty for a folder that cannot be read, an error that is reported when the data set is opened. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

/**
 * The mode for which a data folder is laid out: paired where it has `train/`, with both pictures of a pair side by side in each file, and
 * neither `trainA/` nor `trainB/`; else unpaired.
 * @param names names of the entries in the folder
 */
export function guessMode(names: readonly string[]): Config["mode"] {
  const twoDomains = names.includes("trainA") || names.includes("trainB");
  return names.includes("train") && !twoDomains ? "paired" : "unpaired";
}

/**
 * Reads and checks a configuration for the editor, with every default filled in.
 * @throws RevganError `config` naming the key, or the place of a syntax error
 */
export async function readConfigFile(file: string): Promise<Config> {
  const value = await readJson(file, (error) => ({
    message: `${file} ${whyUnreadable(error)}`,
    remedy: "write one with RevGAN: New Run…",
  }));
  return parseConfig(value, file);
}

/**
 * Parses the file of a configuration without checking the keys and values.
 * @param remedy the error's remedy where the file cannot be read
 * @throws RevganError `config` where the file cannot be read, or for a syntax error
 */
export function readConfigurationValue(
  file: string,
  remedy = "name a revgan.json with --config FILE",
): Promise<unknown> {
  return readJson(file, (error) => ({
    message: isAbsent(error)
      ? `there is no configuration ${file}`
      : `the configuration ${file} ${whyUnreadable(error)}`,
    remedy,
  }));
}

/** Message and remedy for a file that cannot be read. */
export interface UnreadableFile {
  readonly message: string;
  readonly remedy: string;
}

/**
 * Reads JSON that may have comments and trailing commas.
 *
 * @param describe gives the error's message and remedy for a file that cannot be read, such as a missing or too large one
 * @throws RevganError `config`; for a syntax error with line and column from 1
 */
export async function readJson(file: string, describe: (error: unknown) => UnreadableFile): Promise<unknown> {
  const text = await readSmallText(file).catch((cause: unknown) => {
    const { message, remedy } = describe(cause);
    throw new RevganError("config", message, remedy, { cause });
  });
  return parseJsonWithComments(text, file);
}
