import { directionsOf } from "../../configuration/networkKind";
import type { TranslationDirection, ValidationLine } from "../../protocol/lines";
import { metricOf, plainFigures } from "../bestValidation";
import type { ConstantOutput, Untranslated } from "./hint";
import { LatestLosses, latestStepCount, type RunRecord, stepsNeeded } from "./runRecord";

type Figures = NonNullable<ValidationLine["metrics"][TranslationDirection]>;

/** Translations whose spread is below this share of the real pictures' are all the same to an eye. */
const constantSpreadShare = 0.05;

/**
 * Error of the way back, of 255, that only a copy or hidden information reaches: small networks that translate stay at 25 to 45, and one
 * with a cycle weight of 10,000 comes below 1.
 */
const perfectCycleError = 5;

/** A distance from the real pictures above this share of the untranslated pictures' is no progress. */
const noProgressShare = 0.9;

/** Domains that are no further apart than this, of 255, look alike without translation. */
const leastDomainDistance = 5;

/** The first direction whose translations are all alike; null for none. */
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
 * The first direction whose way there and back nearly gives the input again although its translations are no nearer to the truth than the
 * untranslated inputs; null where there is no such direction.
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
    // The loss is of values from −1 to 1.
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
 * `since`: the first step from which on `holds` is true at every validation; `latest`: the figures of the latest one. Null if that is for
 * fewer steps than a hint needs.
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
