import { randomBytes } from "node:crypto";
import { parseFromWebview } from "../protocol/panel";
import { type FeedHost, PanelFeed } from "../host/panelFeed";
import type { EventStream } from "./eventStream";
import type { WatchedRuns } from "./watchedRuns";

/** Milliseconds between two reads of the run folders. */
const refreshInterval = 1000;

/** One load of the page in a browser. */
interface Page {
  /** Whether the page's HTML was sent. A second request for it is a reload, which is redirected to a new page. */
  isSent: boolean;
  /** Whether the page first shows the run with which the server was started, whatever the browser's tab showed before. */
  isFresh: boolean;
  listener: { readonly stream: EventStream; readonly feed: PanelFeed } | null;
}

/** Owns the open pages, each with a {@link PanelFeed}. Reads the run folders once a second while at least one page is connected. */
export class Pages {
  private readonly pages = new Map<string, Page>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly watched: WatchedRuns,
    private readonly pictureBase: FeedHost["pictureBase"],
    private readonly warn: (error: unknown) => void,
  ) {}

  /** Makes a page for a browser that opened the printed URL, or that reloads another page. @returns its id */
  create(isReload: boolean): string {
    const id = randomBytes(8).toString("hex");
    this.pages.set(id, { isSent: false, isFresh: !isReload, listener: null });
    return id;
  }

  /** Whether the page's HTML may be sent. True only at the first call, so that two tabs never share a page. */
  claim(id: string): boolean {
    const page = this.pages.get(id);
    if (page === undefined || page.isSent) return false;
    page.isSent = true;
    return true;
  }

  has(id: string): boolean {
    return this.pages.has(id);
  }

  /** Sends updates to a page until its connection is closed. @param strings translations of the page's texts */
  async connect(id: string, stream: EventStream, strings: FeedHost["strings"]): Promise<void> {
    const page = this.pages.get(id)!;
    page.listener?.stream.close();
    const feed = new PanelFeed(this.watched.runs, {
      webview: stream,
      pictureBase: this.pictureBase,
      strings,
      // Nothing to do: the page saves files by the browser's own download, and the other actions are not offered here.
      onAction: () => undefined,
      onShownRun: () => undefined,
      // Errors are ignored, because the next refresh, a second later, tries again.
      onError: () => undefined,
    });
    const listener = { stream, feed };
    page.listener = listener;
    this.scheduleRefresh();
    await stream.closed;
    feed.dispose();
    if (page.listener === listener) page.listener = null;
  }

  /** Handles a message from a page. @returns false if the value is no valid message, or the page is not connected */
  async handle(id: string, value: unknown): Promise<boolean> {
    const message = parseFromWebview(value);
    const page = this.pages.get(id);
    if (message === undefined || page?.listener == null) return false;
    const { feed } = page.listener;
    if (message.type !== "ready") {
      await feed.handle(message);
      return true;
    }
    // Read now, because the run folders are not read while no page is connected.
    await this.watched.runs.store.refresh();
    const { isFresh } = page;
    page.isFresh = false;
    const { first } = this.watched;
    await feed.handle({ ...message, run: isFresh ? first : (message.run ?? first) });
    return true;
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    for (const { listener } of this.pages.values()) listener?.stream.close();
  }

  private scheduleRefresh(): void {
    // The timer is unreferenced, so that it does not keep the process alive after the server is closed.
    this.timer ??= setTimeout(() => void this.refresh(), refreshInterval).unref();
  }

  private async refresh(): Promise<void> {
    const feeds = [...this.pages.values()].flatMap(({ listener }) => (listener === null ? [] : [listener.feed]));
    try {
      if (feeds.length > 0) await this.watched.runs.store.refresh();
      await Promise.all(feeds.map((feed) => feed.refreshShown()));
    } catch (error) {
      this.warn(error);
    }
    this.timer = null;
    if (feeds.length > 0) this.scheduleRefresh();
  }
}
