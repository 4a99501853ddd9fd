import { stepText } from "../charts/plot/numbers";
import { hasEnded } from "../panel/runText";
import type { ShownRun } from "../state/panelState";
import { locale, t } from "../ui/text";
import type { Quality } from "../../extension/comparison/quality";

/** Formats a figure: below 1 with at most three significant digits, from 1 on with one decimal. */
export function figureText(value: number): string {
  return value.toLocaleString(
    locale(),
    Math.abs(value) < 1 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 1, minimumFractionDigits: 1 },
  );
}

/** The unit or scale that is shown after the large figure. */
export function unitText({ measure }: Quality, isVolumes: boolean): string {
  return isVolumes && measure === "mae" ? t("in units of the files") : t("of 255");
}

/** A sentence that says what the large figure measures, on which pictures and at which step. */
export function meaningText({ measure, latest, split }: Quality, target: string, isVolumes: boolean): string {
  const step = stepText(latest.step);
  if (measure === "slicedWasserstein")
    return t("How far translations are, as a set, from real {0} (sliced Wasserstein) at step {1}.", target, step);
  if (split === "test")
    return isVolumes
      ? t("Mean error on test volumes at step {0}.", step)
      : t("Mean error on test pictures at step {0}.", step);
  return isVolumes
    ? t("Mean error on validation volumes at step {0}.", step)
    : t("Mean error on validation pictures at step {0}.", step);
}

/** Sentences with the first and the best value, and the value that is reached without a network. */
export function courseText({ measure, points, first, latest, best, plain }: Quality): string {
  const at = (value: number): string => figureText(value);
  const course =
    points.length < 2
      ? []
      : [
          t("It was {0} at step {1}.", at(first.value), stepText(first.step)),
          best.step === latest.step
            ? t("This is the best so far.")
            : t("Best: {0} at step {1}.", at(best.value), stepText(best.step)),
        ];
  const without =
    plain === null
      ? []
      : [measure === "mae" ? t("One plain colour: {0}.", at(plain)) : t("Untranslated: {0}.", at(plain))];
  return [...course, ...without].join(" ");
}

/** Why there is no quality figure yet, or which setting to change if there will be none. */
export function missingText({ config, run }: ShownRun): string {
  if (config === null) return t("This run has no validation.");
  const { validateEvery } = config.training;
  if (validateEvery === 0)
    return t("This run measures no quality: training.validateEvery is 0. Set it to 100, for example.");
  if (validateEvery === null)
    return hasEnded(run)
      ? t("This run has no validation: it had no val or test pictures, or was too short for one.")
      : t("The first figure comes within minutes, if val or test has pictures and the training is not too short.");
  return hasEnded(run)
    ? t("This run ended before its first validation at step {0}: see training.validateEvery.", stepText(validateEvery))
    : t("The first figure comes at step {0}.", stepText(validateEvery));
}
