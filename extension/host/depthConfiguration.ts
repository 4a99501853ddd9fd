import { relative, sep } from "node:path";
import type { Config } from "../configuration/config";
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
  const { network, data } = config;
  const from = (path: string | null): string | null =>
    path === null || folder === null ? path : pathFrom(folder, path);
  const changed: Config = {
    ...config,
    network: { ...network, depth },
    data: { ...data, path: from(data.path), a: from(data.a), b: from(data.b) },
  };
  return `${JSON.stringify(withoutDefaults(changed), null, 2)}\n`;
}

function pathFrom(folder: string, path: string): string {
  const within = relative(folder, path);
  if (within === "") return ".";
  return within.startsWith("..") ? path : within.split(sep).join("/");
}
