import type * as vscode from "vscode";
import type { FromWebview } from "../../protocol/panel";
import { PanelFeed } from "../../host/panelFeed";
import type { Runs } from "../../host/runRegistry";
import { listen, post, samplesAddress } from "./webviewPage";

/** Milliseconds between two looks at runs that other processes train, while someone sees them. */
const lookEvery = 1000;

/** What a webview's feed needs beside the webview. */
export interface FeedParts {
  readonly runs: Runs;
  readonly strings: Readonly<Record<string, string>>;
  readonly perform: (message: Extract<FromWebview, { type: "act" | "save" | "saveSample" }>) => void;
  readonly failed: (error: unknown) => void;
}

/** Keeps one webview of VS Code fed, from its first page to its end. */
export class WebviewFeed {
  readonly feed: PanelFeed;
  private readonly subscriptions: vscode.Disposable[];
  private readonly timer: NodeJS.Timeout;

  /**
   * @param isSeen whether anyone looks: what is hidden is not kept up to date, and gets everything when it is shown
   * @param showing told which run is shown
   */
  constructor(webview: vscode.Webview, parts: FeedParts, isSeen: () => boolean, showing: (run: string | null) => void) {
    const { runs, strings, perform, failed } = parts;
    this.feed = new PanelFeed(runs, {
      post: (message) => post(webview, message),
      sampleBase: (run) => samplesAddress(webview, run),
      strings,
      perform,
      showing,
      failed,
    });
    this.subscriptions = [listen(webview, (message) => void this.feed.hear(message).catch(failed))];
    this.timer = setInterval(() => {
      if (isSeen())
        void runs.store
          .refresh()
          .then(() => this.feed.refresh())
          .catch(failed);
    }, lookEvery);
  }

  dispose(): void {
    clearInterval(this.timer);
    for (const subscription of this.subscriptions) subscription.dispose();
    this.feed.dispose();
  }
}
