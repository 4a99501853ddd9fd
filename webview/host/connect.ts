import { browserTransport } from "./browserTransport";
import type { Receiver, Transport } from "./transport";
import { vscodeTransport } from "./vscodeTransport";

/** The way to whoever opened this page: VS Code gives its webviews a function that no other page has. */
export function connect(receiver: Receiver): Transport {
  return typeof acquireVsCodeApi === "function"
    ? vscodeTransport(acquireVsCodeApi(), receiver)
    : browserTransport(receiver);
}
