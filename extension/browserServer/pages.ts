import { randomBytes } from "node:crypto";
import { parseFromWebview } from "../protocol/panel";
import { PanelFeed } from "../host/panelFeed";
import type { EventStream } from "./eventStream";
import type { WatchedRuns } from "./watchedRuns";

/** Milliseconds between two looks at the disk. */
const interval = 1000;

/** One load of the page in a browser. */
interface Page {
  /** The page was sent: a browser that asks once more reloads, and gets a page of its own. */
  isSent: boolean;
  /** Shows the run that the server was given, whatever this browser's tab showed before. */
  isFresh: boolean;
  listener: { readonly stream: EventStream; readonly feed: PanelFeed } | null;
}

/** The pages that are open in browsers, each with a feed of its own. Looks at the disk while somebody watches. */
export class Pages {
  private readonly pages = new Map<string, Page>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly watched: WatchedRuns,
    private readonly sampleBase: (run: string) => string,
    private readonly warn: (error: unknown) => void,
  ) {}

  /** A page for a browser that came by the printed address, or that reloads another one. */
  issue(isReload: boolean): string {
    const id = randomBytes(8).toString("hex");
    this.pages.set(id, { isSent: false, isFresh: !isReload, listener: null });
    return id;
  }

  /** Whether the page may be sent; once, so that no two tabs have the same. */
  send(id: string): boolean {
    const page = this.pages.get(id);
    if (page === undefined || page.isSent) return false;
    page.isSent = true;
    return true;
  }

  has(id: string): boolean {
    return this.pages.has(id);
  }

  /** Feeds a page until it is gone. */
  async listen(id: string, stream: EventStream): Promise<void> {
    const page = this.pages.get(id)!;
    page.listener?.stream.close();
    const feed = new PanelFeed(this.watched.runs, {
      post: (message) => stream.send(message),
      sampleBase: this.sampleBase,
      strings: {},
      // Nothing can be done from here; pictures and tables are saved by the browser.
      perform: () => undefined,
      showing: () => undefined,
      // A run folder that cannot be read now may be readable in a second, when it is looked at again.
      failed: () => undefined,
    });
    const listener = { stream, feed };
    page.listener = listener;
    this.watch();
    await stream.closed;
    feed.dispose();
    if (page.listener === listener) page.listener = null;
  }

  /** Takes what a page says. @returns whether it is a message, and its page listens */
  async hear(id: string, value: unknown): Promise<boolean> {
    const message = parseFromWebview(value);
    const page = this.pages.get(id);
    if (message === undefined || page?.listener == null) return false;
    const { feed } = page.listener;
    if (message.type !== "ready") {
      await feed.hear(message);
      return true;
    }
    // Nobody looked at the disk while nobody watched.
    await this.watched.runs.store.refresh();
    const { isFresh } = page;
    page.isFresh = false;
    const { first } = this.watched;
    await feed.hear({ ...message, run: isFresh ? first : (message.run ?? first) });
    return true;
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    for (const { listener } of this.pages.values()) listener?.stream.close();
  }

  private watch(): void {
    // The server keeps the process; this must not, once it is closed.
    this.timer ??= setTimeout(() => void this.look(), interval).unref();
  }

  private async look(): Promise<void> {
    const feeds = [...this.pages.values()].flatMap(({ listener }) => (listener === null ? [] : [listener.feed]));
    try {
      if (feeds.length > 0) await this.watched.runs.store.refresh();
      await Promise.all(feeds.map((feed) => feed.refresh()));
    } catch (error) {
      this.warn(error);
    }
    this.timer = null;
    if (feeds.length > 0) this.watch();
  }
}
