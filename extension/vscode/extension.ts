import * as vscode from "vscode";
import { perform } from "./commands/perform";
import { isHarmless, registerCommands } from "./commands/register";
import type { Services } from "./commands/services";
import type { PanelAction } from "../protocol/panel";
import { MeasuredMemory } from "../host/measuredMemory";
import { Runs } from "../host/runRegistry";
import { RunStore } from "../host/runStore";
import { Trainings } from "../host/trainingQueue";
import { Translations } from "../host/translations";
import { ConfigDiagnostics } from "./views/configDiagnostics";
import { ContextKeys } from "./views/contextKeys";
import { Monitor } from "./views/monitor";
import { panelViewType, TrainingPanel } from "./views/panel";
import { RunsTree } from "./views/runsTree";
import { StatusBar } from "./views/statusBar";
import { TrainingNews } from "./views/trainingNews";
import type { FeedParts } from "./views/webviewFeed";
import { known, showProblem } from "./problems";
import { Places } from "./places";
import { trainerEnvironment } from "./trainerEnvironment";

/** The extension in a window of VS Code: makes every part, and ends every part. */
export class Extension {
  private readonly disposables: vscode.Disposable[] = [];

  constructor(context: vscode.ExtensionContext) {
    const log = this.own(vscode.window.createOutputChannel("RevGAN", { log: true }));
    const places = new Places(context);
    const tell = (level: "info" | "warning", text: string): void =>
      level === "info" ? log.info(text) : log.warn(text);
    const store = new RunStore(() => places.runParents);
    const trainings = this.own(
      new Trainings({ program: places.program("trainer"), environment: trainerEnvironment, log: tell }),
    );
    const translations = this.own(
      new Translations({
        program: places.program("trainer"),
        cwd: context.extensionPath,
        environment: trainerEnvironment,
        log: tell,
      }),
    );
    const runs = new Runs(
      store,
      trainings,
      new MeasuredMemory(() => places.measurements),
      (action) => isAllowed(action, places),
      (text) => tell("warning", text),
    );
    const failed = (error: unknown): void => log.error(known(error));
    const parts: FeedParts = {
      runs,
      strings: stringsOf(vscode.l10n.bundle),
      perform: (message) => void perform(services, message).catch((error: unknown) => showProblem(known(error), [])),
      failed,
    };
    const panel = this.own(new TrainingPanel(places, parts));
    const monitor = new Monitor(places, parts);
    const services: Services = {
      runs,
      trainings,
      translations,
      places,
      panel,
      log,
      workspaceState: context.workspaceState,
      measurements: new Map(),
    };
    const news = this.own(new TrainingNews(runs, context.workspaceState, log, trainings));

    this.own(registerCommands(services));
    this.own(vscode.window.registerTreeDataProvider("revgan.runs", this.own(new RunsTree(runs))));
    this.own(vscode.window.registerWebviewViewProvider("revgan.monitor", monitor));
    this.own(vscode.window.registerWebviewPanelSerializer(panelViewType, panel));
    this.own(new ContextKeys(runs));
    this.own(new StatusBar(runs));
    this.own(new ConfigDiagnostics());
    this.own(trainings.onBegin(({ training }) => void monitor.show(training.id).catch(failed)));
    this.own(vscode.workspace.onDidGrantWorkspaceTrust(() => runs.reconsider()));
    this.own(
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        runs.reconsider();
        void store.refresh().catch(failed);
      }),
    );
    store
      .refresh()
      .then(() => news.offerInterrupted())
      .catch(failed);
  }

  dispose(): void {
    for (const disposable of this.disposables.reverse()) disposable.dispose();
  }

  private own<T extends vscode.Disposable>(disposable: T): T {
    this.disposables.push(disposable);
    return disposable;
  }
}

/** In Restricted Mode only what starts no program and changes nothing; a new run needs a folder to write into. */
function isAllowed(action: PanelAction, { folders }: Places): boolean {
  if (!vscode.workspace.isTrusted) return isHarmless(action);
  return action !== "newRun" || folders.length > 0;
}

/** The words of the interface in the user's language, by the English ones; without a translation there are none. */
function stringsOf(bundle: typeof vscode.l10n.bundle): Record<string, string> {
  return { ...bundle };
}
