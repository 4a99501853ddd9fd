import type { TranslationDirection } from "../../protocol/lines";
import type { Evaluation } from "../evaluate/evaluateRun";
import { formatBytes } from "../formatBytes";
import { tableLines } from "./table";

const titles: Readonly<Record<TranslationDirection, string>> = { AtoB: "A to B", BtoA: "B to A" };

/** Each metric's key, title and formatter, in the order in which the metrics are shown. */
const rowsIn = (unit: string): readonly (readonly [key: string, title: string, show: (value: number) => string])[] => [
  ["mae", `Mean absolute error, ${unit}`, withDigits(2)],
  ["constantMae", "The same of the best constant colour", withDigits(2)],
  ["rmse", `Root mean square error, ${unit}`, withDigits(2)],
  ["rmseInside", "The same where the truth is above 0", withDigits(2)],
  ["psnr", "PSNR, dB", withDigits(2)],
  ["ssim", "SSIM", withDigits(4)],
  ["slicedWasserstein", "Distance to the real pictures (sliced Wasserstein), of 255", withDigits(2)],
  ["slicedWassersteinUntranslated", "The same of the untranslated pictures", withDigits(2)],
  ["cycleMae", `There and back, error ${unit}`, withDigits(2)],
  ["pixelAccuracy", "Pixel accuracy", withDigits(4)],
  ["classAccuracy", "Class accuracy", withDigits(4)],
  ["classIoU", "Class IoU", withDigits(4)],
  ["parameters", "Parameters of the generators", (value) => value.toLocaleString("en")],
  ["peakBytes", "Peak of a training step", formatBytes],
  ["secondsPerStep", "Seconds a training step", (value) => value.toPrecision(3)],
];

/** A run's evaluation for people: a row for each known metric, a column for each direction. */
export function evaluationTable(evaluations: readonly Evaluation[]): string[] {
  const heads = evaluations.map(({ line }) => titles[line.direction]);
  const images = evaluations.map(({ line, pairs }) =>
    pairs === line.images ? String(pairs) : `${pairs} of ${line.images}`,
  );
  const isVolumes = evaluations.some(({ volumes }) => volumes);
  const metrics = rowsIn(isVolumes ? "in units of the files" : "of 255")
    .map(([key, title, show]) => [title, ...evaluations.map(({ line }) => textOrEmpty(line.metrics[key], show))])
    .filter(([, ...values]) => values.some((value) => value !== ""));
  const compared = [isVolumes ? "Volumes compared" : "Pictures compared", ...images];
  return tableLines([["", ...heads], compared, ...metrics], [{ align: "left" }, { align: "right" }]);
}

function textOrEmpty(value: number | null | undefined, show: (value: number) => string): string {
  return value === null || value === undefined ? "" : show(value);
}

function withDigits(digits: number): (value: number) => string {
  return (value) => value.toFixed(digits);
}
