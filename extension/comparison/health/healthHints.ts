import { discriminatorHint } from "./discriminators";
import type { HealthHint } from "./hint";
import type { RunRecord } from "./runRecord";
import { constantHint, untranslatedHint } from "./translations";
import { risingHint } from "./trend";

/**
 * What is worth a look in a run, the gravest first, at most one of a kind; usually nothing. A hint holds for the latest tenth of the
 * training, at least 200 steps, and is gone when it holds no longer.
 */
export function healthHints(run: RunRecord): HealthHint[] {
  return [constantHint(run), untranslatedHint(run), discriminatorHint(run), risingHint(run)].filter(
    (hint) => hint !== null,
  );
}
