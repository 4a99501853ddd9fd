/** What VS Code gives a webview; it can be called once. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** Absent in a plain browser. */
declare const acquireVsCodeApi: (() => VsCodeApi) | undefined;
