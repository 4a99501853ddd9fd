import { directionsOf } from "../../configuration/networkKind";
import type { TranslationDirection, ValidationLine } from "../../protocol/lines";
import { metricOf, plainFigures } from "../bestValidation";
import type { ConstantOutput, Untranslated } from "./hint";
import { LatestLosses, latestStepCount, type RunRecord, stepsNeeded } from "./runRecord";

type Figures = NonNullable<ValidationLine["metrics"][TranslationDirection]>;

/** If the spread of the translations is below this fraction of the real pictures' spread, all translations look the same. */
const constantSpreadShare = 0.05;

/**
 * A cycle error (mean absolute, on the scale 0 to 255) that is reached only by copying the input or hiding it in the translation: small
 * networks that translate stay at 25 to 45, and one with a cycle weight of 10,000 comes below 1.
 */
const perfectCycleError = 5;

/**
 * Translations whose distance from the real pictures is at least this fraction of the untranslated pictures' distance count as no better
 * than these.
 */
const noProgressShare = 0.9;

/** Domains whose distance is below this, on the scale 0 to 255, look alike without translation, so no hint is given. */
const leastDomainDistance = 5;

/** The hint for the first direction whose translations are all alike; null if there is none. */
export function constantHint(run: RunRecord): ConstantOutput | null {
  for (const direction of directionsOf(run.config.network)) {
    const held = heldSince(
      run,
      direction,
      ({ spread, realSpread }) => (spread ?? Infinity) < constantSpreadShare * (realSpread ?? 0),
    );
    if (held === null) continue;
    const { spread, realSpread } = held.latest;
    return { kind: "constantOutput", direction, since: held.since, spread: spread!, realSpread: realSpread! };
  }
  return null;
}

/**
 * The hint for the first direction in which translating there and back nearly restores the input, although the translations are no better
 * than without a network; null if there is none.
 */
export function untranslatedHint(run: RunRecord): Untranslated | null {
  const [count, newest] = [latestStepCount(run), run.validations.at(-1)];
  const { lambdaCycle } = run.config.training;
  if (count === null || newest === undefined || !(lambdaCycle > 0)) return null;
  const metric = metricOf(newest);
  const plain = (figures: Figures): number => figures[plainFigures[metric]] ?? NaN;
  const isNoBetter = (figures: Figures): boolean =>
    metric === "mae"
      ? (figures.mae ?? NaN) >= plain(figures)
      : plain(figures) >= leastDomainDistance && (figures.slicedWasserstein ?? NaN) >= noProgressShare * plain(figures);
  for (const direction of directionsOf(run.config.network)) {
    // The cycle loss is computed on values from −1 to 1; 127.5 scales it to 0 to 255.
    const cycle = (new LatestLosses(run.steps, "cycle", direction, count).mean() / lambdaCycle) * 127.5;
    if (!(cycle <= perfectCycleError)) continue;
    const held = heldSince(run, direction, isNoBetter);
    if (held === null) continue;
    const { latest, since } = held;
    return { kind: "untranslated", direction, since, cycle, metric, value: latest[metric]!, plain: plain(latest) };
  }
  return null;
}

/**
 * `since`: the step of the first validation from which on `holds` is true for all; `latest`: the metrics of the latest validation. Null if
 * that spans fewer steps than a hint needs.
 */
function heldSince(
  run: RunRecord,
  direction: TranslationDirection,
  holds: (figures: Figures) => boolean,
): { readonly since: number; readonly latest: Figures } | null {
  const { validations } = run;
  const holdsAt = ({ metrics }: ValidationLine): boolean => holds(metrics[direction] ?? {});
  const since = validations[validations.findLastIndex((line) => !holdsAt(line)) + 1];
  const latest = validations.at(-1);
  if (since === undefined || latest === undefined) return null;
  return latest.step - since.step < stepsNeeded(run) ? null : { since: since.step, latest: latest.metrics[direction]! };
}
