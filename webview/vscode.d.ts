/** The API that VS Code gives a webview. `acquireVsCodeApi` returns it, and throws if it is called a second time. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** VS Code defines this function in webviews; in a plain browser it is missing. */
declare const acquireVsCodeApi: (() => VsCodeApi) | undefined;
