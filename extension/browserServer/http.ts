import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";

/**
 * Whether the Host header names this machine. This rejects DNS rebinding, where the host name of a foreign page resolves to 127.0.0.1: its
 * requests still have the foreign name. Any port is accepted, because a forwarded port (`ssh -L`) can have another number in the browser.
 */
export function isLocalHost({ host = "" }: IncomingHttpHeaders): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/.test(host);
}

/** Whether a POST request comes from a page of this server. Browsers send the Origin header with every POST. */
export function isSameOrigin({ host, origin }: IncomingHttpHeaders): boolean {
  return host !== undefined && origin === `http://${host}`;
}

/** The most bytes of a message from a page. A request to compare `mostCompared` runs with the longest names stays below it. */
export const largestMessage = 1024 * 1024;

/** Parses a request's body as JSON. @returns undefined if the body is too long, incomplete or not JSON */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  if (Number(request.headers["content-length"] ?? 0) > largestMessage) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Leaving this loop early must not destroy the request, so that it can still be answered.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > largestMessage) return undefined;
      chunks.push(bytes);
    }
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Headers of every response. The content security policy in the page's `meta` element is stricter, but `frame-ancestors` works in a header
 * only. `no-store` keeps pictures out of the browser's cache.
 */
const headers = {
  "Content-Security-Policy":
    "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-store",
} as const;

/** Writes the status, the common {@link headers} and `more` headers. */
export function writeHead(
  response: ServerResponse,
  status: number,
  more: Readonly<Record<string, string | number>> = {},
): void {
  response.writeHead(status, { ...headers, ...more });
}

/** Sends a response with its whole body, and ends it. */
export function reply(
  response: ServerResponse,
  status: number,
  type = "text/plain; charset=utf-8",
  body: string | Buffer = "",
): void {
  writeHead(
    response,
    status,
    status === 204 ? {} : { "Content-Type": type, "Content-Length": Buffer.byteLength(body) },
  );
  response.end(body);
}
