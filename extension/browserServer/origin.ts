import type { IncomingHttpHeaders } from "node:http";

/**
 * Whether a request was meant for this machine: a page of the web whose name was made to point here (DNS rebinding) still says its
 * own name. Any port: one that was forwarded, as `ssh -L` does, has another number at the user's end.
 */
export function isForHere({ host = "" }: IncomingHttpHeaders): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/.test(host);
}

/** Whether a message comes from a page of this server; browsers say so with every message. */
export function isFromHere({ host, origin }: IncomingHttpHeaders): boolean {
  return host !== undefined && origin === `http://${host}`;
}
