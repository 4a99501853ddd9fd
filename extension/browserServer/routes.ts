import { randomBytes, timingSafeEqual } from "node:crypto";
import { samplePattern, parseStepName } from "../protocol/runFileNames";
import { sheetPattern } from "../runFolder/evaluation";

/** What a URL below the secret requests. */
export type Route =
  /** The printed URL: redirects to a new page. */
  | { readonly type: "entry" }
  | { readonly type: "page" | "events" | "message"; readonly page: string }
  /** A file of the built page: script, styles, font. */
  | { readonly type: "asset"; readonly name: string }
  | { readonly type: "sample"; readonly run: string; readonly step: number; readonly picture: string }
  /** The worst cases of an evaluation. */
  | { readonly type: "evaluation"; readonly run: string; readonly picture: string };

/**
 * The URLs of one server. All of them begin with a secret of 128 random bits, so that neither other users of this machine nor foreign
 * pages can request anything. Each load of the page has a path of its own, which tells its messages from those of other tabs.
 */
export class Routes {
  private readonly secret = randomBytes(16);
  readonly entry = `/${this.secret.toString("hex")}/`;

  /** The path of one load of the page. Paths have no host: with a forwarded port the browser's host differs from the server's. */
  page(page: string): string {
    return `${this.entry}${page}/`;
  }

  /** A folder of a run's pictures, with a slash at its end. */
  pictures(run: string, folder: "samples" | "evaluation"): string {
    return `${this.entry}${folder}/${run}/`;
  }

  /** @returns undefined for any URL that this server does not have. No URL of ours needs decoding. */
  parse(target: string): Route | undefined {
    // A number after a question mark tells the browser that a picture has changed.
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
