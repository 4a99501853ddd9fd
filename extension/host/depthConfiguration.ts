import { relative, sep } from "node:path";
import type { Config } from "../configuration/config";
import { mapPaths } from "../configuration/paths";
import { withoutDefaults } from "../configuration/withoutDefaults";

/** The name of a configuration that differs from another one in depth. */
export function depthConfigurationName(depth: number): string {
  return `depth-${depth}.revgan.json`;
}

/**
 * A run's configuration with another depth, as a file's text.
 *
 * @param folder the file's; paths inside it are written relative to it, so that it can be moved. Null: all stay absolute
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
