import type { ServerResponse } from "node:http";
import { toJson } from "../protocol/binaryJson";
import { writeHead } from "./http";

/** Milliseconds after which the browser reconnects a broken stream. */
const reconnectMilliseconds = 1000;

/** The stream of server-sent events to one page. */
export class EventStream {
  /** Settles when either side has closed the connection. */
  readonly closed: Promise<void>;

  constructor(private readonly response: ServerResponse) {
    this.closed = new Promise((resolve) => response.once("close", resolve));
    writeHead(response, 200, { "Content-Type": "text/event-stream; charset=utf-8" });
    // Written at once, because the browser fires the event `open` only after the first bytes.
    response.write(`retry: ${reconnectMilliseconds}\n\n`);
  }

  /** Sends a message. Settles when the socket can take the next one, or is closed. */
  async postMessage(message: unknown): Promise<void> {
    if (this.response.destroyed || this.response.write(`data: ${toJson(message)}\n\n`)) return;
    await Promise.race([new Promise((resolve) => this.response.once("drain", resolve)), this.closed]);
  }

  close(): void {
    this.response.destroy();
  }
}
