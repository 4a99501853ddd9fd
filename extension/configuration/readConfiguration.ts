import { readdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { applyAssignments, parseAssignment } from "./assignments";
import { parseConfig, type Config } from "./config";
import { RevganError } from "../protocol/errors";
import { parseJsonWithComments } from "./jsonWithComments";
import { isAbsent, readSmallText, whyUnreadable } from "../files/limitedRead";

/** Where a configuration comes from: a file, then `--data`, then each `--set`, the later over the earlier. */
export interface ConfigurationRequest {
  /** `--config`. */
  readonly file?: string | undefined;
  /** `--data`, relative to `cwd`. */
  readonly data?: string | undefined;
  /** `key=value` of each `--set`. */
  readonly sets: readonly string[];
  /** By default the process's. */
  readonly cwd?: string;
}

/** A configuration that names its data folder, as an absolute path. */
export type DataConfiguration = Config & { readonly data: { readonly path: string } };

/**
 * The configuration to train with. Without `mode` it is guessed from the data folder's layout.
 * @throws RevganError `usage` without a data folder, `config` naming the key, or the line and column of a syntax error
 */
export async function readConfiguration(request: ConfigurationRequest): Promise<DataConfiguration> {
  const config = await readNetworkConfiguration(request);
  const { path } = config.data;
  if (path !== null) return { ...config, data: { ...config.data, path } };
  throw request.file === undefined
    ? new RevganError(
        "usage",
        "there is no configuration and no data folder",
        "name one with --config FILE or --data DIR",
      )
    : new RevganError(
        "usage",
        `${request.file} names no data folder`,
        "add data.path to it, or name one with --data DIR",
      );
}

/** The configuration for commands that need no data; a `data.path` is absolute, too. Without a file the defaults hold. */
export async function readNetworkConfiguration({
  file,
  data,
  sets,
  cwd = process.cwd(),
}: ConfigurationRequest): Promise<Config> {
  const assignments = sets.map(parseAssignment);
  const pathOfSet = assignments.findLast(({ key }) => key === "data.path");
  // On the command line paths are relative to where the user is, in a file to the file.
  const fromCommandLine = pathOfSet !== undefined || data !== undefined;
  const folder = fromCommandLine || file === undefined ? cwd : dirname(resolve(cwd, file));

  const path = file === undefined ? null : resolve(cwd, file);
  let value: unknown = path === null ? {} : await readJson(path, (error) => commandLineFailure(path, error));
  if (data !== undefined) value = applyAssignments(value, [{ key: "data.path", value: data }]);
  value = applyAssignments(value, assignments);
  const sourceOf = (path: string): string => {
    if (assignments.some(({ key }) => key === path || path.startsWith(`${key}.`))) return "--set";
    if (path === "data.path" && data !== undefined) return "--data";
    return file ?? "the default configuration";
  };

  const config = withAbsoluteData(parseConfig(value, sourceOf), folder);
  if (config.data.path === null || !omitsMode(value)) return config;
  const mode = guessMode(await namesIn(config.data.path));
  if (mode === config.mode) return config;
  // Defaults such as the pool's size follow the mode.
  return withAbsoluteData(parseConfig(applyAssignments(value, [{ key: "mode", value: mode }]), sourceOf), folder);
}

function withAbsoluteData(config: Config, folder: string): Config {
  const { path } = config.data;
  return path === null ? config : { ...config, data: { ...config.data, path: resolve(folder, path) } };
}

/** cyclegan and pix2pix each know one mode only, which is then the default. */
function omitsMode(value: unknown): boolean {
  const { mode, network } = value as { mode?: string; network?: { kind?: string } };
  return mode === undefined && (network?.kind ?? "revgan") === "revgan";
}

/** Empty for a folder that cannot be read, which opening the data set will report. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

/**
 * The mode that a data folder is made for: pairs side by side in `train/`, or else two domains in `trainA/` and `trainB/`.
 * @param names of what lies in the folder
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

/** The command line's message for a `--config` that cannot be read. */
function commandLineFailure(file: string, error: unknown): UnreadableFile {
  const message = isAbsent(error)
    ? `there is no configuration ${file}`
    : `the configuration ${file} ${whyUnreadable(error)}`;
  return { message, remedy: "name a revgan.json with --config FILE" };
}

/** Message and remedy for a file that cannot be read. */
interface UnreadableFile {
  readonly message: string;
  readonly remedy: string;
}

/**
 * Reads JSON that may have comments and trailing commas.
 *
 * @param describe what to say of a file that is not there or too large
 * @throws RevganError `config`; for a syntax error with line and column from 1
 */
async function readJson(file: string, describe: (error: unknown) => UnreadableFile): Promise<unknown> {
  const text = await readSmallText(file).catch((cause: unknown) => {
    const { message, remedy } = describe(cause);
    throw new RevganError("config", message, remedy, { cause });
  });
  return parseJsonWithComments(text, file);
}
