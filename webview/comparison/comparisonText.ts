import { betterOf, type Cost, type Figure } from "../../extension/comparison/figures";
import { isFraction, type Mean, type Measure } from "../../extension/comparison/measures";
import type { DifferingSetting } from "../../extension/comparison/settings";
import type { ComparisonLine, TranslationDirection } from "../../extension/protocol/lines";
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

/** Formats a cost for the label of a tick. */
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

/** The name of a figure: "MAE, A to B". */
export function figureTitle(figure: Figure): string {
  return typeof figure === "string"
    ? costTitle(figure)
    : t("{0}, {1}", measureTitle(figure.measure), directionTitle(figure.direction));
}

/** The text that says whether lower or higher values of a figure are better. */
export function betterText(figure: Figure): string {
  return betterOf(figure) === "lower" ? t("lower is better") : t("higher is better");
}

/** Formats a figure; the mean of several runs with its standard deviation: "19.80 ± 0.40". */
export function figureText(figure: Figure, { mean, deviation }: Mean): string {
  const text = figureFormat(figure, mean);
  const both = deviation === 0 ? text(mean) : t("{0} ± {1}", text(mean), text(deviation));
  return typeof figure !== "string" && figure.measure === "psnr" ? t("{0} dB", both) : both;
}

/**
 * The format of a figure: two decimals for errors, distances and decibels, three for measures from 0 to 1, such as SSIM. Seconds have
 * three significant digits, and their deviation as many decimals as the mean.
 */
function figureFormat(figure: Figure, mean: number): (value: number) => string {
  if (figure === "parameters") return wholeNumber;
  if (figure === "peakBytes") return bytesText;
  const digits = figure === "secondsPerStep" ? placesFor(mean) : isFraction(figure.measure) ? 3 : 2;
  return (value) => value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The number of decimals that gives a value three significant digits. */
function placesFor(value: number): number {
  return value === 0 ? 2 : Math.min(9, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
}

/** Formats a value of a setting; a dash where the run lacks the setting. */
export function settingText({ key, text }: DifferingSetting, value: unknown): string {
  if (value === undefined) return "–";
  if (value === null) return t("not set");
  if (key === "network.memoryBudget" && typeof value === "number") return bytesText(value);
  return key === "network.kind" ? kindTitle(value as ComparisonLine["kind"]) : text(value);
}

/** The settings of a row with their values: "Depth 9, Backprop store". */
export function settingsText(settings: readonly DifferingSetting[], values: readonly unknown[]): string {
  return settings.map((setting, i) => t("{0} {1}", setting.name, settingText(setting, values[i]))).join(", ");
}

export function runsText(count: number): string {
  return t("{0} runs", wholeNumber(count));
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

/** The pictures on which the quality of a row's runs was computed. */
export function evaluatedOnText(lines: readonly ComparisonLine[]): string {
  const texts = new Set(lines.map(evaluationText));
  return texts.size > 1 ? t("different pictures") : [...texts].join("");
}

function evaluationText({ judged }: ComparisonLine): string {
  if (judged == null) return t("not yet");
  return judged.by === "evaluation"
    ? t("{0} test pictures", wholeNumber(judged.images))
    : t("validation, step {0}", wholeNumber(judged.step));
}
