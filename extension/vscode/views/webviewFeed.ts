import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { pageHtml } from "../../host/webviewHtml";
import { parseFromWebview } from "../../protocol/panel";
import { pathIn } from "../../runFolder/paths";
import { PanelFeed, type WebviewAction } from "../../host/panelFeed";
import type { RunRegistry } from "../../host/runRegistry";
import type { ExtensionPaths } from "../extensionPaths";

/** Milliseconds between two reads of the run folders, to follow runs that other processes train; only while the view is visible. */
const refreshInterval = 1000;

/** The dependencies that the feeds of all webviews share. */
export interface FeedParts {
  readonly runs: RunRegistry;
  readonly strings: Readonly<Record<string, string>>;
  readonly onAction: (message: WebviewAction) => void;
  readonly onError: (error: unknown) => void;
}

/** Owns the {@link PanelFeed} of one webview, its subscription to messages and its refresh timer. */
export class WebviewFeed {
  readonly feed: PanelFeed;
  private readonly subscription: vscode.Disposable;
  private readonly timer: NodeJS.Timeout;

  /**
   * @param isVisible whether the webview is visible. A hidden page is not refreshed: VS Code unloads it, and it requests a snapshot when it
   * is shown again
   * @param onShownRun called when another run is shown
   */
  constructor(
    webview: vscode.Webview,
    parts: FeedParts,
    isVisible: () => boolean,
    onShownRun: (run: string | null) => void,
  ) {
    const { runs, onError } = parts;
    this.feed = new PanelFeed(runs, {
      ...parts,
      webview,
      pictureBase: (run, folder) => `${webview.asWebviewUri(vscode.Uri.file(pathIn(run, folder))).toString()}/`,
      onShownRun,
    });
    this.subscription = webview.onDidReceiveMessage((value) => {
      const message = parseFromWebview(value);
      if (message !== undefined) void this.feed.handle(message).catch(onError);
    });
    this.timer = setInterval(() => {
      if (!isVisible()) return;
      void runs.store
        .refresh()
        .then(() => this.feed.refreshShown())
        .catch(onError);
    }, refreshInterval);
  }

  dispose(): void {
    clearInterval(this.timer);
    this.subscription.dispose();
    this.feed.dispose();
  }
}

/** Loads the page of the bundle into a webview, which may read only the bundle and the run folders. */
export function loadPage(
  webview: vscode.Webview,
  places: ExtensionPaths,
  view: "panel" | "side",
  runFolders: readonly string[],
): void {
  const bundle = places.extensionFile("dist", "webview");
  const address = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(bundle, name)).toString();
  webview.options = {
    enableScripts: true,
    localResourceRoots: [bundle, ...runFolders.map((folder) => vscode.Uri.file(folder))],
  };
  webview.html = pageHtml({
    title: view === "panel" ? "RevGAN" : "RevGAN Live",
    view,
    language: vscode.env.language,
    script: address("webview.js"),
    style: address("webview.css"),
    styleSource: webview.cspSource,
    imageSource: webview.cspSource,
    connectSource: "'none'",
    nonce: randomBytes(16).toString("base64url"),
  });
}
