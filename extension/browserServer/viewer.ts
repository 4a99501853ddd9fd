import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { RevganError } from "../protocol/errors";
import { pathIn, stepFolder } from "../runFolder/paths";
import { pageHtml } from "../host/webviewHtml";
import { Routes, type Route } from "./routes";
import { EventStream } from "./eventStream";
import { languageFor } from "./languages";
import { isLocalHost, isSameOrigin, readBody, reply, writeHead } from "./http";
import { Pages } from "./pages";
import { readBundleFile, readPicture, runKey, type ServedFile } from "./servedFiles";
import type { WatchedRuns } from "./watchedRuns";

const host = "127.0.0.1";

/** Serves the training panel to browsers of this machine. */
export class Viewer {
  private readonly addresses = new Routes();
  private readonly pages: Pages;
  private readonly server: Server;

  /** @param warn called with errors of the server itself */
  constructor(
    private readonly watched: WatchedRuns,
    private readonly warn: (error: unknown) => void,
  ) {
    this.pages = new Pages(watched, (run, folder) => this.addresses.pictures(runKey(run), folder), warn);
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        warn(error);
        if (response.headersSent) response.destroy();
        else reply(response, 500);
      });
    });
  }

  /**
   * Starts to listen. @param port null for any free port. @returns the URL, with its secret. @throws RevganError `usage` when the given
   * port cannot be opened
   */
  async listen(port: number | null): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", (error: NodeJS.ErrnoException) => reject(cannotListen(port, error)));
      this.server.listen({ host, port: port ?? 0, exclusive: true }, resolve);
    });
    this.server.on("error", this.warn);
    return `http://${host}:${(this.server.address() as AddressInfo).port}${this.addresses.entry}`;
  }

  /** Ends every connection. */
  close(): void {
    this.pages.close();
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = isLocalHost(request.headers) ? this.addresses.parse(request.url ?? "") : undefined;
    if (route === undefined || request.method !== (route.type === "message" ? "POST" : "GET")) reply(response, 404);
    else await this.serve(route, request, response);
  }

  private async serve(route: Route, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { tag, strings } = languageFor(request.headers["accept-language"]);
    switch (route.type) {
      case "entry":
        this.redirect(response, false);
        break;
      case "page":
        if (this.pages.claim(route.page)) this.sendPage(response, tag);
        else this.redirect(response, true);
        break;
      case "events":
        if (this.pages.has(route.page)) await this.pages.connect(route.page, new EventStream(response), strings);
        else reply(response, 404);
        break;
      case "message":
        await this.handleMessage(route.page, request, response);
        break;
      case "asset":
        sendFile(response, await readBundleFile(route.name));
        break;
      case "sample":
      case "evaluation":
        sendFile(response, await this.picture(route));
        break;
    }
  }

  private redirect(response: ServerResponse, isReload: boolean): void {
    writeHead(response, 302, { Location: this.addresses.page(this.pages.create(isReload)) });
    response.end();
  }

  private sendPage(response: ServerResponse, language: string): void {
    const page = pageHtml({
      title: "RevGAN",
      view: "panel",
      language,
      script: "../webview.js",
      style: "../webview.css",
      styleSource: "'self'",
      imageSource: "'self'",
      connectSource: "'self'",
      nonce: randomBytes(16).toString("hex"),
    });
    reply(response, 200, "text/html; charset=utf-8", page);
  }

  private async handleMessage(page: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isMessage = isSameOrigin(request.headers) && request.headers["content-type"] === "application/json";
    const isAccepted = isMessage && (await this.pages.handle(page, await readBody(request)));
    // After a rejected message the connection is closed, so that the rest of its body need not be read.
    if (!isAccepted) response.shouldKeepAlive = false;
    reply(response, isAccepted ? 204 : isMessage ? 400 : 403);
  }

  private async picture(route: Extract<Route, { readonly run: string }>): Promise<ServedFile | undefined> {
    const stored = this.watched.runs.store.runs.find(({ folder }) => runKey(folder) === route.run);
    if (stored === undefined) return undefined;
    const folder =
      route.type === "sample" ? stepFolder(stored.folder, "samples", route.step) : pathIn(stored.folder, "evaluation");
    return readPicture(stored.folder, join(folder, route.picture));
  }
}

function sendFile(response: ServerResponse, file: ServedFile | undefined): void {
  if (file === undefined) reply(response, 404);
  else reply(response, 200, file.type, file.body);
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
