import { relative, sep } from "node:path";
import type { Config } from "../configuration/config";
import { mapPaths } from "../configuration/paths";
import { withoutDefaults } from "../configuration/withoutDefaults";

/** The file name of a configuration that differs from a run's only in its depth. */
export function depthConfigurationName(depth: number): string {
  return `depth-${depth}.revgan.json`;
}

/**
 * The text of a configuration file: a run's configuration with another depth.
 *
 * @param folder the folder of the file. Paths below it are written relative to it, so that folder and file can be moved together; with
 * null, all paths stay absolute
 */
export function depthConfigurationText(config: Config, depth: number, folder: string | null): string {
  const deeper: Config = { ...config, network: { ...config.network, depth } };
  const written = mapPaths(withoutDefaults(deeper), (path) => (folder === null ? path : pathFrom(folder, path)));
  return `${JSON.stringify(written, null, 2)}\n`;
}

function pathFrom(folder: string, path: string): string {
  const within = relative(folder, path);
  if (within === "") return ".";
  return within.startsWith("..") ? path : within.split(sep).join("/");
}
