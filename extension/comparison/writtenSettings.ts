import { assignmentsOf } from "../configuration/assignments";
import type { Config } from "../configuration/config";
import { withoutDefaults } from "../configuration/withoutDefaults";
import type { ComparisonLine } from "../protocol/lines";

/**
 * Every key of a configuration with its value (`settings`), and the keys that a file has to contain (`written`); the values of all others
 * follow from these.
 */
export function writtenSettings(config: Config): Required<Pick<ComparisonLine, "settings" | "written">> {
  return {
    settings: Object.fromEntries(assignmentsOf(config).map(({ key, value }) => [key, value])),
    written: assignmentsOf(withoutDefaults(config)).map(({ key }) => key),
  };
}
