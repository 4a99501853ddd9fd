import type * as vscode from "vscode";
import type { ExtensionPaths } from "../extensionPaths";
import { type FeedParts, loadPage, WebviewFeed } from "./webviewFeed";

/** Owns the live view in the side bar, which shows the run that is being trained, else the newest run. */
export class SideView implements vscode.WebviewViewProvider {
  private feed: WebviewFeed | null = null;

  constructor(
    private readonly places: ExtensionPaths,
    private readonly parts: FeedParts,
  ) {}

  resolveWebviewView(view: vscode.WebviewView): void {
    const feed = new WebviewFeed(
      view.webview,
      this.parts,
      () => view.visible,
      () => undefined,
    );
    this.feed?.dispose();
    this.feed = feed;
    view.onDidDispose(() => {
      feed.dispose();
      if (this.feed === feed) this.feed = null;
    });
    loadPage(view.webview, this.places, "side", this.places.shownFolders);
  }

  /** Shows a run, if the view is open. */
  async show(run: string): Promise<void> {
    await this.feed?.feed.show(run);
  }
}
