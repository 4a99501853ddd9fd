import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { pageHtml } from "../../host/webviewHtml";
import { type FromWebview, parseFromWebview, type ToWebview } from "../../protocol/panel";
import { pathIn } from "../../runFolder/paths";
import type { Places } from "../places";

/** Gives a webview the page of the bundle, and only the folders that it needs. */
export function loadPage(
  webview: vscode.Webview,
  places: Places,
  view: "panel" | "side",
  runFolders: readonly string[],
): void {
  const bundle = places.own("dist", "webview");
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

/** The address of a run's samples for a webview, with a slash at its end. */
export function samplesAddress(webview: vscode.Webview, run: string): string {
  return `${webview.asWebviewUri(vscode.Uri.file(pathIn(run, "samples"))).toString()}/`;
}

/** Sends a message; settles when VS Code has taken it. A webview that is hidden or gone gets everything when it is back. */
export async function post(webview: vscode.Webview, message: ToWebview): Promise<void> {
  await webview.postMessage(message);
}

/** Takes what a webview says, if it is a message of ours. */
export function listen(webview: vscode.Webview, take: (message: FromWebview) => void): vscode.Disposable {
  return webview.onDidReceiveMessage((value) => {
    const message = parseFromWebview(value);
    if (message !== undefined) take(message);
  });
}
