import type { RunEvaluation } from "../../extension/protocol/panel";
import { t } from "../ui/text";
import { figureText } from "./qualityText";

/** The displayed names and texts of those metrics that have a value. */
export function metricFigures(metrics: RunEvaluation["metrics"]): (readonly [name: string, value: string])[] {
  const known = [
    ["mae", t("Error"), (value: number) => figureText(value)],
    ["psnr", t("PSNR"), (value: number) => t("{0} dB", figureText(value))],
    ["ssim", t("SSIM"), (value: number) => value.toFixed(3)],
    ["slicedWasserstein", t("Distance"), (value: number) => figureText(value)],
    ["slicedWassersteinUntranslated", t("Untranslated"), (value: number) => figureText(value)],
    ["pixelAccuracy", t("Pixel accuracy"), (value: number) => value.toFixed(3)],
    ["classAccuracy", t("Class accuracy"), (value: number) => value.toFixed(3)],
    ["classIoU", t("Class IoU"), (value: number) => value.toFixed(3)],
    ["cycleMae", t("Way back"), (value: number) => figureText(value)],
  ] as const;
  return known.flatMap(([key, name, text]) => {
    const value = metrics[key];
    return value === undefined || value === null ? [] : [[name, text(value)] as const];
  });
}
