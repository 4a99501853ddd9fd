import type * as vscode from "vscode";
import type { Runs } from "../../host/runRegistry";
import type { Trainings } from "../../host/trainingQueue";
import type { Translations } from "../../host/translations";
import type { TrainingPanel } from "../views/panel";
import type { Places } from "../places";

/** What the commands work with. */
export interface Services {
  readonly runs: Runs;
  readonly trainings: Trainings;
  readonly translations: Translations;
  readonly places: Places;
  readonly panel: TrainingPanel;
  readonly log: vscode.LogOutputChannel;
  /** Remembered for this workspace. */
  readonly workspaceState: vscode.Memento;
  /** Ends measurements of memory that are under way, by run or configuration. */
  readonly measurements: Map<string, AbortController>;
}
