import * as vscode from "vscode";
import type { ExtensionPaths } from "../extensionPaths";
import { type FeedParts, loadPage, WebviewFeed } from "./webviewFeed";

/** The view type, by which VS Code restores the panel after a reload. */
export const panelViewType = "revgan.panel";

/** The open panel and its feed. */
interface OpenPanel {
  readonly webview: vscode.WebviewPanel;
  readonly feed: WebviewFeed;
  /** The folders from which the panel's page may load files of runs. */
  folders: readonly string[];
}

/** Owns the training panel in the editor area. There is at most one; it shows the run that was requested last. */
export class TrainingPanel implements vscode.WebviewPanelSerializer {
  private panel: OpenPanel | null = null;
  private shown: string | null = null;

  constructor(
    private readonly places: ExtensionPaths,
    private readonly parts: FeedParts,
  ) {}

  /**
   * Opens the panel, or brings it to the front.
   *
   * @param run the run to show; null for the run that the panel shows already
   * @returns whether a new panel was created
   */
  async open(run: string | null): Promise<boolean> {
    if (this.panel === null) {
      this.create(run);
      return true;
    }
    this.panel.webview.reveal(undefined, false);
    if (run !== null) await this.panel.feed.feed.show(run);
    return false;
  }

  close(): void {
    this.panel?.webview.dispose();
  }

  /** Whether the panel is visible and shows this run. */
  shows(run: string): boolean {
    return this.panel?.webview.visible === true && this.shown === run;
  }

  /** Shows the panel with a run and others compared with it. */
  async compare(run: string, others: readonly string[]): Promise<void> {
    const isSeen = this.panel?.webview.visible === true;
    const open = this.panel ?? this.create(run);
    open.webview.reveal(undefined, false);
    const folders = this.shownFolders;
    // The folders that a page may read are fixed when it is loaded. For runs in other folders it is loaded again, since it could not show
    // their pictures.
    const isComplete = folders.every((folder) => open.folders.includes(folder));
    await open.feed.feed.showComparison(run, others, isSeen && isComplete);
    if (isComplete) return;
    open.folders = folders;
    loadPage(open.webview.webview, this.places, "panel", folders);
  }

  private get shownFolders(): string[] {
    return [...this.places.shownFolders, ...this.parts.runs.store.addedFolders];
  }

  /** Called after a reload of the window. The page has saved which run it showed. */
  async deserializeWebviewPanel(webview: vscode.WebviewPanel): Promise<void> {
    await this.parts.runs.store.refresh();
    this.panel?.webview.dispose();
    this.adopt(webview, null);
  }

  dispose(): void {
    this.close();
  }

  private create(run: string | null): OpenPanel {
    const column = vscode.window.activeTextEditor === undefined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
    return this.adopt(
      vscode.window.createWebviewPanel(panelViewType, "RevGAN", { viewColumn: column, preserveFocus: false }),
      run,
    );
  }

  private adopt(panel: vscode.WebviewPanel, run: string | null): OpenPanel {
    panel.iconPath = this.places.extensionFile("media", "revgan.svg");
    const feed = new WebviewFeed(
      panel.webview,
      this.parts,
      () => panel.visible,
      (shown) => {
        this.shown = shown;
        this.showTitle(panel);
      },
    );
    // The title is updated at changes, because a new training has the name of its data until its run folder has been read.
    const changes = this.parts.runs.onChange(() => this.showTitle(panel));
    void feed.feed.show(run).catch(this.parts.onError);
    const folders = this.shownFolders;
    const open = { webview: panel, feed, folders };
    this.panel = open;
    panel.onDidDispose(() => {
      changes.dispose();
      feed.dispose();
      if (this.panel?.webview === panel) this.panel = null;
    });
    loadPage(panel.webview, this.places, "panel", folders);
    return open;
  }

  private showTitle(panel: vscode.WebviewPanel): void {
    const name = this.shown === null ? undefined : this.parts.runs.get(this.shown)?.name;
    const title = name === undefined ? "RevGAN" : `RevGAN: ${name}`;
    if (panel.title !== title) panel.title = title;
  }
}
