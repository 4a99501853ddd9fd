import type { HealthHint } from "../../extension/comparison/health/hint";
import type { Config } from "../../extension/configuration/config";
import { stepText } from "../charts/plot/numbers";
import { namesOf, targetName } from "../state/domainNames";
import { locale, t } from "../ui/text";
import { figureText } from "../validation/qualityText";

/** The texts of a hint on a run's health. */
export interface HintText {
  /** What is wrong, with the run's own figures. */
  readonly reason: string;
  /** What the hint says about the training, and what the user can try. */
  readonly advice: string;
}

export function hintText(hint: HealthHint, config: Config): HintText {
  return { reason: reasonOf(hint, config), advice: adviceOf(hint, config) };
}

function reasonOf(hint: HealthHint, config: Config): string {
  const target = "direction" in hint ? targetName(hint.direction, namesOf(config)) : "";
  switch (hint.kind) {
    case "constantOutput":
      return t(
        "Since step {3} translations to {0} are nearly the same whatever the input: they differ by {1} of 255, real ones by {2}.",
        target,
        figureText(hint.spread),
        figureText(hint.realSpread),
        stepText(hint.since),
      );
    case "untranslated": {
      const figures = [
        target,
        figureText(hint.cycle),
        figureText(hint.value),
        figureText(hint.plain),
        stepText(hint.since),
      ];
      return hint.metric === "mae"
        ? t(
            "The way back from {0} is nearly perfect (error {1} of 255), but since step {4} translations are no better than one plain colour: {2} against {3}.",
            ...figures,
          )
        : t(
            "The way back from {0} is nearly perfect (error {1} of 255), but since step {4} translations look hardly more like {0} than the input does: distance {2} against {3}.",
            ...figures,
          );
    }
    case "discriminatorWon":
      return t(
        "The discriminator of {0} has won: over the last {1} steps its loss is {2}, the generator's {3}.",
        target,
        stepText(hint.steps),
        roughLossText(hint.discriminator),
        roughLossText(hint.generator),
      );
    case "discriminatorGuesses":
      return t(
        "The discriminator of {0} tells nothing apart: over the last {1} steps its loss stays at {2}, which is that of guessing.",
        target,
        stepText(hint.steps),
        roughLossText(hint.discriminator),
      );
    case "validationRises": {
      const figures = [figureText(hint.best), stepText(hint.since), figureText(hint.latest)];
      return hint.metric === "mae"
        ? t("The error in validation has risen from {0} around step {1} to {2}.", ...figures)
        : t("The distance from real pictures has risen from {0} around step {1} to {2}.", ...figures);
    }
  }
}

function adviceOf(hint: HealthHint, { mode }: Config): string {
  switch (hint.kind) {
    case "constantOutput":
      return mode === "paired"
        ? t("The generator ignores its input. Try a lower training.learningRate or a larger training.lambdaL1.")
        : t("The generator ignores its input. Try a lower training.learningRate or a larger training.lambdaCycle.");
    case "untranslated":
      return t(
        "The network copies its input, or hides it in the translation. Try a lower training.lambdaCycle or training.lambdaIdentity.",
      );
    case "discriminatorWon":
      return t(
        "The generator learns little from it. Try more training data, a smaller network.discriminator.width or a lower training.learningRate.",
      );
    case "discriminatorGuesses":
      return t(
        "The generator learns nothing from it. Try a larger network.discriminator.width or another training.learningRate.",
      );
    case "validationRises":
      return hint.metric === "mae"
        ? t(
            "The network may be learning its training data by heart. Try more data, or end earlier: with a number in training.validateEvery the best checkpoint is kept.",
          )
        : t(
            "The training may have become unstable. Try a lower training.learningRate, or end earlier: with a number in training.validateEvery the best checkpoint is kept.",
          );
  }
}

/** A loss with only two significant digits, since further digits would change with every step. */
function roughLossText(loss: number): string {
  return loss.toLocaleString(locale(), { minimumSignificantDigits: 2, maximumSignificantDigits: 2 });
}
