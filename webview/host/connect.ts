import { browserTransport } from "./browserTransport";
import type { Receiver, Transport } from "./host";

/** Connects to the host. Only VS Code's webviews have `acquireVsCodeApi`. */
export function connect(receiver: Receiver): Transport {
  return typeof acquireVsCodeApi === "function"
    ? vscodeTransport(acquireVsCodeApi(), receiver)
    : browserTransport(receiver);
}

function vscodeTransport(api: VsCodeApi, receiver: Receiver): Transport {
  // Only VS Code's own frame around this one can send messages: the content security policy loads nothing else.
  window.addEventListener("message", ({ data }: MessageEvent<unknown>) => receiver.onMessage(data));
  queueMicrotask(() => receiver.onOpen());
  return {
    post: (message) => api.postMessage(message),
    savedState: () => api.getState(),
    saveState: (state) => api.setState(state),
  };
}
