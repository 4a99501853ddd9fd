/** The API that VS Code gives a webview. `acquireVsCodeApi` returns it, and throws if it is called a second time. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** Absent in a plain browser. */
declare const acquireVsCodeApi: (() => VsCodeApi) | undefined;
