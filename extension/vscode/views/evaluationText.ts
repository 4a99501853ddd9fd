import * as vscode from "vscode";
import type { EvaluationLine } from "../../protocol/lines";

/**
 * The results of an evaluation in one line: the number of cases, then each known metric, pixel accuracy (the paper's main metric) first.
 */
export function figuresText(
  { images, metrics }: Pick<EvaluationLine, "images" | "metrics">,
  isVolumes: boolean,
): string {
  const figures: readonly (readonly [string, (value: number) => string])[] = [
    ["pixelAccuracy", (value) => vscode.l10n.t("pixel accuracy {0}", value.toFixed(3))],
    ["psnr", (value) => vscode.l10n.t("PSNR {0} dB", value.toFixed(2))],
    ["ssim", (value) => vscode.l10n.t("SSIM {0}", value.toFixed(3))],
    [
      "mae",
      (value) =>
        isVolumes ? vscode.l10n.t("error {0}", value.toFixed(1)) : vscode.l10n.t("error {0} of 255", value.toFixed(1)),
    ],
    [
      "cycleMae",
      (value) =>
        isVolumes
          ? vscode.l10n.t("there and back {0}", value.toFixed(1))
          : vscode.l10n.t("there and back {0} of 255", value.toFixed(1)),
    ],
  ];
  const known = figures.flatMap(([key, show]) => (typeof metrics[key] === "number" ? [show(metrics[key])] : []));
  return [isVolumes ? vscode.l10n.t("{0} volumes", images) : vscode.l10n.t("{0} pictures", images), ...known].join(
    ", ",
  );
}
