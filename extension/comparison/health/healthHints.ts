import { discriminatorHint } from "./discriminators";
import type { HealthHint } from "./hint";
import type { RunRecord } from "./runRecord";
import { constantHint, untranslatedHint } from "./translations";
import { risingHint } from "./trend";

/**
 * The signs that a training does not go well, the most serious first, at most one of each kind; usually none. A hint is given while its
 * condition has held for the latest tenth of the training and for at least 200 steps.
 */
export function healthHints(run: RunRecord): HealthHint[] {
  return [constantHint(run), untranslatedHint(run), discriminatorHint(run), risingHint(run)].filter(
    (hint) => hint !== null,
  );
}
