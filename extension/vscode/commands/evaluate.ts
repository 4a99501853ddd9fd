import * as vscode from "vscode";
import { type TranslationDirection, type EvaluationLine, type Line, directions } from "../../protocol/lines";
import { directionsOf } from "../../configuration/networkKind";
import { evaluationPath } from "../../runFolder/evaluation";
import { pathIn } from "../../runFolder/paths";
import { runCli } from "../../host/cliProcess";
import { withProgress } from "../progress";
import { trainerEnvironment } from "../readSetting";
import { type RunArgument, runFor } from "./runArgument";
import type { Services } from "./services";

/** Options for programs. */
interface EvaluateOptions {
  readonly split?: "test" | "val";
  readonly palette?: vscode.Uri;
}

/** `revgan.evaluate`: computes a run's quality on its test pictures. @returns one line per direction */
export async function evaluate(
  services: Services,
  argument?: RunArgument,
  { split = "test", palette }: EvaluateOptions = {},
): Promise<EvaluationLine[]> {
  const run = await runFor(argument, "evaluate", vscode.l10n.t("Evaluate on Test Pictures"), services);
  if (run === undefined) return [];
  const config = services.runs.config(run.id);
  const evaluated = config === undefined ? directions : directionsOf(config.network);
  const lines = await withProgress(vscode.l10n.t("Evaluating {0}", run.name), async (report, signal) => {
    const found: EvaluationLine[] = [];
    const onLine = (line: Line): void => {
      if (line.type === "evaluation") found.push(line);
      if (line.type === "evaluationProgress")
        report(
          evaluated.indexOf(line.direction) * line.of + line.done,
          evaluated.length * line.of,
          vscode.l10n.t("{0}: {1} of {2}", directionWord(line.direction), line.done, line.of),
        );
    };
    const args = [
      "evaluate",
      "--run",
      run.id,
      "--split",
      split,
      "--progress",
      ...(palette === undefined ? [] : ["--palette", palette.fsPath]),
    ];
    await runCli({
      program: services.paths.program("cli"),
      args,
      cwd: run.id,
      env: trainerEnvironment(),
      onLine,
      onText: (text) => services.log.info(text),
      signal,
    });
    return found;
  });
  showResult(
    { name: run.name, folder: pathIn(run.id, "evaluation"), split, isVolumes: config?.network.dimensions === 3 },
    lines,
  );
  return lines;
}

/** Shows the figures in a notification with buttons for the worst cases and the table. Does not wait for the user. */
function showResult(
  { name, folder, split, isVolumes }: { name: string; folder: string; split: string; isVolumes: boolean },
  lines: readonly EvaluationLine[],
): void {
  const [worst, table] = [vscode.l10n.t("Show Worst Cases"), vscode.l10n.t("Open Table")];
  const text = `${name}: ${lines.map((line) => vscode.l10n.t("{0}: {1}", directionWord(line.direction), figuresOf(line, isVolumes))).join("; ")}.`;
  void vscode.window.showInformationMessage(text, worst, table).then(async (button) => {
    if (button === undefined) return;
    const ending = button === worst ? "png" : "csv";
    for (const { direction } of lines)
      await vscode.commands.executeCommand(
        "vscode.open",
        vscode.Uri.file(`${evaluationPath(folder, split, direction)}.${ending}`),
        { preview: false },
      );
  });
}

/** The known figures; the paper's main one comes first. */
function figuresOf({ images, metrics }: EvaluationLine, isVolumes: boolean): string {
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

function directionWord(direction: TranslationDirection): string {
  return direction === "AtoB" ? vscode.l10n.t("A to B") : vscode.l10n.t("B to A");
}
