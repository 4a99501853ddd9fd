import { assignmentsOf } from "../../configuration/assignments";
import { withoutDefaults } from "../../configuration/withoutDefaults";
import type { CheckedTrial } from "./checkedTrials";
import type { TrialState } from "./trialState";

/**
 * The arguments of the command line that trains a trial. The checked configuration is passed as arguments and not as a file, because a
 * run's folder must be empty, and the base's file may change while a sweep takes days.
 */
export function trainingWords({ folder, config }: CheckedTrial, todo: TrialState["todo"]): string[] {
  if (todo === "resume") return ["resume", folder, "--json"];
  const sets = assignmentsOf(withoutDefaults(config)).flatMap(({ key, value }) => [
    "--set",
    `${key}=${JSON.stringify(value)}`,
  ]);
  return ["train", "--json", "--run", folder, ...sets];
}
