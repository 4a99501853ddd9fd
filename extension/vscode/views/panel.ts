import * as vscode from "vscode";
import type { Places } from "../places";
import { type FeedParts, WebviewFeed } from "./webviewFeed";
import { loadPage } from "./webviewPage";

const viewType = "revgan.panel";

/** A panel, and what keeps it up to date. */
interface OpenPanel {
  readonly webview: vscode.WebviewPanel;
  readonly feed: WebviewFeed;
}

/** The training panel in the editor area: one, which shows the run that was last asked for. */
export class TrainingPanel implements vscode.WebviewPanelSerializer {
  private panel: OpenPanel | null = null;

  constructor(
    private readonly places: Places,
    private readonly parts: FeedParts,
  ) {}

  /** Shows the panel; a run that is named is the one it shows. */
  async open(run: string | null): Promise<void> {
    if (this.panel === null) {
      this.create(run);
      return;
    }
    this.panel.webview.reveal(undefined, false);
    if (run !== null) await this.panel.feed.feed.show(run);
  }

  /** Shows the panel with a run, and others that are compared with it. */
  async compare(run: string, others: readonly string[]): Promise<void> {
    const isSeen = this.panel?.webview.visible === true;
    const { webview, feed } = this.panel ?? this.create(run);
    webview.reveal(undefined, false);
    await feed.feed.showCompared(run, others, isSeen);
  }

  /** After a reload of the window: the page tells which run it showed. */
  async deserializeWebviewPanel(webview: vscode.WebviewPanel): Promise<void> {
    await this.parts.runs.store.refresh();
    this.panel?.webview.dispose();
    this.adopt(webview, null);
  }

  dispose(): void {
    this.panel?.webview.dispose();
  }

  private create(run: string | null): OpenPanel {
    const column = vscode.window.activeTextEditor === undefined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
    return this.adopt(
      vscode.window.createWebviewPanel(viewType, "RevGAN", { viewColumn: column, preserveFocus: false }),
      run,
    );
  }

  private adopt(panel: vscode.WebviewPanel, run: string | null): OpenPanel {
    panel.iconPath = this.places.own("media", "revgan.svg");
    const feed = new WebviewFeed(
      panel.webview,
      this.parts,
      () => panel.visible,
      (shown) => {
        const name = shown === null ? undefined : this.parts.runs.get(shown)?.name;
        panel.title = name === undefined ? "RevGAN" : `RevGAN: ${name}`;
      },
    );
    void feed.feed.show(run).catch(this.parts.failed);
    const open = { webview: panel, feed };
    this.panel = open;
    panel.onDidDispose(() => {
      feed.dispose();
      if (this.panel?.webview === panel) this.panel = null;
    });
    loadPage(panel.webview, this.places, "panel", this.places.runParents);
    return open;
  }
}

/** The type of the panel's view, for what restores it. */
export const panelViewType = viewType;
