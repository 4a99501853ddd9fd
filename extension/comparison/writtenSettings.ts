import { assignmentsOf } from "../configuration/assignments";
import type { Config } from "../configuration/config";
import { withoutDefaults } from "../configuration/withoutDefaults";
import type { ComparisonLine } from "../protocol/lines";

/** Every key of a configuration with its value, and which of them its file has to say: the others follow from these. */
export function writtenSettings(config: Config): Required<Pick<ComparisonLine, "settings" | "written">> {
  return {
    settings: Object.fromEntries(assignmentsOf(config).map(({ key, value }) => [key, value])),
    written: assignmentsOf(withoutDefaults(config)).map(({ key }) => key),
  };
}
