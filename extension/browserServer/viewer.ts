import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { RevganError } from "../protocol/errors";
import { pageHtml } from "../host/webviewHtml";
import { Addresses, type Route } from "./addresses";
import { readAsset } from "./bundle";
import { EventStream } from "./eventStream";
import { isForHere, isFromHere } from "./origin";
import { Pages } from "./pages";
import { readBody } from "./readBody";
import { begin, reply } from "./reply";
import { readSample, runKey } from "./samplePictures";
import type { WatchedRuns } from "./watchedRuns";

const host = "127.0.0.1";

/** Serves the training panel to browsers of this machine. */
export class Viewer {
  private readonly addresses = new Addresses();
  private readonly pages: Pages;
  private readonly server: Server;

  /** @param warn told of requests that went wrong on our side */
  constructor(
    private readonly watched: WatchedRuns,
    private readonly warn: (error: unknown) => void,
  ) {
    this.pages = new Pages(watched, (run) => this.addresses.samples(runKey(run)), warn);
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        warn(error);
        if (response.headersSent) response.destroy();
        else reply(response, 500);
      });
    });
  }

  /** @param port null for any free one. @returns the address, with its secret. @throws RevganError `usage` when the port cannot be had */
  async listen(port: number | null): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", (error: NodeJS.ErrnoException) => reject(cannotListen(port, error)));
      this.server.listen({ host, port: port ?? 0, exclusive: true }, resolve);
    });
    this.server.on("error", this.warn);
    return `http://${host}:${(this.server.address() as AddressInfo).port}${this.addresses.door}`;
  }

  /** Ends every connection. */
  close(): void {
    this.pages.close();
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = isForHere(request.headers) ? this.addresses.route(request.url ?? "") : undefined;
    if (route === undefined || request.method !== (route.type === "message" ? "POST" : "GET")) reply(response, 404);
    else await this.serve(route, request, response);
  }

  private async serve(route: Route, request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (route.type) {
      case "door":
        this.lead(response, false);
        break;
      case "page":
        if (this.pages.send(route.page)) this.sendPage(response);
        else this.lead(response, true);
        break;
      case "events":
        if (this.pages.has(route.page)) await this.pages.listen(route.page, new EventStream(response));
        else reply(response, 404);
        break;
      case "message":
        await this.hear(route.page, request, response);
        break;
      case "asset":
        sendFound(response, await readAsset(route.name));
        break;
      case "sample":
        sendFound(response, await this.sample(route));
        break;
    }
  }

  private lead(response: ServerResponse, isReload: boolean): void {
    begin(response, 302, { Location: this.addresses.page(this.pages.issue(isReload)) });
    response.end();
  }

  private sendPage(response: ServerResponse): void {
    const page = pageHtml({
      title: "RevGAN",
      view: "panel",
      language: "en",
      script: "../webview.js",
      style: "../webview.css",
      styleSource: "'self'",
      imageSource: "'self'",
      connectSource: "'self'",
      nonce: randomBytes(16).toString("hex"),
    });
    reply(response, 200, "text/html; charset=utf-8", page);
  }

  private async hear(page: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isMessage = isFromHere(request.headers) && request.headers["content-type"] === "application/json";
    const wasHeard = isMessage && (await this.pages.hear(page, await readBody(request)));
    // What was not read is not waited for.
    if (!wasHeard) response.shouldKeepAlive = false;
    reply(response, wasHeard ? 204 : isMessage ? 400 : 403);
  }

  private async sample({ run, step, picture }: Extract<Route, { type: "sample" }>): Promise<Found | undefined> {
    const stored = this.watched.runs.store.runs.find(({ folder }) => runKey(folder) === run);
    const body = stored === undefined ? undefined : await readSample(stored.folder, step, picture);
    return body === undefined ? undefined : { type: "image/png", body };
  }
}

interface Found {
  readonly type: string;
  readonly body: Buffer;
}

function sendFound(response: ServerResponse, found: Found | undefined): void {
  if (found === undefined) reply(response, 404);
  else reply(response, 200, found.type, found.body);
}

function cannotListen(port: number | null, { code, message }: NodeJS.ErrnoException): RevganError {
  if (port === null)
    return new RevganError(
      "internal",
      `no port of ${host} can be had (${code ?? message})`,
      "allow this program to listen on this machine's own address",
    );
  const why = code === "EADDRINUSE" ? "is taken by another program" : `cannot be had (${code ?? message})`;
  return new RevganError("usage", `port ${port} ${why}`, "choose another --port, or leave it out for a free one");
}
