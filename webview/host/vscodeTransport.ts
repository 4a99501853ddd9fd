import type { Receiver, Transport } from "./transport";

/** Messages of a VS Code webview. */
export function vscodeTransport(api: VsCodeApi, receiver: Receiver): Transport {
  // Only VS Code's own frame around this one can send here: the policy lets nothing else in.
  window.addEventListener("message", ({ data }: MessageEvent<unknown>) => receiver.received(data));
  queueMicrotask(() => receiver.opened());
  return {
    post: (message) => api.postMessage(message),
    remembered: () => api.getState(),
    remember: (state) => api.setState(state),
  };
}
