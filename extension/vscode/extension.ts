import * as vscode from "vscode";
import { registerAgentTools } from "./agentTools/agentTools";
import { performAction } from "./commands/webviewActions";
import { isHarmless, registerCommands } from "./commands/register";
import type { Services } from "./commands/services";
import { jobStatus } from "../cluster/slurmJobs";
import type { PanelAction } from "../protocol/panel";
import { MeasuredMemory } from "../runFolder/measuredMemory";
import { RunRegistry } from "../host/runRegistry";
import { RunStore } from "../host/runStore";
import { TrainingQueue } from "../host/trainingQueue";
import { Translations } from "../host/translations";
import { ConfigDiagnostics } from "./views/configDiagnostics";
import { ContextKeys } from "./views/contextKeys";
import { SideView } from "./views/sideView";
import { panelViewType, TrainingPanel } from "./views/panel";
import { RunsTree } from "./views/runsTree";
import { StatusBar } from "./views/statusBar";
import { TrainingNotifications } from "./views/trainingNotifications";
import type { FeedParts } from "./views/webviewFeed";
import { toRevganError, showError } from "./notifications";
import { ExampleRun } from "./exampleRun";
import { ExtensionPaths } from "./extensionPaths";
import { trainerEnvironment } from "./readSetting";

/** Called by VS Code at the first of the extension's activation events. */
export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(new Extension(context));
}

/** The composition root: creates all parts, connects them, and disposes of them. */
class Extension {
  private readonly disposables: vscode.Disposable[] = [];

  constructor(context: vscode.ExtensionContext) {
    const log = this.register(vscode.window.createOutputChannel("RevGAN", { log: true }));
    const places = new ExtensionPaths(context);
    const logLine = (level: "info" | "warning", text: string): void =>
      level === "info" ? log.info(text) : log.warn(text);
    const example = new ExampleRun(places, context.globalState, context.workspaceState);
    const store = new RunStore(
      () => places.runParents,
      () => example.listed,
      // In a workspace that is not trusted, no program is started, so Slurm is not asked.
      (job) => (vscode.workspace.isTrusted ? jobStatus(job) : Promise.resolve(null)),
    );
    const trainings = this.register(
      new TrainingQueue({ program: places.program("trainer"), environment: trainerEnvironment, log: logLine }),
    );
    const translations = this.register(
      new Translations({
        program: places.program("trainer"),
        cwd: context.extensionPath,
        environment: trainerEnvironment,
        log: logLine,
      }),
    );
    const runs = new RunRegistry(
      store,
      trainings,
      new MeasuredMemory(() => places.memoryMeasurements),
      (action) => isActionAllowed(action, places, example),
      (text) => logLine("warning", text),
    );
    const onError = (error: unknown): void => log.error(toRevganError(error));
    const parts: FeedParts = {
      runs,
      strings: stringsOf(vscode.l10n.bundle),
      onAction: (message) =>
        void performAction(services, message).catch((error: unknown) => showError(toRevganError(error), [])),
      onError,
    };
    const panel = this.register(new TrainingPanel(places, parts));
    const monitor = new SideView(places, parts);
    const services: Services = {
      runs,
      trainings,
      translations,
      paths: places,
      example,
      panel,
      log,
      workspaceState: context.workspaceState,
      measurements: new Map(),
    };
    const notifications = this.register(new TrainingNotifications(runs, panel, context.workspaceState, log, trainings));

    this.register(registerCommands(services));
    this.register(registerAgentTools(services));
    const treeDataProvider = this.register(new RunsTree(runs));
    this.register(vscode.window.createTreeView("revgan.runs", { treeDataProvider, canSelectMany: true }));
    this.register(vscode.window.registerWebviewViewProvider("revgan.monitor", monitor));
    this.register(vscode.window.registerWebviewPanelSerializer(panelViewType, panel));
    this.register(new ContextKeys(runs, example));
    this.register(new StatusBar(runs));
    this.register(new ConfigDiagnostics(onError));
    this.register(trainings.onStart(({ training }) => void monitor.show(training.id).catch(onError)));
    this.register(vscode.workspace.onDidGrantWorkspaceTrust(() => runs.permissionsChanged()));
    this.register(
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        runs.permissionsChanged();
        void store.refresh().catch(onError);
      }),
    );
    store
      .refresh()
      .then(() => notifications.offerInterrupted())
      .catch(onError);
  }

  dispose(): void {
    for (const disposable of this.disposables.reverse()) disposable.dispose();
  }

  private register<T extends vscode.Disposable>(disposable: T): T {
    this.disposables.push(disposable);
    return disposable;
  }
}

/**
 * Whether an action is permitted. In Restricted Mode only actions that start no program and change nothing are. `newRun` requires a
 * workspace folder; `showExample` requires that the user has not deleted the example.
 */
function isActionAllowed(
  action: PanelAction,
  { workspaceFolders: folders }: ExtensionPaths,
  example: ExampleRun,
): boolean {
  if (!vscode.workspace.isTrusted) return isHarmless(action);
  if (action === "showExample") return example.isThere;
  return action !== "newRun" || folders.length > 0;
}

/** Translations of the interface's texts, by the English text; empty for English. */
function stringsOf(bundle: typeof vscode.l10n.bundle): Record<string, string> {
  return { ...bundle };
}
