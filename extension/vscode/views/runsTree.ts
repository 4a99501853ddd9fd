import * as vscode from "vscode";
import { groupedRuns, type RunGroup } from "../../comparison/groupedRuns";
import { deviceText } from "../../protocol/deviceText";
import { timeLeftText } from "../../protocol/durations";
import type { RunSummary, ShownState } from "../../protocol/panel";
import type { RunRegistry } from "../../host/runRegistry";
import { figuresText } from "./evaluationText";
import { directionLabel, stateLabel } from "./runLabels";

/** A run in the tree, and the argument of the commands in its menu. */
export interface RunNode {
  readonly runId: string;
}

/** A folder of runs in the tree, and the argument of the commands in its menu. */
export interface GroupNode {
  readonly folder: string;
}

const icons: Readonly<Record<ShownState, readonly [icon: string, color?: string]>> = {
  queued: ["clock"],
  starting: ["loading~spin"],
  running: ["sync~spin", "charts.green"],
  paused: ["debug-pause", "charts.yellow"],
  stopping: ["loading~spin"],
  stopped: ["circle-large-outline"],
  finished: ["pass", "charts.green"],
  failed: ["error", "charts.red"],
  interrupted: ["warning", "charts.yellow"],
};

/**
 * The tree of runs in the side bar, newest first. Runs in a folder of runs, such as that of a sweep, are below an entry for that folder.
 */
export class RunsTree implements vscode.TreeDataProvider<RunNode | GroupNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly subscription;
  private shown = "";

  constructor(private readonly runs: RunRegistry) {
    this.subscription = runs.onChange(() => this.refresh());
  }

  getChildren(node?: RunNode | GroupNode): (RunNode | GroupNode)[] {
    const all = groupedRuns(this.runs.list());
    if (node === undefined)
      return all.map((entry) => ("folder" in entry ? { folder: entry.folder } : { runId: entry.id }));
    return "folder" in node ? (this.groupOf(node)?.runs ?? []).map(({ id }) => ({ runId: id })) : [];
  }

  getTreeItem(node: RunNode | GroupNode): vscode.TreeItem {
    return "folder" in node ? this.groupItem(node) : this.runItem(node);
  }

  private groupOf({ folder }: GroupNode): RunGroup<RunSummary> | undefined {
    return groupedRuns(this.runs.list()).find((entry) => "folder" in entry && entry.folder === folder) as
      RunGroup<RunSummary> | undefined;
  }

  private groupItem(node: GroupNode): vscode.TreeItem {
    const { name, runs } = this.groupOf(node) ?? { name: node.folder, runs: [] };
    const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
    const finished = runs.filter(({ state }) => state === "finished").length;
    item.id = node.folder;
    item.description = vscode.l10n.t("{0} of {1} finished", finished, runs.length);
    item.iconPath = vscode.ThemeIcon.Folder;
    item.contextValue = "compareFolder";
    item.tooltip = node.folder;
    item.accessibilityInformation = { label: `${name}, ${item.description}` };
    return item;
  }

  private runItem({ runId }: RunNode): vscode.TreeItem {
    const run = this.runs.get(runId);
    if (run === undefined) return new vscode.TreeItem(runId);
    const item = new vscode.TreeItem(run.name);
    const isExample = this.runs.store.get(runId)?.isExample === true;
    // While the example is unchanged, it has the icon of the sample data.
    const [icon, color] = isExample && run.state === "finished" ? ["beaker"] : icons[run.state];
    item.id = run.id;
    item.description = describe(run);
    item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
    item.contextValue = run.actions.join(" ");
    item.tooltip = this.tooltip(run);
    item.accessibilityInformation = { label: `${run.name}, ${describe(run)}` };
    item.command = { command: "revgan.openPanel", title: vscode.l10n.t("Open Panel"), arguments: [{ runId }] };
    return item;
  }

  private tooltip(run: RunSummary): vscode.MarkdownString {
    const text = new vscode.MarkdownString();
    const lines = [run.name, describe(run)];
    if (run.engine !== null)
      lines.push(
        vscode.l10n.t(
          "Engine: {0}",
          run.engine.device === null
            ? run.engine.name
            : `${run.engine.name}, ${deviceText(run.engine.device, vscode.l10n)}`,
        ),
      );
    if (run.secondsLeft !== null) lines.push(timeLeftText(run.secondsLeft, vscode.l10n));
    const config = this.runs.config(run.id);
    for (const evaluation of this.runs.store.get(run.id)?.evaluations ?? []) {
      const figures = figuresText(evaluation, config?.network.dimensions === 3);
      lines.push(vscode.l10n.t("{0}: {1}", directionLabel(evaluation.direction, config), figures));
    }
    if (run.note !== null) lines.push(run.note);
    if (run.error !== null) lines.push(run.error.message, run.error.remedy);
    // Names and messages contain file names, which must not be parsed as Markdown.
    for (const line of lines) text.appendText(line).appendMarkdown("\n\n");
    return text;
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }

  /** Updates the tree only when something that it shows has changed, because an update closes hovers and moves the focus. */
  private refresh(): void {
    const shown = JSON.stringify(
      this.runs.list().map((run) => {
        const evaluatedAt = this.runs.store.get(run.id)?.evaluations.map(({ time }) => time);
        return [run.id, run.name, run.group, describe(run), run.actions, run.note, run.error?.message, evaluatedAt];
      }),
    );
    if (shown === this.shown) return;
    this.shown = shown;
    this.changed.fire(undefined);
  }
}

function describe({ state, step, lastStep, note }: RunSummary): string {
  const word = stateLabel(state);
  if (state === "queued" && note !== null) return vscode.l10n.t("{0}: {1}", word, note);
  if (state === "queued" || state === "starting") return word;
  return lastStep === null
    ? vscode.l10n.t("{0}, step {1}", word, step)
    : vscode.l10n.t("{0}, step {1} of {2}", word, step, lastStep);
}
