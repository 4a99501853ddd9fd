import { randomBytes, timingSafeEqual } from "node:crypto";
import { samplePattern, parseStepName } from "../protocol/runFileNames";

/** What an address below the secret asks for. */
export type Route =
  /** The printed address: leads to a page of its own. */
  | { readonly type: "door" }
  | { readonly type: "page" | "events" | "message"; readonly page: string }
  /** A file of the bundle. */
  | { readonly type: "asset"; readonly name: string }
  | { readonly type: "sample"; readonly run: string; readonly step: number; readonly picture: string };

/**
 * The addresses of one server. All lie below a path with 128 random bits, so that neither another user of this machine nor a page
 * of the web can ask for anything; and each page load has an address of its own, by which its messages are told from another tab's.
 */
export class Addresses {
  private readonly secret = randomBytes(16);
  readonly door = `/${this.secret.toString("hex")}/`;

  /** Of one load of the page. Like all of them without a host, which may be another one at the user's end. */
  page(page: string): string {
    return `${this.door}${page}/`;
  }

  /** The folder of a run's pictures, with a slash at its end. */
  samples(run: string): string {
    return `${this.door}samples/${run}/`;
  }

  /** What a request's target asks for; undefined for whatever this server does not have. Nothing in it is decoded: no name here needs it. */
  route(target: string): Route | undefined {
    const [, secret, path] = /^\/([0-9a-f]{32})\/([^?#]*)$/.exec(target) ?? [];
    if (secret === undefined || path === undefined || !timingSafeEqual(Buffer.from(secret, "hex"), this.secret))
      return undefined;
    return below(path);
  }
}

function below(path: string): Route | undefined {
  if (path === "") return { type: "door" };
  const [, page, rest] = /^([0-9a-f]{16})\/(|events|message)$/.exec(path) ?? [];
  if (page !== undefined) return { type: rest === "events" || rest === "message" ? rest : "page", page };
  const [, run, folder, picture] = /^samples\/([0-9a-f]{32})\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const step = parseStepName(folder ?? "");
  if (run !== undefined && step !== null && picture !== undefined && samplePattern.test(picture))
    return { type: "sample", run, step, picture };
  return /^[\w-]+\.(js|css|ttf)$/.test(path) ? { type: "asset", name: path } : undefined;
}
