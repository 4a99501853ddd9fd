import * as vscode from "vscode";
import type { Places } from "../vscode/places";
import { type FeedParts, WebviewFeed } from "./webviewFeed";
import { loadPage } from "./webviewPage";

const viewType = "revgan.panel";

/** The training panel in the editor area: one, which shows the run that was last asked for. */
export class TrainingPanel implements vscode.WebviewPanelSerializer {
  private panel: { readonly webview: vscode.WebviewPanel; readonly feed: WebviewFeed } | null = null;

  constructor(
    private readonly places: Places,
    private readonly parts: FeedParts,
  ) {}

  /** Shows the panel; a run that is named is the one it shows. */
  async open(run: string | null): Promise<void> {
    if (this.panel === null) {
      const column = vscode.window.activeTextEditor === undefined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
      this.adopt(vscode.window.createWebviewPanel(viewType, "RevGAN", { viewColumn: column, preserveFocus: false }), run);
      return;
    }
    this.panel.webview.reveal(undefined, false);
    if (run !== null) await this.panel.feed.feed.show(run);
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

  private adopt(panel: vscode.WebviewPanel, run: string | null): void {
    panel.iconPath = this.places.own("media", "revgan.svg");
    const feed = new WebviewFeed(panel.webview, this.parts, () => panel.visible, (shown) => {
      const name = shown === null ? undefined : this.parts.runs.get(shown)?.name;
      panel.title = name === undefined ? "RevGAN" : `RevGAN: ${name}`;
    });
    void feed.feed.show(run).catch(this.parts.failed);
    this.panel = { webview: panel, feed };
    panel.onDidDispose(() => {
      feed.dispose();
      if (this.panel?.webview === panel) this.panel = null;
    });
    loadPage(panel.webview, this.places, "panel", this.places.runParents);
  }
}

/** The type of the panel's view, for what restores it. */
export const panelViewType = viewType;
