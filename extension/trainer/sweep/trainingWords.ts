import { assignmentsOf } from "../../configuration/assignments";
import { withoutDefaults } from "../../configuration/withoutDefaults";
import type { CheckedTrial } from "./checkedTrials";
import type { TrialState } from "./trialState";

/**
 * The words of the command line that train a trial. Its checked configuration goes along as words, and not as a file: a run's folder must
 * be empty, and the base's file may change while a sweep takes days.
 */
export function trainingWords({ folder, config }: CheckedTrial, todo: TrialState["todo"]): string[] {
  if (todo === "resume") return ["resume", folder, "--json"];
  const sets = assignmentsOf(withoutDefaults(config)).flatMap(({ key, value }) => [
    "--set",
    `${key}=${JSON.stringify(value)}`,
  ]);
  return ["train", "--json", "--run", folder, ...sets];
}
