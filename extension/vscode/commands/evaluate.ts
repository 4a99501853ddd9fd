import * as vscode from "vscode";
import type { Config } from "../../configuration/config";
import { directions, type EvaluatedSplit, type EvaluationLine, type Line } from "../../protocol/lines";
import type { RunSummary } from "../../protocol/panel";
import { directionsOf } from "../../configuration/networkKind";
import { evaluationPath } from "../../runFolder/evaluation";
import { pathIn } from "../../runFolder/paths";
import { showNews } from "../notifications";
import { withProgress } from "../progress";
import { directionLabel } from "../views/runLabels";
import { figuresText } from "../views/evaluationText";
import { type RunArgument, runFor } from "./runArgument";
import { runCommand } from "./runCommand";
import type { Services } from "./services";

/** Options for calls by programs. */
interface EvaluateOptions {
  readonly split?: EvaluatedSplit;
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
          vscode.l10n.t("{0}: {1} of {2}", directionLabel(line.direction, config), line.done, line.of),
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
    await runCommand(services, args, { cwd: run.id, signal, onLine });
    return found;
  });
  await services.runs.store.refresh();
  showResult(run, split, config, lines);
  return lines;
}

/** Shows the metrics in a notification, with buttons for the panel, the worst cases and the table. Does not wait for the user. */
function showResult(
  { id, name }: RunSummary,
  split: EvaluatedSplit,
  config: Config | undefined,
  lines: readonly EvaluationLine[],
): void {
  const isVolumes = config?.network.dimensions === 3;
  const folder = pathIn(id, "evaluation");
  const openFiles = (ending: "png" | "csv") => async (): Promise<void> => {
    for (const { direction } of lines)
      await vscode.commands.executeCommand(
        "vscode.open",
        vscode.Uri.file(`${evaluationPath(folder, split, direction)}.${ending}`),
        { preview: false },
      );
  };
  const figures = lines.map((line) =>
    vscode.l10n.t("{0}: {1}", directionLabel(line.direction, config), figuresText(line, isVolumes)),
  );
  showNews(`${name}: ${figures.join("; ")}.`, [
    { title: vscode.l10n.t("Open"), run: () => vscode.commands.executeCommand("revgan.openPanel", id) },
    { title: vscode.l10n.t("Show Worst Cases"), run: openFiles("png") },
    { title: vscode.l10n.t("Open Table"), run: openFiles("csv") },
  ]);
}
