import type * as vscode from "vscode";
import type { RunRegistry } from "../../host/runRegistry";
import type { TrainingQueue } from "../../host/trainingQueue";
import type { Translations } from "../../host/translations";
import type { TrainingPanel } from "../views/panel";
import type { ExampleRun } from "../exampleRun";
import type { ExtensionPaths } from "../extensionPaths";

/** The parts of the extension that commands use. */
export interface Services {
  readonly runs: RunRegistry;
  readonly trainings: TrainingQueue;
  readonly translations: Translations;
  readonly paths: ExtensionPaths;
  readonly example: ExampleRun;
  readonly panel: TrainingPanel;
  readonly log: vscode.LogOutputChannel;
  /** Values that VS Code keeps for this workspace. */
  readonly workspaceState: vscode.Memento;
  /** Abort controllers of running memory measurements, by the run's id, or by the configuration as JSON if it belongs to no run. */
  readonly measurements: Map<string, AbortController>;
}
