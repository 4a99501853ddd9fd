import type { ServerResponse } from "node:http";
import { toJson } from "../protocol/binaryJson";
import { begin } from "./reply";

/** Milliseconds after which a browser asks again when the events broke off. */
const retry = 1000;

/** The events that one page listens to. */
export class EventStream {
  /** Settles when the page is gone, or was told to go. */
  readonly closed: Promise<void>;

  constructor(private readonly response: ServerResponse) {
    this.closed = new Promise((resolve) => response.once("close", resolve));
    begin(response, 200, { "Content-Type": "text/event-stream; charset=utf-8" });
    // The page takes the events for open as soon as something of them is there.
    response.write(`retry: ${retry}\n\n`);
  }

  /** Sends a message. Settles when the next one would not pile up behind it, or when nobody listens any more. */
  async send(message: unknown): Promise<void> {
    if (this.response.destroyed || this.response.write(`data: ${toJson(message)}\n\n`)) return;
    await Promise.race([new Promise((resolve) => this.response.once("drain", resolve)), this.closed]);
  }

  close(): void {
    this.response.destroy();
  }
}
