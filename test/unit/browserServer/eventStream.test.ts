import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { until } from "../../support/browser/until";
import { EventStream } from "../../../extension/browserServer/eventStream";

/** A stream, and who listens to it. */
async function connected(): Promise<{ stream: EventStream; listener: IncomingMessage }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const stream = new Promise<EventStream>((resolve) =>
    server.once("request", (_, response) => resolve(new EventStream(response))),
  );
  const listener = await new Promise<IncomingMessage>((resolve) =>
    get({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" }, resolve),
  );
  listener.on("error", () => undefined);
  return { stream: await stream, listener };
}

/** Whether a promise settles while everything that can happen without others happens. */
async function settles(promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([
    promise.then(() => true),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 200)),
  ]);
}

const large = { text: "x".repeat(32 * 1024 * 1024) };

it("sends messages as events, in order", async () => {
  const { stream, listener } = await connected();
  expect(listener.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
  await stream.postMessage({ words: "line\nand line" });
  await stream.postMessage([2]);
  let text = "";
  listener.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  await until("the second message", () => Promise.resolve(text.includes("[2]") || undefined));
  expect(text).toMatch(/^retry: \d+\n\ndata: {"words":"line\\nand line"}\n\ndata: \[2\]\n\n$/);
});

it("waits with the next message until a slow page has taken this one", async () => {
  const { stream, listener } = await connected();
  const sent = stream.postMessage(large);
  expect(await settles(sent)).toBe(false);
  listener.resume();
  await sent;
});

it("waits no longer for a page that is gone, and sends it nothing more", async () => {
  const { stream, listener } = await connected();
  const sent = stream.postMessage(large);
  expect(await settles(sent)).toBe(false);
  listener.destroy();
  await sent;
  await stream.closed;
  await stream.postMessage(large);
});
