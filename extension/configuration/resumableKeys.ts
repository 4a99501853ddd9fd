import { applyAssignments, parseAssignment } from "./assignments";
import { parseConfig, settingKeys, type Config } from "./config";
import { RevganError } from "../protocol/errors";

/** Settings that a run may change when it goes on; all others are what its checkpoints were made with. */
export const resumableKeys: readonly string[] = settingKeys.filter(
  (key) =>
    key === "engine" ||
    key === "gpu" ||
    key === "network.backprop" ||
    key === "data.cropSize" ||
    (key.startsWith("training.") && key !== "training.seed" && key !== "training.batchSize"),
);

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
    if (resumableKeys.includes(key)) continue;
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
  if (key.startsWith("network.")) return "its weights were made for this network";
  if (key.startsWith("data.")) return "its steps continue in the middle of this data";
  return "the run was started with it";
}
