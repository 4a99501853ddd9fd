import type { ValidationLine } from "../../protocol/lines";
import { hasSamePictures, meanOverDirections, metricOf } from "../bestValidation";
import type { ValidationRises } from "./hint";
import { type RunRecord, stepsNeeded } from "./runRecord";

/** The number of validations in a median, so that a single outlier does not change it. */
const span = 3;

/**
 * The factor by which the latest median must be worse than the best. It is larger for distances between sets of pictures, which fluctuate
 * more than errors against the truth.
 */
const rise = { mae: 1.1, slicedWasserstein: 1.25 } as const;

/** The latest median must exceed the best one by at least this multiple of the noise: the median change from one validation to the next. */
const noiseMultiple = 3;

/**
 * The hint if validations have become clearly worse since their best, compared by medians of three; null otherwise. Null also in unpaired
 * trainings whose validations have `mae`: no loss lowers that error there, and it rises and falls while the network finds out which colours
 * correspond.
 */
export function risingHint(run: RunRecord): ValidationRises | null {
  const newest = run.validations.at(-1);
  if (newest === undefined) return null;
  const metric = metricOf(newest);
  if (metric === "mae" && run.config.mode === "unpaired") return null;
  const lines = run.validations.filter(
    (line) => hasSamePictures(line, newest) && Number.isFinite(meanOverDirections(line, metric)),
  );
  const values = lines.map((line) => meanOverDirections(line, metric));
  const medians = values.slice(span - 1).map((_, i) => median(values.slice(i, i + span)));
  const [best, latest] = [Math.min(...medians), medians.at(-1)];
  const at = medians.indexOf(best);
  // The best and the latest median must have no validation in common.
  if (latest === undefined || medians.length - 1 - at < span) return null;
  const since = middleOf(lines, at).step;
  if (newest.step - since < stepsNeeded(run)) return null;
  const noise = median(values.slice(1).map((value, i) => Math.abs(value - values[i]!)));
  if (!(latest >= rise[metric] * best && latest - best >= noiseMultiple * noise)) return null;
  return { kind: "validationRises", since, metric, best, latest };
}

function middleOf(lines: readonly ValidationLine[], first: number): ValidationLine {
  return lines[first + (span - 1) / 2]!;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
