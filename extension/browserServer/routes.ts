import { randomBytes, timingSafeEqual } from "node:crypto";
import { samplePattern, parseStepName } from "../protocol/runFileNames";
import { sheetPattern } from "../runFolder/evaluation";

/** The resource that a URL with the right secret requests. */
export type Route =
  /** The URL that the command prints, which redirects to a new page. */
  | { readonly type: "entry" }
  | { readonly type: "page" | "events" | "message"; readonly page: string }
  /** A file of the webview bundle: script, styles or font. */
  | { readonly type: "asset"; readonly name: string }
  | { readonly type: "sample"; readonly run: string; readonly step: number; readonly picture: string }
  /** The contact sheet with the worst cases of an evaluation. */
  | { readonly type: "evaluation"; readonly run: string; readonly picture: string };

/**
 * The URLs of one server. All of them begin with a secret of 128 random bits, so that neither other users of this machine nor foreign pages
 * can request anything. Each load of the page has a path of its own, so that its messages are distinguished from those of other tabs.
 */
export class Routes {
  private readonly secret = randomBytes(16);
  readonly entry = `/${this.secret.toString("hex")}/`;

  /**
   * The path of one load of the page. It is given without a host, because with a forwarded port the browser's host and port differ from the
   * server's.
   */
  page(page: string): string {
    return `${this.entry}${page}/`;
  }

  /** The path under which a run's pictures are served, with a slash at its end. @param run the run's `runKey` */
  pictures(run: string, folder: "samples" | "evaluation"): string {
    return `${this.entry}${folder}/${run}/`;
  }

  /**
   * Parses a request's target. URLs of this server contain no escapes, so nothing is decoded. @returns undefined for any URL that this
   * server does not have
   */
  parse(target: string): Route | undefined {
    // A query that is a number is allowed: it makes the browser load a picture again that has changed.
    const [, secret, path] = /^\/([0-9a-f]{32})\/([^?#]*)(?:\?\d+)?$/.exec(target) ?? [];
    if (secret === undefined || path === undefined || !timingSafeEqual(Buffer.from(secret, "hex"), this.secret))
      return undefined;
    return parsePath(path);
  }
}

function parsePath(path: string): Route | undefined {
  if (path === "") return { type: "entry" };
  const [, page, rest] = /^([0-9a-f]{16})\/(|events|message)$/.exec(path) ?? [];
  if (page !== undefined) return { type: rest === "events" || rest === "message" ? rest : "page", page };
  const [, run, folder, picture] = /^samples\/([0-9a-f]{32})\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const step = parseStepName(folder ?? "");
  if (run !== undefined && step !== null && picture !== undefined && samplePattern.test(picture))
    return { type: "sample", run, step, picture };
  const [, evaluated, sheet] = /^evaluation\/([0-9a-f]{32})\/([^/]+)$/.exec(path) ?? [];
  if (evaluated !== undefined && sheet !== undefined && sheetPattern.test(sheet))
    return { type: "evaluation", run: evaluated, picture: sheet };
  return /^[\w-]+\.(js|css|ttf)$/.test(path) ? { type: "asset", name: path } : undefined;
}
