import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { toJson } from "../../../extension/protocol/binaryJson";
import { pageHtml, type PageParts } from "../../../extension/host/webviewHtml";
import { webviewBundle } from "./bundle";
import { samplePicture, samplesBase } from "./pictures";

/** Serves the page as a browser of `revgan view` gets it: below a path that nobody else knows, under the real policy. */
export interface PageServer {
  readonly address: string;
  /** Sends an event to every page that listens. */
  publish(message: unknown): void;
  /** Ends the events of every page; pages come back after three seconds. */
  disconnect(): void;
  close(): Promise<void>;
}

/**
 * @param connected whether the page may ask the server (a plain browser) or has another host (VS Code)
 * @param received takes the messages that pages post
 */
export async function servePage(
  view: PageParts["view"],
  connected: boolean,
  received: (message: unknown) => void,
): Promise<PageServer> {
  const { script, style } = await webviewBundle();
  const secret = `/${randomBytes(8).toString("hex")}/`;
  const listeners = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", origin);
    const path = pathname.startsWith(secret) ? pathname.slice(secret.length) : null;
    if (path === "events") {
      listen(response);
    } else if (path === "message" && request.method === "POST") {
      received(JSON.parse(await bodyOf(request)));
      response.writeHead(204).end();
    } else {
      const [type, body] = (path === null ? undefined : await file(path)) ?? [];
      // Browsers ask for an icon by themselves.
      const status = body !== undefined ? 200 : pathname === "/favicon.ico" ? 204 : 404;
      response.writeHead(status, { "Content-Type": type ?? "text/plain", "Cache-Control": "no-store" }).end(body);
    }
  }

  async function file(path: string): Promise<readonly [type: string, body: string | Buffer] | undefined> {
    if (path === "") return ["text/html; charset=utf-8", page()];
    if (path === "webview.js") return ["text/javascript; charset=utf-8", script];
    if (path === "webview.css") return ["text/css; charset=utf-8", style];
    const picture = path.startsWith(samplesBase) ? await samplePicture(path.slice(samplesBase.length)) : undefined;
    return picture === undefined ? undefined : ["image/png", picture];
  }

  function listen(response: ServerResponse): void {
    response
      .writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" })
      .write("retry: 3000\n\n");
    listeners.add(response);
    response.on("close", () => listeners.delete(response));
  }

  const page = () =>
    pageHtml({
      title: "RevGAN",
      view,
      language: "en",
      script: "webview.js",
      style: "webview.css",
      styleSource: origin,
      imageSource: origin,
      connectSource: connected ? "'self'" : "'none'",
      nonce: randomBytes(16).toString("hex"),
    });

  return {
    address: origin + secret,
    publish: (message) => {
      for (const listener of listeners) listener.write(`data: ${toJson(message)}\n\n`);
    },
    disconnect: () => {
      for (const listener of listeners) listener.end();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
