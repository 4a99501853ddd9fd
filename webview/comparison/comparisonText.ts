import type { Cost } from "../../extension/comparison/figures";
import type { ComparisonLine, TranslationDirection } from "../../extension/protocol/lines";
import { isFraction, type Measure, measures } from "../../extension/comparison/measures";
import { bytesText } from "../memory/bytes";
import { wholeNumber } from "../panel/runText";
import { locale, t } from "../ui/text";

export function costTitle(cost: Cost): string {
  switch (cost) {
    case "parameters":
      return t("Parameters");
    case "peakBytes":
      return t("Peak memory");
    case "secondsPerStep":
      return t("Seconds a step");
  }
}

/** Formats a cost. */
export function costText(cost: Cost, figure: number): string {
  switch (cost) {
    case "parameters":
      return wholeNumber(figure);
    case "peakBytes":
      return bytesText(figure);
    case "secondsPerStep":
      return figure.toLocaleString(locale(), { maximumSignificantDigits: 3, minimumSignificantDigits: 3 });
  }
}

/** Formats the label of a tick. */
export function costTick(cost: Cost, figure: number): string {
  if (cost === "peakBytes") return figure === 0 ? "0" : bytesText(figure);
  return figure.toLocaleString(locale(), { notation: "compact", maximumSignificantDigits: 4 });
}

export function measureTitle(measure: Measure): string {
  switch (measure) {
    case "mae":
      return t("MAE");
    case "psnr":
      return t("PSNR");
    case "ssim":
      return t("SSIM");
    case "pixelAccuracy":
      return t("Pixel accuracy");
    case "classAccuracy":
      return t("Class accuracy");
    case "classIoU":
      return t("Class IoU");
    case "slicedWasserstein":
      return t("Wasserstein");
    case "cycleMae":
      return t("Way back");
  }
}

/** Two digits after the point for errors, distances and decibels, three for measures that end at 1, such as SSIM. */
export function measureText(measure: Measure, figure: number): string {
  const digits = isFraction(measure) ? 3 : 2;
  const text = figure.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return measure === "psnr" ? t("{0} dB", text) : text;
}

/** Whether lower or higher is better. */
export function betterText(measure: Measure): string {
  return measures[measure] === "lower" ? t("lower is better") : t("higher is better");
}

export function directionTitle(direction: TranslationDirection): string {
  return direction === "AtoB" ? t("A to B") : t("B to A");
}

/** The name of a kind of network, as its authors write it. */
export function kindTitle(kind: ComparisonLine["kind"]): string {
  switch (kind) {
    case "revgan":
      return "RevGAN";
    case "cyclegan":
      return "CycleGAN";
    case "pix2pix":
      return "pix2pix";
  }
}

/** The pictures on which its quality was computed. */
export function evaluatedOnText({ judged }: ComparisonLine): string {
  if (judged == null) return t("not yet");
  return judged.by === "evaluation"
    ? t("{0} test pictures", wholeNumber(judged.images))
    : t("validation, step {0}", wholeNumber(judged.step));
}
